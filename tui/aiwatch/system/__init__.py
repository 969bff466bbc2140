"""The operating system beside the terminal: programs that are started, a browser, notifications, the log.

It may import `errors` alone.
"""
