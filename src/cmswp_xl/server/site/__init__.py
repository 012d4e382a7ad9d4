"""
The project folder of xlwings-server, which looks for these modules under their own short names.

It is a package for the tools that read the code; the server puts the folder itself on the path.
"""
