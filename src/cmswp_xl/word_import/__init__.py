"""An existing annex in Word on its way into a workbook; nothing in it is guessed silently."""
