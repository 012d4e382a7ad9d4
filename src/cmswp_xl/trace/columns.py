"""What the rows of a table of amounts print, noted column by column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.context.lines import year_name
from cmswp_xl.money import ZERO, fitted, rounded, total
from cmswp_xl.trace.activities import activity_figure
from cmswp_xl.trace.figure import Rounding
from cmswp_xl.trace.groups import costed, count_figure, group_figure
from cmswp_xl.trace.ledger import span_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from decimal import Decimal

    from cmswp_xl.context.lines import AmountTree
    from cmswp_xl.context.numbers import Numbers
    from cmswp_xl.context.rows import Amounts
    from cmswp_xl.model import Activity
    from cmswp_xl.totals import Figures
    from cmswp_xl.trace.figure import Path
    from cmswp_xl.trace.ledger import Ledger


@dataclass(frozen=True, slots=True)
class AmountNotes:
    """Notes what tables of one tree of amounts print; `areas` says where each group stands."""

    ledger: Ledger
    tree: AmountTree
    numbers: Numbers
    areas: str = "area"

    def activity(self, activity: Activity, amounts: Amounts, area: Path) -> None:
        """Note the row of an activity; its printed parts are fitted to those of its area."""
        self._row(
            "activities",
            activity.id,
            amounts,
            lambda name, span: activity_figure(self.ledger, activity.id, name, span),
            area,
        )

    def group(
        self, key: str, keys: Sequence[str], at: Path, amounts: Amounts, level: str = "areas"
    ) -> None:
        """Note the row of an area, with its sub-areas or not, or of another group."""
        self._row(
            level,
            key,
            amounts,
            lambda name, span: group_figure(self.ledger, at, keys, name, span),
            ("total",),
        )

    def total(self, groups: Sequence[Path], amounts: Amounts, rule: str = "sum-areas") -> None:
        """Note the row of the total, which is the sum of the groups."""

        def enter(name: str, span: str | None) -> Path:
            last = (name,) if span is None else (name, span)
            return self.ledger.sum(("total", *last), [(*at, *last) for at in groups], rule)

        self._row("total", "", amounts, enter, None)

    def costed(self, at: Path, keys: Sequence[str], remark: str) -> None:
        """Note how many activities of a group are costed, where the remark says so."""
        known = costed(self.ledger, keys)
        if remark and known and len(known) < len(keys):
            for name, found in (("costed", known), ("activities", list(keys))):
                rule = "count-costed" if name == "costed" else "count-activities"
                path = count_figure(self.ledger, (*at, name), found, rule)
                self.ledger.note(path, str(len(found)), table=False)

    def apart(self, keys: Sequence[str]) -> None:
        """Note what sentences say of some activities: surplus, pledges, contributions in kind."""
        for key in keys:
            for name in ("surplus", "pledged", "in_kind"):
                amount = getattr(self.ledger.reckoning.by_activity[key], name)
                if amount:
                    self.alone(activity_figure(self.ledger, key, name), table=False)

    def alone(self, path: Path, text: str | None = None, *, table: bool = True) -> None:
        """Note an amount that is rounded for itself."""
        exact = self.ledger.exact(path)
        printed = self.numbers.alone(exact) if text is None else text
        self.ledger.note(path, printed, *self.rounded(exact), table=table)

    def rounded(self, exact: Decimal | None) -> tuple[Decimal | None, Rounding | None]:
        """Give an amount rounded for itself, and how it was."""
        step = self.numbers.step
        if exact is None or step is None:
            return exact, None
        return rounded(exact, step), Rounding("rounded", step)

    def fits(
        self, paths: Sequence[Path], texts: Sequence[str], shown: Decimal | None, whole: Path
    ) -> None:
        """Note amounts of a table that are fitted to their total as it is shown."""
        step = self.numbers.step
        exact = [self.ledger.exact(path) for path in paths]
        seen = list(exact)
        if step is not None and shown is not None:
            known = iter(fitted([part for part in exact if part is not None], shown, step))
            seen = [None if part is None else next(known) for part in exact]
        rounding = None if step is None else Rounding("fitted", step, whole)
        for path, text, amount in zip(paths, texts, seen, strict=True):
            self.ledger.note(path, text, amount, rounding)

    def reconciliation(
        self, level: str, key: str, at: Path, keys: Sequence[str], figures: Figures
    ) -> None:
        """Note the amounts of the sentence that explains cost less available."""
        shown, columns = self.tree.shown[level][key], self.tree.columns
        if figures.reconciled or shown["cost"] is None:
            return
        available = total(shown[kind] or ZERO for kind in columns.kinds)
        surplus, uncosted = figures.surplus or ZERO, figures.uncosted
        step = self.numbers.step
        if step is not None:
            whole = available + (shown["to_be_sought"] or ZERO) - shown["cost"]
            surplus, uncosted = fitted([surplus, uncosted], whole, step)
        said = {"available": available, "surplus": surplus, "uncosted": uncosted}
        how = {"available": "added"}
        for name in ("cost", "available", "surplus", "uncosted", "to_be_sought"):
            path = group_figure(self.ledger, at, keys, name)
            exact = self.ledger.exact(path)
            if name in ("surplus", "uncosted") and not exact:
                continue
            seen = said.get(name, shown.get(name))
            code = how.get(name, "balanced" if name in said else "fitted")
            rounding = None if step is None else Rounding(code, step)
            text = self.numbers.amount(
                seen,
                ZERO + 1
                if name in said and name != "available"
                else None
                if name == "available"
                else exact,
            )
            self.ledger.note(path, text, seen, rounding, table=False)

    def _row(
        self,
        level: str,
        key: str,
        amounts: Amounts,
        enter: Callable[[str, str | None], Path],
        whole: Path | None,
    ) -> None:
        texts = (*amounts.cost, *amounts.kinds, amounts.sought)
        step = self.numbers.step
        for (column, name, span), text in zip(self._columns(), texts, strict=True):
            path = enter(name, span)
            shown = self.tree.shown[level][key][column]
            rounding = None
            if step is not None and shown is not None:
                last = (name,) if span is None else (name, span)
                code = "added" if level == "families" else "rounded" if whole is None else "fitted"
                rounding = Rounding(code, step, None if whole is None else (*whole, *last))
            self.ledger.note(path, text, shown, rounding)

    def _columns(self) -> Iterator[tuple[str, str, str | None]]:
        columns = self.tree.columns
        for year in columns.years:
            yield year_name(year), "cost", span_of(year)
        for name in ("cost", *columns.kinds, "to_be_sought"):
            yield name, name, None
