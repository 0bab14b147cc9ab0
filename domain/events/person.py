"""Personal data: erasure, restriction, and holds that keep it."""

from __future__ import annotations

from domain.events.fields import Identifier, Text
from domain.events.values import EventData, Reference


class PersonData(EventData):
    """A person, the legal basis, and who allowed it."""

    person: Text
    basis: Identifier
    authorised_by: Reference | None = None


class PersonErased(PersonData):
    """个人信息删除."""


class PersonRestricted(PersonData):
    """个人信息限制处理."""


class HoldPlaced(PersonData):
    """个人信息保全."""


class HoldLifted(PersonData):
    """个人信息保全解除."""
