"""The open book of Excel: buttons, worksheet functions, and the way to the core."""
