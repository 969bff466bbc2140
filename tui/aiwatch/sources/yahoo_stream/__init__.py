"""Yahoo's stream of prices: the connection, its frames and their protobuf.

`client` is the door. It knows none of the other sources.
"""
