"""
What a document costs on average, beside the annex alone, in all languages and two formats.

All documents of the example are made in one process, in turn with the annex; the summary, whose
charts are drawn by matplotlib, stands apart.

    .venv/bin/python benchmarks/documents.py workbook/example.xlsx
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

PAIRS = 7
TARGET = 1.2
CHARTS = "summary"


def main(path: Path) -> None:
    from cmswp_xl.documents.build import Request
    from cmswp_xl.pipeline import build_documents, check_workbook
    from cmswp_xl.registry import ALL, DOCUMENTS

    checkup = check_workbook(path, flags=False)
    made = build_documents(checkup, Request((ALL,))).files
    kinds = [name for name in DOCUMENTS if f"{name}.en.html" in made and name != CHARTS]

    def timed(names: tuple[str, ...]) -> float:
        started = time.perf_counter()
        build_documents(checkup, Request(names))
        return time.perf_counter() - started

    pairs = [(timed(tuple(kinds)) / len(kinds), timed(("annex",))) for _ in range(PAIRS)]
    ratio = statistics.median(ours / other for ours, other in pairs)
    ours, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    verdict = "met" if ratio <= TARGET else "NOT MET"
    print(
        f"{len(kinds)} documents of {path.name} in three languages and two formats: {ours:.2f} s"
        f" each, the annex {other:.2f} s, ratio {ratio:.2f} (target {TARGET:g}: {verdict});"
        f" with charts: {timed((CHARTS,)):.2f} s"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
