"""What every source goes through: the environment's proxies and certificates, cookies, bounded unpacking."""
