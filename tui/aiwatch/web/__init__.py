"""The screen in a web browser: a server on the loopback that runs a program for each tab, behind a guard.

The page is drawn by the browser half of textual-serve; its server half is not used, for it lets any page in.
"""
