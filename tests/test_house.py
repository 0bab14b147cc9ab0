"""The rules of the house that a program can check."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("domain", "ledger", "projections", "replay", "api")
SOURCES = [
    file
    for room in (*ROOMS, "benchmarks", "tests")
    for file in (ROOT / room).rglob("*.py")
    if "__pycache__" not in file.parts
]
FORBIDDEN = {"utils", "common", "helpers", "core", "misc"}


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_is_short_enough_to_hold_one_thing(file):
    lines = [line for line in file.read_text("utf-8").splitlines() if line.strip()]
    assert len(lines) <= 400
    assert FORBIDDEN.isdisjoint({file.stem, *file.relative_to(ROOT).parts[:-1]})


@pytest.mark.parametrize("room", ROOMS)
def test_every_module_of_a_room_says_what_it_is(room):
    for file in (ROOT / room).rglob("*.py"):
        first = file.read_text("utf-8").lstrip()
        assert first.startswith('"""'), f"{file} begins without a docstring"


def test_importing_everything_does_nothing():
    modules = sorted(
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for room in ROOMS
        for file in (ROOT / room).rglob("*.py")
        if file.name != "__main__.py" and file.stem != "launcher"
    )
    program = f"""
import importlib, os, socket, sys, threading

before = set(os.listdir("."))
def refuse(*_):
    raise SystemExit("a connection was opened")
socket.socket.connect = refuse
for name in {modules!r}:
    importlib.import_module(name)
assert threading.active_count() == 1, threading.enumerate()
assert set(os.listdir(".")) == before, set(os.listdir(".")) - before
import psutil
assert not psutil.Process().children()
print(len({modules!r}))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(modules) > 100


def test_requirements_hold_hashes_and_no_address():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text
        pinned = [line for line in text.splitlines() if "==" in line]
        assert pinned
        assert text.count("--hash=sha256:") >= len(pinned)


def test_every_sql_file_begins_with_what_it_is():
    files = [file for room in ROOMS for file in (ROOT / room).rglob("*.sql")]
    assert len(files) > 20
    for file in files:
        assert file.read_text("utf-8").lstrip().startswith("--"), file
