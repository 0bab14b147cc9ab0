"""Fees."""

from __future__ import annotations

from typing import Annotated

from domain.events.fields import OneOf
from domain.events.values import EventData


class FeeCharged(EventData):
    """收费; `amount` in fen, `waived` true or the fen waived."""

    amount: int
    basis: str | None = None
    waived: Annotated[int | bool, OneOf()] | None = None
