"""Random layouts: every amount comes back as a reader sees it, or is listed."""

from __future__ import annotations

import pytest
from random_annexes import annex, silent_differences

GROUPS, EACH = 10, 15


@pytest.mark.parametrize("group", range(GROUPS))
def test_random_annex__has_no_silent_difference(tmp_path, group):
    seeds = range(group * EACH + 1, group * EACH + EACH + 1)
    found = {seed: list(silent_differences(annex(seed), tmp_path)) for seed in seeds}

    assert {seed: texts for seed, texts in found.items() if texts} == {}
