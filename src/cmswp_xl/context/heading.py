"""What stands above the tables of an annex: its title, its marks, and what holds for all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.context.numbers import currency_words, long_date
from cmswp_xl.wording import label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cmswp_xl.context.numbers import Numbers
    from cmswp_xl.context.texts import Texts
    from cmswp_xl.languages import Words
    from cmswp_xl.model import Settings
    from cmswp_xl.totals import Figures, Reckoning


def annex_title(settings: Settings, say: Words, *, extract: bool) -> str:
    """Give the title with its marks: draft until adopted, extract where areas are left out."""
    title = marked_title(say("Annex I – Costed programme of work"), settings, say)
    return say("{title} (extract)", title=title) if extract else title


def marked_title(title: str, settings: Settings, say: Words) -> str:
    """Mark a title as draft until the programme is adopted."""
    return title if settings.status == "adopted" else say("{title} (draft)", title=title)


def running_head(settings: Settings, texts: Texts, annex: str) -> str:
    """Give the symbol that heads every page, with revision and the number of the annex."""
    parts = [texts.optional(settings.symbol, "programme", None, "symbol")]
    if settings.revision and parts[0]:
        given = settings.revision.casefold().startswith("rev")
        parts.append(settings.revision if given else f"Rev.{settings.revision}")
    return "/".join(part for part in (*parts, annex) if part)


def column_labels(settings: Settings, say: Words) -> dict[str, str]:
    """Give the fixed words of the tables by name."""
    adopted = settings.status == "adopted"
    return {
        "number": say("No."),
        "activity": say("Activity"),
        "cost": say("Cost of the activity"),
        "available": say("Funding available"),
        "core": say("Core budget") if adopted else say("Core budget (proposed)"),
        "voluntary": say("Voluntary contributions"),
        "other": say("Other sources"),
        "sought": say("Funding to be sought"),
        "staff": say("Human resources used in the programme areas"),
        "source": say("Funding"),
        "post": say("Post (grade)"),
        "time": say("Time allotted (%)"),
        "notes": say("Notes"),
        "unfunded": say("Unfunded"),
        "areas": say("Programme areas"),
        "area": say("Programme area"),
        "closing": say("Total of the programme areas"),
        "years": say("Years"),
        "year": say("Year"),
        "page": say("Page"),
    }


def general_statements(
    reckoning: Reckoning,
    figures: Figures,
    numbers: Numbers,
    texts: Texts,
    say: Words,
    *,
    staff: bool,
    marked: bool,
) -> Iterator[str]:
    """Say what holds for every table: unit, date, scenario, net or gross, posts, marks."""
    yield from circumstances(reckoning, numbers, texts, say)
    yield from _support_cost(reckoning, figures, numbers, say)
    if staff:
        yield say("Costs exclude the posts listed below.")
    if marked:
        yield say("Activities without any funding are marked ▲ Unfunded.")


def circumstances(
    reckoning: Reckoning, numbers: Numbers, texts: Texts, say: Words, *, money: bool = True
) -> Iterator[str]:
    """Say whether figures are illustrative, the unit, the date, the status and the scenario."""
    settings = reckoning.programme.settings
    language = numbers.language
    if settings.illustrative:
        yield say("All figures, donors and dates are illustrative. They commit nobody.")
    if money:
        yield _unit(currency_words(settings.currency, language), settings.rounding, say)
    if settings.as_at is not None:
        yield say("As at {date}.", date=long_date(settings.as_at, language))
    if settings.status != "draft":
        yield say("Status: {status}.", status=label("document-status", settings.status, say))
    if reckoning.scenario and money:
        titles = {row.code: row.title for row in reckoning.programme.scenarios}
        title = texts.required(titles[reckoning.scenario], "scenarios", reckoning.scenario)
        yield say("Budget scenario: {scenario}.", scenario=title)


def net_or_gross(figures: Figures, say: Words) -> Iterator[str]:
    """Say whether costs are net or gross, where no line adds programme support costs to them."""
    if not figures.cost:
        return
    if figures.excluded == figures.cost:
        yield say("Costs are net: programme support costs are not included.")
    elif figures.excluded:
        yield say(
            "Part of the costs is net: programme support costs on that part are not included."
        )
    else:
        yield say("Costs are gross: programme support costs are included.")


def _unit(currency: str, rounding: str | None, say: Words) -> str:
    if rounding == "thousand":
        return say(
            "Amounts in {currency}, in thousands. Rounded figures are fitted so that each column"
            " adds up.",
            currency=currency,
        )
    if rounding == "unit":
        return say(
            "Amounts in {currency}. Rounded figures are fitted so that each column adds up.",
            currency=currency,
        )
    return say("Amounts in {currency}.", currency=currency)


def _support_cost(
    reckoning: Reckoning, figures: Figures, numbers: Numbers, say: Words
) -> Iterator[str]:
    """Say whether costs are net of programme support costs, or include them."""
    rate = reckoning.programme.settings.support_cost_rate
    if not figures.cost:
        return
    if figures.excluded == figures.cost and rate is not None:
        yield say(
            "Costs are net: programme support costs of {rate} per cent are added below the total.",
            rate=numbers.percent(rate),
        )
    elif figures.excluded and rate is not None:
        yield say(
            "Part of the costs is net: programme support costs of {rate} per cent on that part"
            " are added below the total.",
            rate=numbers.percent(rate),
        )
    elif figures.excluded:
        yield say("Costs are net: programme support costs are not included.")
    else:
        yield say("Costs are gross: programme support costs are included.")
