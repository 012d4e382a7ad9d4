"""The file of tokens: who it lets in, and what it refuses to be."""

from __future__ import annotations

import hashlib
import os

import pytest

from cmswp_xl.errors import Misuse
from cmswp_xl.server.launch import TokenFile, read_tokens


def sha256(token):
    return hashlib.sha256(token.encode()).hexdigest()


@pytest.fixture
def written(tmp_path):
    def write(text, mode=0o600):
        path = tmp_path / "tokens.txt"
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    return write


def test_users__are_read_with_their_roles(written):
    path = written(
        f"# who may\n\nanna {sha256('a')} finance,cmswp\nben@x.org\t{sha256('b').upper()}\n"
    )
    people = read_tokens(path)

    assert [(person.name, person.roles) for person in people] == [
        ("anna", ("finance", "cmswp")),
        ("ben@x.org", ()),
    ]
    file = TokenFile(path)
    assert file.person("Bearer a").name == "anna"
    assert file.person("bearer  b ").name == "ben@x.org"
    for header in ("", "a", "Bearer", "Bearer ", "Bearer A", f"Bearer {sha256('a')}", "Basic a"):
        assert file.person(header) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "tokens-none"),
        ("# nobody\n", "tokens-none"),
        ("anna\n", "tokens-malformed"),
        (f"anna {sha256('a')[:-1]}\n", "tokens-malformed"),
        (f"anna {sha256('a')} x y\n", "tokens-malformed"),
        (f"an na {sha256('a')}\n", "tokens-malformed"),
        (f"anna {sha256('a')}\nanna {sha256('b')}\n", "tokens-twice"),
        (f"anna {sha256('a')}\nben {sha256('a')}\n", "tokens-twice"),
    ],
)
def test_malformed_file__is_refused(written, text, reason):
    with pytest.raises(Misuse) as refused:
        read_tokens(written(text))
    assert refused.value.reason == reason


@pytest.mark.skipif(os.name != "posix", reason="rights of files are other ones there")
def test_file_open_to_everybody__is_refused(written):
    with pytest.raises(Misuse) as refused:
        read_tokens(written(f"anna {sha256('a')}\n", 0o604))
    assert refused.value.reason == "tokens-exposed"


def test_missing_or_odd_file__is_refused(tmp_path):
    odd = tmp_path / "odd"
    odd.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "none", odd, tmp_path):
        with pytest.raises(Misuse) as refused:
            read_tokens(path)
        assert refused.value.reason == "server-file-missing"


def test_changed_file__counts_at_once_and_a_broken_one_lets_nobody_in(written, caplog):
    path = written(f"anna {sha256('a')}\n")
    file = TokenFile(path)
    assert file.person("Bearer a")
    written(f"ben {sha256('bb')}\nx {sha256('x')}\n")
    assert file.person("Bearer a") is None
    assert file.person("Bearer bb").name == "ben"
    written("broken secret\n")
    assert file.person("Bearer bb") is None
    path.unlink()
    assert file.person("Bearer bb") is None
    assert "secret" not in caplog.text
    written(f"ben {sha256('bb')}\n")
    assert file.person("Bearer bb")
