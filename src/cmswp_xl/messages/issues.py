"""The words of issues: templates by kind, and how one is filled in."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cmswp_xl.languages import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.languages import Words


@dataclass(frozen=True, slots=True)
class Worded:
    """An issue in words: the message names the rule and the value, the remedy what to do."""

    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Template:
    """
    The English source texts of one kind of issue, with named places.

    `several` speaks of `{count}` cells at once; it only has places that are the same for all of
    them. An empty remedy means that nothing needs doing.
    """

    message: str
    several: str
    remedy: str


_BOUNDS = N_("Type a value within these bounds.")

_YEAR = N_(
    "Correct the year, or leave the cell blank for the whole period. The period itself is set in"
    " the sheet “{programme}”."
)

CONTENTS: Mapping[str, Template] = {
    "formula-without-value": Template(
        N_("The formula in this cell has no stored value, so its result is not known."),
        N_("{count} formulas have no stored value, so their results are not known."),
        N_("Open the workbook in Excel, let it calculate, and save it."),
    ),
    "error-value": Template(
        N_("The formula in this cell fails and shows {value}."),
        N_("{count} formulas fail and show an error."),
        N_("Correct the formula, or type the value in its place."),
    ),
    "unreadable-text": Template(
        N_("The text holds characters that cannot be printed: “{value}”."),
        N_("{count} texts hold characters that cannot be printed."),
        N_("Delete the cell’s content and type the text again, or paste it as plain text."),
    ),
    "invisible-character": Template(
        N_(
            "“{value}” has a character that cannot be seen or is not the letter it looks like:"
            " {hidden}."
        ),
        N_("{count} codes have characters that cannot be seen or are not what they look like."),
        N_(
            "Clear the cell and type the code again, or choose it from the list in the cell;"
            " Excel takes it for another code as it is."
        ),
    ),
    "struck-text": Template(
        N_("“{value}” is struck through, wholly or in part, but counts and is printed in full."),
        N_("{count} cells are struck through, wholly or in part, but count and are printed."),
        N_("Delete what is struck through, or take the line away (Format Cells, Font)."),
    ),
    "missing-value": Template(
        N_("A value is required here, and the cell is empty."),
        N_("{count} cells are empty where a value is required."),
        N_("Fill in the value."),
    ),
    "missing-value:choice": Template(
        N_("A value is required here, and the cell is empty."),
        N_("{count} cells are empty where a value is required."),
        N_("Choose from the list in the cell: {choices}."),
    ),
    "missing-value:reference": Template(
        N_("A value is required here, and the cell is empty."),
        N_("{count} cells are empty where a value is required."),
        N_("Choose from the list in the cell; it comes from the sheet “{target}”."),
    ),
    "missing-value:lost": Template(
        N_("A value is required here, and the cell is empty."),
        N_("{count} cells are empty where a value is required."),
        N_("Enter the code; no row has “{lost}”, to which other rows refer."),
    ),
    "missing-value:text": Template(
        N_("The text in {language} is missing; texts are required in the original language."),
        N_("{count} texts without {language}, though required in the original language"),
        N_("Enter the text in {language}."),
    ),
    "missing-translation": Template(
        N_("The text in {language} is missing."),
        N_("{count} texts without {language}"),
        N_("Enter it in {language}; documents in that language cannot be made without it."),
    ),
    "not-in-list": Template(
        N_("“{value}” is not one of the words allowed here: {choices}."),
        N_("{count} cells hold a word that is not allowed here; allowed are: {choices}."),
        N_("Choose from the list in the cell."),
    ),
    "not-in-list:near": Template(
        N_("“{value}” is not one of the words allowed here: {choices}."),
        N_("{count} cells hold a word that is not allowed here; allowed are: {choices}."),
        N_("Choose “{nearest}” from the list in the cell, if that is what is meant."),
    ),
    "out-of-range": Template(
        N_("{value} is not between {least} and {most}."),
        N_("{count} values are not between {least} and {most}."),
        _BOUNDS,
    ),
    "out-of-range:least": Template(
        N_("{value} is less than {least}."),
        N_("{count} values are less than {least}."),
        _BOUNDS,
    ),
    "out-of-range:most": Template(
        N_("{value} is more than {most}."),
        N_("{count} values are more than {most}."),
        _BOUNDS,
    ),
    "out-of-range:negative": Template(
        N_("{value} is negative; only 0 or more is allowed."),
        N_("{count} values are negative; only 0 or more is allowed."),
        N_("Type it without the minus sign; to take money off, lower the amount it belongs to."),
    ),
    "out-of-range:percent": Template(
        N_("{value} is not a percentage between {least} and {most}."),
        N_("{count} values are not percentages between {least} and {most}."),
        N_("Type the percentage, such as 40 for 40 per cent."),
    ),
    "out-of-range:share": Template(
        N_("{value} is not a share of full time between {least} and {most}."),
        N_("{count} values are not shares of full time between {least} and {most}."),
        N_("Type 1 for a full-time post, 0.5 for half time."),
    ),
    "out-of-range:order": Template(
        N_("{value} comes before {least}, which stands under “{other}”."),
        N_("{count} values come before what stands under “{other}”."),
        N_("Correct one of the two; an end cannot come before its beginning."),
    ),
    "wrong-pattern": Template(
        N_("“{value}” does not have the form that is required here."),
        N_("{count} values do not have the form that is required here."),
        N_("Select the cell to read its input message, and correct the value."),
    ),
    "wrong-pattern:code": Template(
        N_(
            "“{value}” cannot be a code: a code begins with an unaccented letter or a digit, and"
            " goes on with these, points, hyphens, underscores and spaces."
        ),
        N_("{count} codes hold other signs than unaccented letters, digits, . - _ and spaces."),
        N_("Correct the code, here and wherever it is used."),
    ),
    "wrong-pattern:currency": Template(
        N_("“{value}” is not a currency code of three capital letters."),
        N_("{count} values are not currency codes of three capital letters."),
        N_("Type the ISO code of the currency, such as EUR, USD or CHF."),
    ),
    "wrong-pattern:address": Template(
        N_("“{value}” is not a web address."),
        N_("{count} values are not web addresses."),
        N_("Type an address that begins with http:// or https:// and holds no spaces."),
    ),
    "too-many-decimals": Template(
        N_("{value} has more than {limit} decimals."),
        N_("{count} numbers have more than {limit} decimals."),
        N_(
            "Type the number with {limit} decimals at most; showing fewer by the cell’s format"
            " does not change it."
        ),
    ),
    "year-outside-period": Template(
        N_("{value} is outside the period {start}–{end}."),
        N_("{count} years are outside the period {start}–{end}."),
        _YEAR,
    ),
    "year-outside-period:before": Template(
        N_("{value} is before {start}, the first year of the period."),
        N_("{count} years are before {start}, the first year of the period."),
        _YEAR,
    ),
    "year-outside-period:after": Template(
        N_("{value} is after {end}, the last year of the period."),
        N_("{count} years are after {end}, the last year of the period."),
        _YEAR,
    ),
    "over-allocated": Template(
        N_("The percentages of the post {post} add up to {total}, more than 100: {cells}."),
        N_("{count} posts have percentages that add up to more than 100."),
        N_("Lower the percentages so that together they are 100 at most."),
    ),
}


_OWN = N_("Nothing to do if it is your own; otherwise correct its name.")

STRUCTURE: Mapping[str, Template] = {
    "missing-table": Template(
        N_("The table {table} is missing; it belongs on the sheet “{title}”."),
        N_("{count} tables are missing."),
        N_(
            "Copy the sheet from a fresh workbook (cmswp new), or give the table its name {table}"
            " again under Table Design."
        ),
    ),
    "duplicate-table": Template(
        N_("A second table is named “{value}”; only the first is read."),
        N_("{count} tables bear the name of another; only the first of each is read."),
        N_("Delete the second table or, if it is your own, rename it under Table Design."),
    ),
    "ambiguous-table": Template(
        N_(
            "The table “{value}” on the sheet “{sheet}” has the headings of the table {table} on"
            " the sheet “{other_sheet}”; only {table} is read."
        ),
        N_("{count} tables have the headings of another; they are not read."),
        N_(
            "Move rows that are needed into the table {table}, and delete the copy; or change the"
            " headings of the copy."
        ),
    ),
    "ambiguous-table:absent": Template(
        N_(
            "The table “{value}” on the sheet “{sheet}” has the headings of the table {table},"
            " which is missing; neither is read."
        ),
        N_("{count} tables have the headings of a table that is missing; they are not read."),
        N_("If it is that table, name it {table} again under Table Design."),
    ),
    "missing-column": Template(
        N_("The column “{title}” is missing in the table {table}."),
        N_("{count} columns are missing."),
        N_("Add a column with this heading; a fresh workbook (cmswp new) shows where it belongs."),
    ),
    "missing-column:setting": Template(
        N_("The setting “{title}” is missing in the table {table}."),
        N_("{count} settings are missing."),
        N_("Add a row with the name of this setting, and its value beside it."),
    ),
    "duplicate-column": Template(
        N_("“{value}” is there a second time; only the first is read."),
        N_("{count} names are there a second time; only the first of each is read."),
        N_("Delete or rename the one that is not needed."),
    ),
    "rows-below-table": Template(
        N_("Cells below the table {table} are filled but are not part of it: {cells}."),
        N_("{count} tables have filled cells below them that are not part of them."),
        N_(
            "Drag the lower right corner of the table down over these rows, or clear the cells;"
            " otherwise they would be left out."
        ),
    ),
    "unknown-column": Template(
        N_("“{value}” is not a name that this table knows; it is kept and not used."),
        N_("{count} names are not known to this table; they are kept and not used."),
        _OWN,
    ),
    "unknown-column:blank": Template(
        N_("A column has no heading; it is kept and not used."),
        N_("{count} columns have no heading; they are kept and not used."),
        N_("Nothing to do if it is your own; otherwise give it its heading."),
    ),
    "unknown-table": Template(
        N_("“{value}” is not a table of the programme of work; it is kept and not used."),
        N_("{count} tables are not of the programme of work; they are kept and not used."),
        _OWN,
    ),
    "unknown-sheet": Template(
        N_("“{value}” is not a sheet of the programme of work; it is kept and not used."),
        N_("{count} sheets are not of the programme of work; they are kept and not used."),
        _OWN,
    ),
    "duplicate-key": Template(
        N_("“{value}” stands in more than one row: {rows}."),
        N_("{count} rows do not have a code of their own."),
        N_("Give each row a code of its own, and correct the rows that refer to it."),
    ),
    "duplicate-key:choice": Template(
        N_("“{value}” stands in more than one row: {rows}."),
        N_("{count} rows do not have a code of their own."),
        N_("Choose from the list in the cell."),
    ),
    "duplicate-key:pair": Template(
        N_("The same combination with “{value}” stands in more than one row: {rows}."),
        N_("{count} rows repeat the combination of another."),
        N_("Join these rows into one."),
    ),
    "duplicate-key:lost": Template(
        N_("“{value}” stands in more than one row: {rows}."),
        N_("{count} rows do not have a code of their own."),
        N_(
            "Give each row a code of its own; none of them has “{lost}”, to which other rows"
            " refer."
        ),
    ),
    "changed-code": Template(
        N_("Rows that refer to “{lost}”, which is not here: {references}; to “{value}”: 0."),
        N_("{count} codes are referred to nowhere, while codes that are referred to are missing."),
        N_("Enter “{lost}” here again, or correct the code in the rows that refer to it."),
    ),
    "duplicate-number": Template(
        N_("The number “{value}” stands more than once in the area {area}: rows {rows}."),
        N_("{count} activities share their number with another of the same area."),
        N_("Give each activity of an area a number of its own."),
    ),
    "nested-area": Template(
        N_("The area {area} cannot be placed under “{value}”, which is itself a sub-area."),
        N_("{count} areas are placed under a sub-area."),
        N_("Enter an area that has no parent of its own, or leave the cell empty."),
    ),
    "nested-area:itself": Template(
        N_("The area {area} is placed under itself."),
        N_("{count} areas are placed under themselves."),
        N_("Enter the area that it is part of, or leave the cell empty."),
    ),
    "unknown-reference": Template(
        N_("“{value}” is not in the sheet “{target}”."),
        N_("{count} cells contain a code that is not in the sheet “{target}”."),
        N_("Choose from the list in the cell, or enter the code in the sheet “{target}” first."),
    ),
    "unknown-reference:near": Template(
        N_("“{value}” is not in the sheet “{target}”."),
        N_("{count} cells contain a code that is not in the sheet “{target}”."),
        N_(
            "Choose “{nearest}” from the list in the cell, if that is what is meant, or enter the"
            " code in the sheet “{target}” first."
        ),
    ),
    "unknown-reference:list": Template(
        N_("Not in the sheet “{target}”: “{value}”."),
        N_("{count} cells contain codes that are not in the sheet “{target}”."),
        N_(
            "Correct the code, or enter it in the sheet “{target}” first; a semicolon separates"
            " several codes."
        ),
    ),
    "unknown-reference:list:near": Template(
        N_("Not in the sheet “{target}”: “{value}”."),
        N_("{count} cells contain codes that are not in the sheet “{target}”."),
        N_(
            "Enter “{nearest}”, if that is what is meant, or enter the code in the sheet"
            " “{target}” first; a semicolon separates several codes."
        ),
    ),
}


_NUMBER = N_("Set the cell’s format to Number and type the number again.")
_WHOLE = N_("Set the cell’s format to General and type a whole number.")
_MISTYPED_YEAR = N_(
    "Set the cell’s format to General and type one year in four digits, such as 2026."
)
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
        _MISTYPED_YEAR,
    ),
    "wrong-type:year:text": Template(
        N_("“{value}” is text where a year belongs."),
        N_("{count} cells hold text where a year belongs."),
        _MISTYPED_YEAR,
    ),
    "wrong-type:year:date": Template(
        N_("{value} is a date where a year belongs."),
        N_("{count} cells hold a date where a year belongs."),
        _MISTYPED_YEAR,
    ),
    "wrong-type:year:yes-no": Template(
        N_("{value} is a logical value where a year belongs."),
        N_("{count} cells hold a logical value where a year belongs."),
        _MISTYPED_YEAR,
    ),
    "wrong-type:year:fraction": Template(*_FRACTION, _MISTYPED_YEAR),
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


MOST = 3
"""How many characters of a cell are named."""

NAMES: Mapping[str, str] = {
    "\t": N_("tab"),
    "\n": N_("line break"),
    "\r": N_("line break"),
    "\u00a0": N_("no-break space"),
    "\u00ad": N_("soft hyphen"),
    "\u2009": N_("thin space"),
    "\u200b": N_("zero-width space"),
    "\u200e": N_("direction mark"),
    "\u200f": N_("direction mark"),
    "\u202f": N_("narrow no-break space"),
    "\u2060": N_("word joiner"),
    "\ufeff": N_("byte order mark"),
}
"""What is called by a common word; others bear the English name that Unicode gives them."""


def hidden_words(hidden: Any, say: Words) -> str:
    """Return the hidden characters of a code as a list, each with its name and position."""
    parts = [_worded(item.character, item.position, item.like, say) for item in hidden[:MOST]]
    words = "".join(parts[:1])
    for part in parts[1:]:
        words = say("{first}; {second}", first=words, second=part)
    return say("{first}; {second}", first=words, second="…") if len(hidden) > MOST else words


def _worded(character: str, position: int, like: str, say: Words) -> str:
    name = NAMES.get(character)
    places = {
        "name": say(name) if name else unicodedata.name(character, ""),
        "code": f"U+{ord(character):04X}",
        "position": position,
        "like": like,
    }
    if not like:
        return say("{name} ({code}) at position {position}", **places)
    return say("{name} ({code}) for “{like}” at position {position}", **places)
