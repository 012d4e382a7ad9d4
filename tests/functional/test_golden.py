"""Nothing that the program writes changes without being wanted: see `make golden`."""

from __future__ import annotations

import pytest
from golden_outputs import GROUPS, differences, outputs, pinned


@pytest.mark.parametrize("group", GROUPS)
def test_outputs__are_byte_for_byte_as_kept(group, tmp_path):
    other = pinned()
    if other:
        pytest.skip(f"the outputs are kept for the versions of constraints.txt: {other}")
    changed = differences(group, outputs(group, tmp_path))
    assert not changed, "where the change is wanted: make golden RENEW=1"
