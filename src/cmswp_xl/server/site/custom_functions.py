"""The worksheet functions, as on the desktop; xlwings-server looks for them under this name."""

from __future__ import annotations

from cmswp_xl.excel.functions import *  # noqa: F403  all that the module marks for Excel
