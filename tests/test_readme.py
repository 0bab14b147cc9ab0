"""What the README shows is run, and its tables are compared with the program."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from api.settings import SETTINGS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def sessions() -> list[str]:
    return re.findall(r"```console\n(.*?)```", README, re.DOTALL)


def matches(expected: str, found: str) -> bool:
    """`…` stands for anything."""
    pattern = ".*".join(map(re.escape, expected.strip().split("…")))
    return re.fullmatch(pattern, found.strip(), re.DOTALL) is not None


def test_the_session_of_the_readme_gives_what_it_shows(tmp_path: Path, data_folder: Path) -> None:
    (session,) = sessions()
    steps = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", session, re.MULTILINE)
    assert len(steps) >= 5
    environment = os.environ | {"CASELEDGER_DATA_DIR": str(data_folder)}
    for command, expected in steps:
        program, *words = shlex.split(command)
        assert program == "caseledger"
        done = subprocess.run(
            [sys.executable, "-m", "api", *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert matches(expected, done.stdout), f"{command}\n{done.stdout}"


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_every_setting_stands_in_the_readme() -> None:
    for setting in SETTINGS:
        assert f"`{setting.variable}`" in README


def test_every_test_that_the_readme_names_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)`", README)
    assert len(named) >= 5
    assert [name for name in named if not (ROOT / name).is_file()] == []
