"""Delivered against promised: what companies have reported since they pledged it, by quarter."""
