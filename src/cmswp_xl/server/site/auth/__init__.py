"""The ways to sign in that the site adds to those of xlwings-server."""
