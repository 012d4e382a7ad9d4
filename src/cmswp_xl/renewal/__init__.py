"""A workbook's life: the next period starts from it, and a newer layout takes it over."""

from cmswp_xl.renewal.next import NextWorkbook, next_workbook
from cmswp_xl.renewal.period import Period, read_period
from cmswp_xl.renewal.told import next_told, upgrade_told
from cmswp_xl.renewal.upgrade import Upgrade, upgraded

__all__ = [
    "NextWorkbook",
    "Period",
    "Upgrade",
    "next_told",
    "next_workbook",
    "read_period",
    "upgrade_told",
    "upgraded",
]
