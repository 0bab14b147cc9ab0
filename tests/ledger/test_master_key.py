from __future__ import annotations

import base64
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from domain.errors import PartUnavailable, WrongUse
from ledger.keys import LedgerKeys, master_key

_KEY = bytes(range(32))


def test_a_missing_file_is_made_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "data" / "master.key"
    key = master_key(file)
    assert len(key) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["master.key"]
    assert master_key(file) == key
    assert master_key(tmp_path / "other.key") != key


def test_whoever_makes_the_file_at_the_same_time_gets_the_same_key(tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: master_key(file), range(32)))
    assert len(keys) == 1
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("text", [_KEY.hex(), _KEY.hex().upper(), base64.b64encode(_KEY).decode()])
def test_a_given_key_goes_before_the_file_and_makes_none(tmp_path: Path, text: str) -> None:
    assert master_key(tmp_path / "master.key", f" {text}\n") == _KEY
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text", ["", "00" * 31, "zz" * 32, "00" * 33, base64.b64encode(b"short").decode(), "密" * 64]
)
def test_a_text_that_is_no_key_is_refused_and_not_quoted(tmp_path: Path, text: str) -> None:
    with pytest.raises(WrongUse) as caught:
        master_key(tmp_path / "master.key", text)
    assert caught.value.field == "CASELEDGER_MASTER_KEY"
    assert not text or text not in str(caught.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o601])
def test_a_file_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "master.key"
    master_key(file)
    file.chmod(mode)
    with pytest.raises(PartUnavailable, match="chmod 600"):
        master_key(file)


@pytest.mark.parametrize("content", [b"", b"\n", b"00" * 31, b"\xff\xfe\x00", "密钥".encode()])
def test_a_broken_file_is_refused_and_never_replaced(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "master.key"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(PartUnavailable):
        master_key(file)
    assert file.read_bytes() == content


def test_a_key_that_cannot_be_kept_is_not_given_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match=r"file"):
        master_key(tmp_path / "file" / "master.key")


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_master_key_has_32_bytes(length: int) -> None:
    with pytest.raises(WrongUse):
        LedgerKeys(os.urandom(length))


def test_every_derived_key_is_another_and_the_same_for_ever() -> None:
    keys = LedgerKeys(_KEY)
    derived = [keys.identity, keys.wrapping, keys.letters, keys.content_of(b""), keys.master]
    assert len(set(derived)) == 5
    # Stored data depends on these: a change makes every ledger unreadable.
    assert keys.check == LedgerKeys(_KEY).check
    assert keys.identity_of("/s", "1") == LedgerKeys(_KEY).identity_of("/s", "1")
    assert keys.identity_of("/s", "1") != LedgerKeys(b"x" * 32).identity_of("/s", "1")
    assert keys.identity_of("/s", "1") != keys.identity_of("/s1", "")
