"""What changed in a text, and which items moved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmswp_xl.compare.rows import moved
from cmswp_xl.compare.words import excerpt, similarity, spaced, worded_pieces

TEXTS = st.lists(st.sampled_from(["the", "annual", "meeting", "of", "Parties", ".", "\n", "été"]))


def marked(pieces):
    signs = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(signs[piece.kind].format(piece.text) for piece in pieces)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("the annual meeting", "the yearly meeting", "the [-annual-]{+yearly+} meeting"),
        ("the meeting", "the annual meeting", "the {+annual +}meeting"),
        ("one two three four", "one 2 three four", "one [-two-]{+2+} three four"),
        (None, "Something new", "{+Something new+}"),
        ("Gone", None, "[-Gone-]"),
        (
            "quite another text",
            "nothing is as it was",
            "[-quite another text-]{+nothing is as it was+}",
        ),
    ],
)
def test_pieces__are_whole_words(old, new, expected):
    assert marked(worded_pieces(old, new)) == expected


@given(TEXTS, TEXTS)
def test_pieces__make_up_both_texts(first, second):
    old, new = " ".join(first), " ".join(second)
    pieces = worded_pieces(old, new)
    assert "".join(p.text for p in pieces if p.kind != "added") == spaced(old)
    assert "".join(p.text for p in pieces if p.kind != "removed") == spaced(new)


def test_long_texts__keep_their_common_ends():
    old = " ".join(["a", *(f"x{i}" for i in range(1500)), "z"])
    pieces = worded_pieces(old, f"{old} end".replace("x700 ", "y "))
    assert [piece.kind for piece in pieces] == ["same", "removed", "added"]


def test_excerpt__shows_a_few_words_around_and_marks_no_spaces():
    old = "one two three four five six seven eight nine ten eleven twelve"
    pieces = excerpt(worded_pieces(old, old.replace("ten", "10")), around=2)
    assert marked(pieces) == "… eight nine [-ten-] {+10+} eleven twelve"


def test_similarity__is_symmetric_and_bounded():
    assert similarity("", "") == 1
    assert similarity("a b", "b a") == 1
    assert similarity("a b", "a c") == similarity("a c", "a b") == 0.5


@given(st.permutations(range(8)))
def test_moved__leaves_the_rest_in_order(places):
    gone = moved(places)
    rest = [place for index, place in enumerate(places) if index not in gone]
    assert rest == sorted(rest)


def test_moved__is_the_fewest():
    assert moved([0, 1, 2]) == frozenset()
    assert moved([]) == frozenset()
    assert moved([4, 0, 1, 2, 3]) == {0}
    assert moved([1, 2, 3, 4, 0]) == {4}
