"""How hosts are asked for bars: in their order, each left alone when it fails, and not waited for alone when slow."""
