"""Warnings (预警/黄牌/红牌) and the answers to them."""

from __future__ import annotations

from typing import Literal

from domain.events.fields import ClosedCode, Day, Identifier, Text
from domain.events.values import Answer, EventData, Place, Rule


class WarningRaised(EventData):
    """预警/黄牌/红牌; `clock` is the name of the clock that ran towards `due`."""

    level: ClosedCode[Literal["notice", "yellow", "red"]]
    clock: Identifier
    due: Day
    rule: Rule
    held_by: Place | None = None


class WarningAnswered(Answer):
    """预警反馈."""

    text: Text | None = None


class WarningAppealed(Answer):
    """申诉."""

    text: Text | None = None
    reason: Text | None = None


class WarningRevoked(Answer):
    """撤牌."""

    reason: Text | None = None
