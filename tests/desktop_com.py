"""
xlwings' own desktop dispatch of worksheet functions, with pywin32 and Excel's cells stood in for.

To be imported in a process of its own, before xlwings, since it changes what xlwings is.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import importlib
import sys
import types
from unittest import mock

MISSING = -2147352572
"""What VBA hands over for an optional argument that was left out."""

ERRORS = {
    "#NULL!": -2146826288,
    "#DIV/0!": -2146826281,
    "#VALUE!": -2146826273,
    "#REF!": -2146826265,
    "#NAME?": -2146826259,
    "#NUM!": -2146826252,
    "#N/A": -2146826246,
}

_MODULES = (
    "comtypes",
    "comtypes.client",
    "pythoncom",
    "pywintypes",
    "win32api",
    "win32com",
    "win32com.client",
    "win32com.client.CLSIDToClass",
    "win32com.client.dynamic",
    "win32com.server",
    "win32com.server.dispatcher",
    "win32com.server.policy",
    "win32com.server.util",
    "win32con",
    "win32gui",
    "win32process",
    "win32timezone",
    "winerror",
)


class ComTime(dt.datetime):
    """A date as pywin32 gives it: with a time zone."""


class ComRange:
    """The range that a formula refers to: its `Value` is a scalar or a tuple of tuples."""

    def __init__(self, value, rows, columns):
        self.Value = value
        self.Rows = types.SimpleNamespace(Count=rows)
        self.Columns = types.SimpleNamespace(Count=columns)

    def __getattr__(self, name):
        return mock.MagicMock(name=name)


def com_time(day: dt.date) -> ComTime:
    moment = day if isinstance(day, dt.datetime) else dt.datetime.combine(day, dt.time())
    return ComTime(*moment.timetuple()[:6], tzinfo=dt.UTC)


def com_range(rows) -> ComRange:
    """Give rows as a range: Excel gives a scalar for one cell and tuples for more."""
    single = len(rows) == 1 and len(rows[0]) == 1
    value = rows[0][0] if single else tuple(map(tuple, rows))
    return ComRange(value, len(rows), len(rows[0]))


def stand_in_for_pywin32():
    """Make xlwings take this process for one on Windows, and give its module of functions."""
    for name in _MODULES:
        sys.modules[name] = mock.MagicMock(name=name)
    sys.modules["pywintypes"].com_error = type("com_error", (Exception,), {})
    sys.modules["pywintypes"].TimeType = ComTime
    sys.modules["pythoncom"].__file__ = "pythoncom.dll"
    ctypes.oledll = ctypes.windll = ctypes.PyDLL = mock.MagicMock()
    ctypes.WinError = OSError
    import xlwings
    from xlwings import _xlwindows, udfs

    xlwings._xlwindows = _xlwindows
    xlwings.engines.add(xlwings.Engine(impl=_xlwindows.engine))
    xlwings.engines.active = xlwings.engines["excel"]
    xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
    sys.modules["xlwings.com_server"] = types.SimpleNamespace(loop=None)
    _xlwindows.is_range_instance = lambda value: isinstance(value, ComRange)
    return udfs


def desktop(module: str):
    """Give a function that calls a worksheet function of a module as Excel on Windows does."""
    udfs = stand_in_for_pywin32()
    importlib.import_module(module)

    def call(name, arguments):
        return udfs.call_udf(module, name, tuple(arguments))

    return call
