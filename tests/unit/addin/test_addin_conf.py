"""The settings file of Excel's macros: lines of others keep every byte."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cmswp_xl.addin.machine import line_of, read_conf, with_line, with_values

OTHERS = b'"ONEDRIVE_COMMERCIAL_WIN","C:\\One Drive, new"\r\nSHOW CONSOLE , True\r\n# note\r\n\r\n'


def test_new_file__has_the_line_ends_of_the_system():
    data = with_values(b"", {"A": "1", "PYTHONPATH": ""}, "cp1252", "\r\n")

    assert data == b'"A","1"\r\n"PYTHONPATH",""\r\n'


def test_value__takes_the_place_of_the_first_line_with_its_key():
    data = b'"a","old"\n' + OTHERS + b'"A","later"\n'

    assert with_values(data, {"A": "é"}, "cp1252", "\n") == b'"A","\xe9"\r\n' + data[10:]


def test_line_that_is_right__is_left_as_it_is():
    assert with_values(b"a , 1\r\n", {"A": "1"}, "cp1252", "\n") == b"a , 1\r\n"


def test_last_line_without_an_end__is_not_run_into():
    assert with_values(b'"B","2"', {"A": "1"}, "cp1252", "\r\n") == b'"B","2"\n"A","1"\n'


def test_reading__takes_the_first_of_a_key_in_any_case():
    data = b'\xef\xbb\xbf"Show Console","1"\r\n"show console","2"\r\n' + OTHERS

    assert read_conf(data, "cp1252") == {
        "SHOW CONSOLE": "1",
        "ONEDRIVE_COMMERCIAL_WIN": "C:\\One Drive, new",
    }


@given(
    st.lists(
        st.sampled_from([b'"A","x"\r\n', b'"b","2"\r\n', b"A,y\r\n", b"\r\n", b"\xe9\xff?\r\n"])
    )
)
def test_setting_and_putting_back__gives_the_same_bytes(lines):
    data = b"".join(lines)
    values = {"A": "1", "C": "3"}
    before = {key: line_of(data, key) for key in values}
    new = with_values(data, values, "cp1252", "\r\n")

    assert read_conf(new, "cp1252").items() >= values.items()
    for key in values:
        new = with_line(new, key, before[key])
    assert new == data
