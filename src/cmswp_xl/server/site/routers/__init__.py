"""The addresses that the site adds to those of xlwings-server."""
