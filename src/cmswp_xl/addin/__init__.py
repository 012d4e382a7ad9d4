"""
The Excel add-in on this computer: install it, remove it, tell what is there.

Files and settings only. Excel is not started and xlwings is not imported.
"""
