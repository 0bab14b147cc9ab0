import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "golden"


def golden_names() -> list[str]:
    """The types that have a golden event, by the names of the files."""
    return sorted(path.name.removesuffix(".v1.json") for path in FOLDER.glob("*.v1.json"))


def golden(name: str, /, **data: Any) -> dict[str, Any]:
    """A fresh copy of the golden event of a type, with these fields of `data` replaced."""
    event: dict[str, Any] = json.loads((FOLDER / f"{name}.v1.json").read_text(encoding="utf-8"))
    event["data"].update(data)
    return event
