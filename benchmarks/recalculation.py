"""
Measure how long LibreOffice takes to calculate a large workbook anew.

Beside the workbook stands a plain sheet with the same sums and little else: ten columns of SUMIFS
on the number of a row that was found once, with its title. Both are calculated in turn, several
times, and the ratio is the workbook's divided by the plain sheet's, pair by pair, in seconds of
the processor where the system tells them, so that other programs count for less. A second figure
is how long it takes until Activities, Summary and Checks show one changed cost of a smaller
workbook, beside the plain sheet again. Where LibreOffice, or a Python that can drive it, is
missing, this says so.

    .venv/bin/python benchmarks/recalculation.py
    .venv/bin/python benchmarks/recalculation.py --activities 300 --pairs 2
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
TARGET, EDIT_TARGET, EDITED = 4.0, 0.5, 300
"""The largest ratio, the seconds for one edit, and the activities of the edited workbook."""
SUMS, WAIT = 10, 60


def plain_sheet(path: Path, activities: int) -> None:
    """Write the plain sheet, whose costs and contributions show the title of their activity."""
    import xlsxwriter

    book = xlsxwriter.Workbook(path)
    sheets = {name: book.add_worksheet(name) for name in ("Activities", "Costs", "Funding")}
    ids = [f"ICC-{i:05d}" for i in range(activities)]
    number = "ROW()-ROW(Activities[[#Headers],[Id]])"
    sums = [
        {
            "header": f"Sum {k}",
            "formula": f"=ROUND(SUMIFS({t}[Amount],{t}[Row],{number}),2)",
        }
        for k, t in enumerate(("Costs", "Funding") * (SUMS // 2))
    ]
    sheets["Activities"].write_column(1, 0, ids)
    columns = [{"header": "Id"}, *sums]
    sheets["Activities"].add_table(
        0, 0, activities, SUMS, {"name": "Activities", "columns": columns}
    )
    for name in ("Costs", "Funding"):
        for row in range(3 * activities):
            amount, source = row * 7919 % 100_000 / 100, ("CORE", "VC", "TF")[row % 3]
            sheets[name].write_row(row + 1, 0, (ids[row % activities], amount, source))
        here = f"MATCH({name}[[#This Row],[Activity]],Activities[Id],0)"
        title = f"INDEX(Activities[Id],{name}[[#This Row],[Row]])"
        columns = [
            {"header": "Activity"},
            {"header": "Amount"},
            {"header": "Source"},
            {"header": "Row", "formula": f'=IFERROR({here},"")'},
            {"header": "Title", "formula": f'=IFERROR({title},"")'},
        ]
        sheets[name].add_table(0, 0, 3 * activities, 4, {"name": name, "columns": columns})
    book.close()


def measure(plain: Path, whole: Path, edited: Path, pairs: int) -> Iterator[dict[str, float]]:
    """Yield the seconds of each round; runs in a Python that has LibreOffice's module `uno`."""
    import uno
    from com.sun.star.beans import PropertyValue

    with tempfile.TemporaryDirectory() as profile:
        pipe = f"cmswp{Path(profile).name}"
        accept = f"--accept=pipe,name={pipe};urp;"
        user = f"-env:UserInstallation={Path(profile).as_uri()}"
        office = subprocess.Popen(["soffice", "--headless", "--norestore", user, accept])
        desktop = _desktop(uno, pipe)
        hidden = PropertyValue()
        hidden.Name, hidden.Value = "Hidden", True
        try:
            books = [
                desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, (hidden,))
                for path in (plain, whole, edited)
            ]
            for _ in range(pairs):
                clock = partial(processor_seconds, office.pid)
                full = [_timed(book.calculateAll, clock) for book in books[:2]]
                yield {"plain": full[0], "whole": full[1], "edit": _edit(books[2])}
        finally:
            with suppress(Exception):  # it ends while it answers
                desktop.terminate()
            office.wait(WAIT)


def _desktop(uno: Any, pipe: str) -> Any:
    local = uno.getComponentContext()
    name = "com.sun.star.bridge.UnoUrlResolver"
    resolver = local.ServiceManager.createInstanceWithContext(name, local)
    end = time.monotonic() + WAIT
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            break
        except Exception:  # a kind of LibreOffice's own: it is not there yet
            if time.monotonic() > end:
                raise
            time.sleep(0.5)
    return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)


def _timed(action: Any, clock: Any = time.perf_counter) -> float:
    started = clock()
    action()
    return float(clock() - started)


def processor_seconds(process: int) -> float:
    """Return what a process and those that it started have used; the time where nobody knows."""
    used: dict[int, tuple[int, int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            _, parent, *rest = path.read_text().rpartition(")")[2].split()
            used[int(path.parent.name)] = int(parent), int(rest[9]) + int(rest[10])
    if process not in used:
        return time.perf_counter()
    family = [process]
    for member in family:
        family += [child for child, (parent, _) in used.items() if parent == member]
    return sum(used[member][1] for member in family) / os.sysconf("SC_CLK_TCK")


def _edit(book: Any) -> float:
    """Change a cost, and read the sheets that show it."""
    costs = book.Sheets.getByName("Costs")
    header = next(n for n in range(20) if costs.getCellByPosition(n, 4).String == "Amount")
    cell = costs.getCellByPosition(header, 5)

    def change() -> None:
        cell.Value += 1
        for name in ("Activities", "Summary", "Checks"):
            book.Sheets.getByName(name).getCellRangeByName("A1:AF400").getDataArray()

    return _timed(change)


def driver() -> str | None:
    """Return a Python that can drive LibreOffice; None where there is none."""
    for python in (sys.executable, "/usr/bin/python3", shutil.which("python3")):
        if python and Path(python).exists():
            found = subprocess.run([python, "-c", "import uno"], capture_output=True, check=False)
            if not found.returncode:
                return python
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--activities", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--measure", nargs=3, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        for found in measure(*given.measure, given.pairs):
            print(json.dumps(found), flush=True)
        return
    python = driver() if shutil.which("soffice") else None
    if python is None:
        print("recalculation: skipped, LibreOffice or a Python with its module uno is missing")
        return
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{name}.xlsx" for name in ("plain", "whole", "edited")]
        plain_sheet(files[0], given.activities)
        for path, count in zip(files[1:], (given.activities, EDITED), strict=True):
            make = [sys.executable, HERE / "make_large.py", path, "--activities", str(count)]
            subprocess.run(make, check=True)
        command = [python, __file__, "--pairs", str(given.pairs), "--measure", *files]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    report([json.loads(line) for line in done.stdout.splitlines()], given.activities)


def report(rounds: list[dict[str, float]], activities: int) -> None:
    """Print the ratios, and whether they are within their targets."""
    ratios = [found["whole"] / found["plain"] for found in rounds]
    ratio = statistics.median(ratios)
    whole, plain = (
        statistics.median(found[name] for found in rounds) for name in ("whole", "plain")
    )
    edit = min(found["edit"] for found in rounds)
    print(
        f"recalculation of {activities:,} activities: {whole:.2f} s, plain sheet {plain:.2f} s, "
        f"ratio {ratio:.2f} ({min(ratios):.2f}–{max(ratios):.2f}), target {TARGET}: "
        f"{'met' if ratio <= TARGET else 'missed'}"
    )
    print(
        f"one changed cost of {EDITED} activities: {edit:.2f} s, target {EDIT_TARGET} s: "
        f"{'met' if edit <= EDIT_TARGET else 'missed'}"
    )


if __name__ == "__main__":
    main()
