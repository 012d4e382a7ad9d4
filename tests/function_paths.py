"""
Calls worksheet functions by one of the paths that lead to them, in a process of its own.

Reads a JSON array of [name, argument, ...] and writes the array of results. An argument is a
list of rows, a single cell, or {"missing": true}; a cell is plain, or {"date": …}, {"error": …},
{"money": …}. Usage: function_paths.py plain|desktop|server
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import sys
from decimal import Decimal

MODULE = "cmswp_xl.excel.functions"


def plain():
    """Plain Python, where nothing of xlwings can be imported."""
    sys.modules["xlwings"] = None
    from cmswp_xl.excel import functions

    def cell(value):
        match value:
            case {"date": day}:
                return dt.date.fromisoformat(day)
            case {"money": amount}:
                return Decimal(amount)
            case {"error": error}:
                return error
        return value

    return lambda name, given: getattr(functions, name)(*_given(given, cell, lambda rows: rows))


def desktop():
    """Windows: COM ranges, numbers as floats, errors as integers, dates with a time zone."""
    import desktop_com

    call = desktop_com.desktop(MODULE)

    def cell(value):
        match value:
            case {"date": day}:
                return desktop_com.com_time(dt.date.fromisoformat(day))
            case {"money": amount}:
                return Decimal(amount)
            case {"error": error}:
                return desktop_com.ERRORS[error]
            case bool() | str() | None:
                return value
        return float(value)

    def run(name, given):
        result = call(name, _given(given, cell, desktop_com.com_range, desktop_com.MISSING))
        return result[0][0] if len(result) == len(result[0]) == 1 else result

    return run


def server():
    """The server: JSON of Office.js, blanks as "", dates as serial numbers, errors as objects."""
    os.environ |= {"XLWINGS_ON_SERVER": "true", "XLWINGS_LICENSE_KEY": "noncommercial"}
    import xlwings
    from xlwings import server as xlwings_server

    from cmswp_xl.excel import functions

    def cell(value):
        match value:
            case {"date": day}:
                return (dt.date.fromisoformat(day) - dt.date(1899, 12, 30)).days
            case {"money": amount}:
                return float(amount)
            case {"error": error}:
                return {"type": "Error", "errorType": "Any", "basicValue": error}
        return "" if value is None else value

    def run(name, given):
        arguments = _given([[[v]] if _scalar(v) else v for v in given], cell, lambda rows: rows)
        payload = {
            "func_name": name,
            "args": [[[None]] if v is None else v for v in arguments],
            "caller_address": "Book1.xlsx[Sheet1]!$A$1",
            "content_language": "en-US",
            "culture_info_name": "en-US",
            "date_format": "m/d/yyyy",
            "version": xlwings.__version__,
            "client": "Office.js",
            "runtime": "1.4",
        }
        payload = json.loads(json.dumps(payload))
        result = asyncio.run(xlwings_server.custom_functions_call(payload, functions))
        if result == [[{"type": "Error", "errorType": "NotAvailable"}]]:
            return "#N/A"  # Excel shows the error value, where the desktop shows the text
        return result[0][0] if len(result) == len(result[0]) == 1 else result

    return run


def _scalar(value):
    return not isinstance(value, list) and value != {"missing": True}


def _given(given, cell, table, missing=None):
    found = []
    for value in given:
        if value == {"missing": True}:
            found.append(missing)
        elif isinstance(value, list):
            found.append(table([[cell(item) for item in row] for row in value]))
        else:
            found.append(cell(value))
    return found


if __name__ == "__main__":
    run = {"plain": plain, "desktop": desktop, "server": server}[sys.argv[1]]()
    json.dump([run(name, given) for name, *given in json.load(sys.stdin)], sys.stdout)
