"""Wordings of values of the wrong type, by what the column takes and what the cell holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_
from cmswp_xl.wording.template import Template

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER = N_("Set the cell’s format to Number and type the number again.")
_WHOLE = N_("Set the cell’s format to General and type a whole number.")
_YEAR = N_("Set the cell’s format to General and type one year in four digits, such as 2026.")
_DATE = N_("Type the date again, such as 2026-03-31; Excel then puts it on the right of the cell.")
_TEXT = N_("Set the cell’s format to Text and type the content again.")
_CODE = N_("Set the cell’s format to Text, then type the code again as it is to be printed.")

_AS_TEXT = (
    N_("“{value}” is a number typed as text, which cannot be counted."),
    N_("{count} numbers are typed as text, which cannot be counted."),
)
_NOT_NUMBER = (
    N_("“{value}” is text where a number belongs."),
    N_("{count} cells hold text where a number belongs."),
)
_DATE_FOR_NUMBER = (
    N_("{value} is a date where a number belongs."),
    N_("{count} cells hold a date where a number belongs."),
)
_LOGICAL_FOR_NUMBER = (
    N_("{value} is a logical value where a number belongs."),
    N_("{count} cells hold a logical value where a number belongs."),
)
_FRACTION = (
    N_("{value} is not a whole number."),
    N_("{count} numbers are not whole."),
)
_NOT_DATE = (
    N_("“{value}” is text, not a date that Excel knows."),
    N_("{count} cells hold text, not a date that Excel knows."),
)

TYPES: Mapping[str, Template] = {
    "wrong-type:number:number-as-text": Template(
        *_AS_TEXT,
        N_(
            "Set the cell’s format to Number and type the number again, without spaces, letters"
            " or currency signs."
        ),
    ),
    "wrong-type:number:text": Template(
        *_NOT_NUMBER, N_("Type the number alone; words belong in a note.")
    ),
    "wrong-type:number:date": Template(*_DATE_FOR_NUMBER, _NUMBER),
    "wrong-type:number:yes-no": Template(*_LOGICAL_FOR_NUMBER, _NUMBER),
    "wrong-type:number:number": Template(
        N_("{value} is too large to be counted."),
        N_("{count} numbers are too large to be counted."),
        _NUMBER,
    ),
    "wrong-type:integer:number-as-text": Template(*_AS_TEXT, _WHOLE),
    "wrong-type:integer:text": Template(*_NOT_NUMBER, _WHOLE),
    "wrong-type:integer:date": Template(*_DATE_FOR_NUMBER, _WHOLE),
    "wrong-type:integer:yes-no": Template(*_LOGICAL_FOR_NUMBER, _WHOLE),
    "wrong-type:integer:fraction": Template(*_FRACTION, _WHOLE),
    "wrong-type:year:number-as-text": Template(
        N_("“{value}” is a year typed as text, which cannot be compared."),
        N_("{count} years are typed as text, which cannot be compared."),
        _YEAR,
    ),
    "wrong-type:year:text": Template(
        N_("“{value}” is text where a year belongs."),
        N_("{count} cells hold text where a year belongs."),
        _YEAR,
    ),
    "wrong-type:year:date": Template(
        N_("{value} is a date where a year belongs."),
        N_("{count} cells hold a date where a year belongs."),
        _YEAR,
    ),
    "wrong-type:year:yes-no": Template(
        N_("{value} is a logical value where a year belongs."),
        N_("{count} cells hold a logical value where a year belongs."),
        _YEAR,
    ),
    "wrong-type:year:fraction": Template(*_FRACTION, _YEAR),
    "wrong-type:date:number": Template(
        N_("{value} is a number, and the cell does not show it as a date."),
        N_("{count} cells hold a number, and do not show it as a date."),
        N_("Choose a date format for the cell and check which day it shows."),
    ),
    "wrong-type:date:number-as-text": Template(*_NOT_DATE, _DATE),
    "wrong-type:date:text": Template(*_NOT_DATE, _DATE),
    "wrong-type:date:date": Template(
        N_("{value} is a time of day where a date belongs."),
        N_("{count} cells hold a time of day where a date belongs."),
        _DATE,
    ),
    "wrong-type:date:date-and-time": Template(
        N_("{value} has a time of day beside the date."),
        N_("{count} cells hold a time of day beside the date."),
        N_("Type the date alone, such as 2026-03-31."),
    ),
    "wrong-type:date:yes-no": Template(
        N_("{value} is a logical value where a date belongs."),
        N_("{count} cells hold a logical value where a date belongs."),
        _DATE,
    ),
    "wrong-type:string:number": Template(
        N_("{value} is a number where text belongs."),
        N_("{count} cells hold a number where text belongs."),
        _TEXT,
    ),
    "wrong-type:string:date": Template(
        N_("{value} is a date where text belongs."),
        N_("{count} cells hold a date where text belongs."),
        _TEXT,
    ),
    "wrong-type:string:yes-no": Template(
        N_("{value} is a logical value where text belongs."),
        N_("{count} cells hold a logical value where text belongs."),
        _TEXT,
    ),
    "wrong-type:string:number-in-code": Template(
        N_("{value} is stored as a number where a code belongs."),
        N_("{count} codes are stored as numbers."),
        _CODE,
    ),
    "wrong-type:string:number-in-code:either": Template(
        N_("{value} is stored as a number where a code belongs; it may have been {meant}."),
        N_("{count} codes are stored as numbers, and Excel makes 1.1 of 1.10."),
        _CODE,
    ),
    "wrong-type:string:date-in-code": Template(
        N_("{value} is stored as a date where a code belongs; Excel made it of what was typed."),
        N_("{count} codes were made into dates by Excel."),
        _CODE,
    ),
    "wrong-type": Template(
        N_("“{value}” is not the kind of value that belongs here."),
        N_("{count} cells do not hold the kind of value that belongs here."),
        N_("Select the cell to read its input message, and correct the value."),
    ),
}
