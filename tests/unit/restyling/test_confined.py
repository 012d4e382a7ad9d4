"""Work on what others wrote ends in time and within its memory, and the run goes on."""

from __future__ import annotations

import ctypes
import itertools
import operator
import os
import struct
import time
from collections import deque

import pytest

from cmswp_xl import confined as module
from cmswp_xl.confined import confined, job_limits
from cmswp_xl.errors import BrokenResource, UnreadableWorkbook
from cmswp_xl.ooxml import open_package
from cmswp_xl.render.html import render_html
from cmswp_xl.restyling import check_templates, sample_contexts


def test_result_of_work_comes_back_from_another_process():
    assert confined("a.docx", operator.add, 2, 3) == 5
    assert confined("a.docx", os.getpid) == confined("a.docx", os.getpid) != os.getpid()


def test_refusal_comes_back_with_its_values_and_the_process_goes_on():
    process = confined("a.docx", os.getpid)
    with pytest.raises(UnreadableWorkbook) as caught:
        confined("a.docx", open_package, b"", "a.docx")
    assert (caught.value.reason, caught.value.values) == ("empty-file", {"file": "a.docx"})
    assert confined("a.docx", os.getpid) == process


def test_any_other_error_is_an_error_of_the_program():
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        confined("a.docx", operator.truediv, 1, 0)
    assert confined("a.docx", operator.add, 2, 3) == 5


@pytest.mark.parametrize("work", [(time.sleep, 1000), (deque, itertools.count(), 0)])
def test_work_without_end_is_ended(monkeypatch, work):
    assert confined("a.docx", operator.add, 2, 3) == 5
    monkeypatch.setattr(module, "SECONDS", 1)
    with pytest.raises(BrokenResource) as caught:
        confined("a.docx", *work)
    assert caught.value.reason == "template-time"
    monkeypatch.undo()
    assert confined("a.docx", operator.add, 2, 3) == 5


def test_work_that_takes_all_memory_is_ended():
    with pytest.raises(BrokenResource) as caught:
        confined("a.docx", operator.mul, b"a", 10**12)
    assert caught.value.reason == "template-memory"
    assert confined("a.docx", operator.add, 2, 3) == 5


@pytest.mark.skipif(struct.calcsize("P") != 8, reason="the sizes are those of 64 bits")
def test_limits_of_a_windows_job_are_laid_out_as_windows_has_them():
    limits = job_limits(1_200_000_000)
    assert ctypes.sizeof(limits) == 144
    assert type(limits).process_memory.offset == 112
    assert (limits.flags, limits.process_memory) == (0x100, 1_200_000_000)


LOOP = "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}"


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ("{{ 'a' * 10 ** 12 }}", "template-memory"),
        ("{{ 'a'|center(10 ** 12) }}", "template-memory"),
        ("{{ '%1000000000000d' % 1 }}", "template-memory"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "template-line"),
        ("{{ range(10**9) }}", "template-line"),
        (LOOP, "template-time"),
        ("{{ 3 ** (10 ** 8) }}", "template-time"),
    ],
)
def test_template_that_takes_too_much_is_named(tmp_path, monkeypatch, tags, reason):
    contexts = {"annex": sample_contexts()["annex"]}
    path = tmp_path / "annex" / "annex.html.j2"
    path.parent.mkdir()
    path.write_text(tags, encoding="utf-8")
    assert confined("a.docx", operator.add, 2, 3) == 5
    monkeypatch.setattr(module, "SECONDS", 1 if reason == "template-time" else 20)
    found = [f.fault for f in check_templates(tmp_path, contexts) if f.fault is not None]
    with pytest.raises(BrokenResource) as caught:
        render_html("annex", contexts["annex"], tmp_path)
    for fault in (*found, caught.value):
        assert fault.values["name"] == "annex/annex.html.j2"
        assert fault.reason == reason
    assert len(found) == 1
