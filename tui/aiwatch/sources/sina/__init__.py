"""Sina's quotes: `source` asks for them, `lines` reads them."""
