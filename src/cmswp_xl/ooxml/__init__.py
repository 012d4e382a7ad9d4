"""Office files as packages: opened by one door, read, patched and packed."""
