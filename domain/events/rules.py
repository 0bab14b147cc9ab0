"""What must hold between the fields of an event's data.

Each rule reads plain data, whose fields may be of any JSON type, and gives the fault or None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from domain.errors import Fault

Rule = Callable[[Mapping[str, Any]], Fault | None]

_ROUNDING: Final = 1e-6


def known_actor(data: Mapping[str, Any]) -> Fault | None:
    """An actor has an id or a name; where nobody is known, there is no actor."""
    actor = data.get("actor")
    if not isinstance(actor, dict) or actor.get("id") or actor.get("name"):
        return None
    return Fault("data.actor", "an id or a name (or no actor at all)", "neither")


def reasoned_result(data: Mapping[str, Any]) -> Fault | None:
    """A case closed with any result but issued and completed has a reason."""
    result = data.get("result")
    value = result.get("value") if isinstance(result, dict) else result
    if value in (None, "issued", "completed") or data.get("reason") is not None:
        return None
    return Fault(
        "data.reason", "a reason, as the result is neither issued nor completed", "nothing"
    )


def named_event(data: Mapping[str, Any]) -> Fault | None:
    """A correction or a retraction names its event by `ref` or by `version`."""
    if data.get("ref") is not None or data.get("version") is not None:
        return None
    return Fault("data.ref", "the event's {source, id}, or its version in `version`", "neither")


def whole_shares(data: Mapping[str, Any]) -> Fault | None:
    """The shares of a responsibility add up to 100 percent."""
    shares = data.get("shares")
    if not isinstance(shares, list):
        return None
    percents = [share.get("percent") for share in shares if isinstance(share, dict)]
    total = sum(percent for percent in percents if isinstance(percent, int | float))
    if abs(total - 100) <= _ROUNDING:
        return None
    return Fault("data.shares", "percents that add up to 100", f"{total:g}")
