"""Wordings of issues with what a cell holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_
from cmswp_xl.wording.template import Template

if TYPE_CHECKING:
    from collections.abc import Mapping

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
