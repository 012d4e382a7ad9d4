"""The buttons; xlwings-server looks for them under this name."""

from cmswp_xl.server.buttons import (
    clear_marks,
    next_issue,
    refresh_totals,
    unfunded_list,
    validate,
)

__all__ = ["clear_marks", "next_issue", "refresh_totals", "unfunded_list", "validate"]
