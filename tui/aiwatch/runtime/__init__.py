"""Puts the program together: reads the files, opens the archive and the hosts, runs the app, and closes it all.

The only room besides `commands` that may start the `simulator`. Nothing below imports it.
"""
