"""
Compare the program with what one would do otherwise: time and peak memory, side by side.

Every comparison runs both commands in turn, several times; the ratio is ours divided by the
other's, pair by pair, so that a busy machine slows both. Beside the time on the clock stands the
ratio of the processors' time, which a busy machine disturbs less; a target is met where both
ratios meet it. Nothing here fails when a target is missed: it is told in the table.

    make bench                                 everything, half an hour or more
    make bench-quick                           the comparisons on the example only, two pairs each
    .venv/bin/python benchmarks/run.py --only validate-example --only help
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
MEGABYTE = 1 << 20
LARGE = 10_000
HEADINGS = (
    "what",
    "ours",
    "other",
    "ratio (min–max)",
    "of CPU time",
    "memory: ours",
    "other",
    "target",
    "",
)
FAULT = "NOPE-99"
LIMIT = ("--max-size", "1000")
"""The large workbooks are more than what is read without being asked."""

QUICK_PAIRS = 2

Command = list[str | Path]


@dataclass(frozen=True)
class Run:
    """
    One run of a command: what it took and what it printed.

    `seconds` on the clock, `busy` seconds of processors, `memory` at its peak in megabytes.
    """

    seconds: float
    busy: float
    memory: float
    code: int
    output: str


@dataclass(frozen=True)
class Case:
    """
    A comparison.

    `target` is the largest ratio wanted, `memory` the most megabytes of ours; None for neither.
    Those of the quick part take the worked example.
    """

    name: str
    what: str
    ours: Callable[[], Command]
    other: Callable[[], Command]
    pairs: int
    target: float | None = None
    memory: float | None = None
    quick: bool = False


class Bench:
    """The interpreters, and the workbooks, which are made when they are first asked for."""

    def __init__(self, product: Path, others: Path, folder: Path) -> None:
        self.product = product
        self.others = others
        self.folder = folder
        self._made: dict[str, Path] = {}

    @cached_property
    def example(self) -> Path:
        """The worked example that ships, or the same made afresh where it is not there."""
        path = ROOT / "workbook" / "example.xlsx"
        if path.exists():
            return path
        path = self.folder / "example.xlsx"
        checked(run(self.cmswp("new", path, "--example")))
        return path

    @cached_property
    def template(self) -> Path:
        """The Word template of the script."""
        path = self.folder / "template.docx"
        checked(run(self.script("annex_template.py", path)))
        return path

    def workbook(self, activities: int, costs: int | None = None) -> Path:
        """Make a large workbook, once."""
        name = f"{activities}-{costs or 3 * activities}.xlsx"
        path = self.folder / name
        if name not in self._made:
            print(f"making a workbook of {activities:,} activities …", file=sys.stderr)
            extra: Command = ["--costs", str(costs)] if costs else []
            command: Command = [self.product, HERE / "make_large.py", path]
            checked(run([*command, "--activities", str(activities), *extra]))
            self._made[name] = path
        return path

    def cmswp(self, *arguments: str | Path) -> Command:
        """Give a command of the program."""
        return [self.product, "-m", "cmswp_xl", *arguments]

    def script(self, name: str, *arguments: str | Path) -> Command:
        """Give a command of one of the scripts to compare with."""
        return [self.others, HERE / name, *arguments]

    def open_book(self) -> str:
        """Say how "Validate" on the open example compares with the command's own check."""
        return checked(run([self.product, HERE / "open_book.py", self.example])).output.strip()

    def documents(self) -> str:
        """Say what a document costs on average, beside the annex alone."""
        return checked(run([self.product, HERE / "documents.py", self.example])).output.strip()

    def task_pane(self) -> str:
        """Say how long the task pane takes; that it cannot be told, where Chromium is missing."""
        done = run([self.product, HERE / "task_pane.py", self.example])
        return done.output.strip().splitlines()[-1] if done.output.strip() else "task pane: ?"

    def recalculation(self) -> str:
        """Say how long a recalculation takes in LibreOffice, where that can be measured."""
        script = HERE / "recalculation.py"
        return run([self.product, script]).output.strip() if script.exists() else ""

    def finds_faults(self) -> Iterator[str]:
        """Say of both validators whether they find a fault that is planted."""
        path = self.folder / "faulty.xlsx"
        checked(run(self.script("plant_fault.py", self.example, path)))
        for name, command in (
            ("cmswp", self.cmswp("validate", path)),
            ("frictionless", self.script("with_frictionless.py", path)),
        ):
            found = run(command)
            verdict = "finds" if found.code == 1 and FAULT in found.output else "DOES NOT FIND"
            yield f"{name} {verdict} a planted fault"

    def cases(self) -> list[Case]:
        """Give all comparisons, the quick ones first."""
        bare: Command = [self.product, "-c", "import pandera.polars, babel, yaml"]
        return [
            Case("help", "cmswp --help / bare Python", lambda: self.cmswp("--help"),
                 lambda: [self.product, "-c", "pass"], 15, target=5, quick=True),
            self.validate("example", "example", self.example_path, 7, target=0.25),
            Case("validate-imports", "validate, example / bare import of its libraries",
                 lambda: self.cmswp("validate", self.example), lambda: bare, 7, target=1.6,
                 quick=True),
            self.export("example", "example", self.example_path, 5, target=0.9),
            Case("trace", "export all with --trace / without",
                 lambda: self.all_documents("traced", "--trace"),
                 lambda: self.all_documents("plain"), 3, target=1.2, quick=True),
            self.validate("1000", "1,000 activities", lambda: self.workbook(1_000), 3),
            self.export("1000", "1,000 activities", lambda: self.workbook(1_000), 3),
            Case("validate-read", "validate, 3,000 activities / openpyxl read-only",
                 lambda: self.cmswp("validate", self.workbook(3_000), *LIMIT),
                 lambda: [self.product, HERE / "read_only.py", self.workbook(3_000)], 3,
                 target=1.2),
            self.validate("10000", "10,000 activities", lambda: self.workbook(LARGE), 3,
                          target=0.4),
            self.export("10000", "10,000 activities", lambda: self.workbook(LARGE), 3,
                        target=0.6, memory=800),
            self.validate("100000", "100,000 costs", lambda: self.workbook(1_000, 100_000), 1),
        ]  # fmt: skip

    def example_path(self) -> Path:
        """Give the worked example."""
        return self.example

    def all_documents(self, folder: str, *options: str) -> Command:
        """Give the command that writes every document as HTML."""
        out = self.folder / "all" / folder
        every = ("--document", "all", "--format", "html", "--out", out)
        return self.cmswp("export", self.example, *every, *options)

    def validate(
        self,
        name: str,
        what: str,
        path: Callable[[], Path],
        pairs: int,
        *,
        target: float | None = None,
    ) -> Case:
        """Compare `cmswp validate` with frictionless."""
        return Case(
            f"validate-{name}",
            f"validate, {what} / frictionless",
            lambda: self.cmswp("validate", path(), *LIMIT),
            lambda: self.script("with_frictionless.py", path()),
            pairs,
            target,
            quick=name == "example",
        )

    def export(
        self,
        name: str,
        what: str,
        path: Callable[[], Path],
        pairs: int,
        *,
        target: float | None = None,
        memory: float | None = None,
    ) -> Case:
        """Compare `cmswp export` in one language with the script for the annex."""
        out = self.folder / "out"
        return Case(
            f"annex-{name}",
            f"annex in Word and HTML, {what} / script",
            lambda: self.cmswp("export", path(), "--lang", "en", "--out", out / "ours", *LIMIT),
            lambda: self.script("annex_script.py", path(), self.template, out / "script"),
            pairs,
            target,
            memory,
            quick=name == "example",
        )


def run(command: Command) -> Run:
    """Run a command to its end and give its time, its peak memory and its output."""
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=tempfile.gettempdir(),
            env=environment,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    unit = 1 if sys.platform == "darwin" else 1024
    busy = usage.ru_utime + usage.ru_stime
    return Run(seconds, busy, usage.ru_maxrss * unit / MEGABYTE, process.returncode, text)


def checked(done: Run) -> Run:
    """Give a run that went well; SystemExit with its last words where it did not."""
    if done.code:
        words = f"a command failed with exit code {done.code}:\n{done.output[-2000:]}"
        raise SystemExit(words)
    return done


def measured(case: Case, *, quick: bool) -> tuple[str, ...]:
    """Run a comparison and give its row of the table."""
    ours, other = case.ours(), case.other()
    print(f"{case.what} …", file=sys.stderr)
    pairs = []
    for number in range(min(case.pairs, QUICK_PAIRS) if quick else case.pairs):
        first, second = (ours, other) if number % 2 == 0 else (other, ours)
        one, two = checked(run(first)), checked(run(second))
        pairs.append((one, two) if number % 2 == 0 else (two, one))
    ratios = [mine.seconds / theirs.seconds for mine, theirs in pairs]
    ratio = statistics.median(ratios)
    busy = statistics.median(mine.busy / theirs.busy for mine, theirs in pairs)
    most = max(mine.memory for mine, _ in pairs)
    times = [statistics.median(r.seconds for r in runs) for runs in zip(*pairs, strict=True)]
    return (
        case.what,
        f"{times[0]:.2f} s",
        f"{times[1]:.2f} s",
        f"{ratio:.2f} ({min(ratios):.2f}–{max(ratios):.2f})",
        f"{busy:.2f}",
        f"{most:.0f} MB",
        f"{max(theirs.memory for _, theirs in pairs):.0f} MB",
        *verdict(case, max(ratio, busy), most),
    )


def verdict(case: Case, ratio: float, memory: float) -> tuple[str, str]:
    """Give the target and whether it is met."""
    wanted, met = [], True
    if case.target is not None:
        wanted.append(f"≤ {case.target:g}")
        met = met and ratio <= case.target
    if case.memory is not None:
        wanted.append(f"< {case.memory:g} MB")
        met = met and memory < case.memory
    return ", ".join(wanted), ("met" if met else "NOT MET") if wanted else ""


def table(rows: list[tuple[str, ...]]) -> str:
    """Lay out rows under their headings."""
    lines = [HEADINGS, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", type=Path, default=ROOT / ".venv/bin/python",
                        help="the interpreter that has the program")  # fmt: skip
    parser.add_argument("--others", type=Path, default=ROOT / ".venv-bench/bin/python",
                        help="the interpreter that has what we compare with")  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="the example only")
    parser.add_argument("--only", action="append", metavar="NAME", help="run this comparison")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cmswp-bench-") as folder:
        bench = Bench(given.python.absolute(), given.others.absolute(), Path(folder))
        cases = bench.cases()
        names = [case.name for case in cases]
        wanted = given.only or [case.name for case in cases if case.quick or not given.quick]
        if unknown := set(wanted) - set(names):
            parser.error(f"no comparison {', '.join(unknown)}; there are {', '.join(names)}")
        notes = [*bench.finds_faults(), bench.open_book(), bench.task_pane(), bench.documents()]
        if not given.quick:
            notes.append(bench.recalculation())
        rows = [measured(case, quick=given.quick) for case in cases if case.name in wanted]
    print(table(rows))
    print("\n" + "\n".join(notes))
    print("Both columns of memory are the peak of one run. Ratios: median of the pairs.")


if __name__ == "__main__":
    main()
