"""Tencent's quotes and search: `source` asks for them, `lines` reads them."""
