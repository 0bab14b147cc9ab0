"""What is published and registered: sources, halls, items, authority, duty, leave, outages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from replay.simulation.catalogue import Item, Version
from replay.simulation.chance import Chance
from replay.simulation.departments import (
    AREA,
    CATALOGUE,
    DEPARTMENTS,
    PLATFORMS,
    SERVICE_BUREAU,
    STAFF_SYSTEM,
)
from replay.simulation.district import District
from replay.simulation.facts import Facts
from replay.simulation.instants import DAY, HOUR, day_text, stamp
from replay.simulation.staff import Officer, Team

_BASIS: Final = "中华人民共和国行政许可法"
_STEPS: Final = (("undertake", "承办"), ("review", "审核"), ("approve", "批准"))


def before_the_year(district: District) -> Iterator[Facts]:
    """What is published on the last working day before the year, in this order: sources, halls,
    items, then who has which authority and is on duty."""
    at = district.time.before(district.first) * DAY + 9 * HOUR
    yield from _sources(at)
    for place, hall in enumerate(district.halls):
        facts = Facts(f"hall/{hall.id}")
        facts.add(at + 1_800 + place, "hall.published", CATALOGUE, hall.published())
        yield facts
    for place, item in enumerate(district.items):
        facts = Facts(item.code)
        data = _published(item, item.versions[0])
        facts.add(at + HOUR + place, "item.published", CATALOGUE, data)
        yield facts
    for place, officer in enumerate(district.officers):
        yield _duties(officer, at + 2 * HOUR + place, district)


def during_the_year(district: District, chance: Chance) -> Iterator[Facts]:
    """What changes in the year: new versions of items, leaves with their deputies, outages."""
    for item in district.items:
        if len(item.versions) > 1:
            facts = Facts(item.code, before=1)
            told = district.time.before(item.versions[1].effective - 5) * DAY
            data = _published(item, item.versions[1])
            facts.add(told + 15 * HOUR + item.rank, "item.published", CATALOGUE, data)
            yield facts
    for source, (begin, end) in district.outages.items():
        facts = Facts(f"source{source}", before=1)
        reason = chance.among(("机房断电", "数据库故障", "网络割接", "系统升级"))
        data = {"source": source, "from": stamp(begin), "to": stamp(end), "reason": reason}
        facts.add(end + 2 * HOUR, "source.outage", source, data)
        yield facts


def _sources(at: int) -> Iterator[Facts]:
    registered = [(source, "landed", SERVICE_BUREAU) for source in PLATFORMS]
    registered += [(d.source, d.integration, d.code) for d in DEPARTMENTS]
    for place, (source, integration, department) in enumerate(registered):
        facts = Facts(f"source{source}")
        data = {
            "source": source,
            "integration": integration,
            "area": AREA,
            "department": department,
        }
        facts.add(at + place, "source.registered", CATALOGUE, data)
        yield facts


def _published(item: Item, version: Version) -> dict[str, Any]:
    licence = item.nature == "licence"
    approver = "division_head" if version.kind == "promised" else "agency_deputy"
    steps = list(_STEPS)
    if item.checked_on_site:
        steps.insert(1, ("survey", "勘验"))
    if version.kind == "immediate":
        steps = [("approve", "批准")]
    data: dict[str, Any] = {
        "code": item.code,
        "name": item.name,
        "nature": item.nature,
        "kind": version.kind,
        "limits": version.limits,
        "materials": list(version.materials),
        "steps": [{"code": code, "name": name, "role": code} for code, name in steps],
        "special_procedures": list(version.special),
        "responsibility": [
            {"department": item.department.code, "percent": 80},
            {"department": SERVICE_BUREAU, "percent": 20},
        ],
        "declared": {
            "contactless": item.online_level in ("III", "IV"),
            "online_level": item.online_level,
            "visits": {"I": 2, "II": 1, "III": 1, "IV": 0}[item.online_level],
        },
        "result": item.result,
        "codes": {
            "basic": item.basic,
            "handle_item": f"{item.code}01",
            "local": f"S{item.rank:04d}",
        },
        "effective_from": day_text(version.effective),
    }
    if licence:
        data["law"] = {
            "acceptance_days": 5,
            "deemed_acceptance": True,
            "delivery_days": 10,
            "extension_days": 15 if version.kind == "joint" else 10,
            "basis": _BASIS,
        }
    if version.fee:
        data["fees"] = [{"amount": version.fee, "basis": "收费目录清单"}]
    if version.kind != "immediate":
        data["required_ranks"] = {"approve": approver, "extend": "agency_deputy"}
    if item.checked_on_site:
        data["min_site_checkers"] = 2
    return data


def _powers(officer: Officer) -> tuple[str, ...]:
    if officer.role == "window":
        return ("accept", "immediate_decision")
    if officer.rank in ("agency_deputy", "agency_head", "government_head"):
        return ("approve", "special_procedure", "extend")
    return ("approve", "special_procedure") if officer.role == "approver" else ()


def _duties(officer: Officer, at: int, district: District) -> Facts:
    facts = Facts(f"officer/{officer.id}")
    actor = district.granting.own.actor
    year = {"from": day_text(district.first), "to": day_text(district.last)}
    for power in _powers(officer):
        data = {"actor": actor, "officer": officer.id, "power": power, **year}
        facts.add(at, "authority.granted", STAFF_SYSTEM, data)
    duty = {"officer": officer.id, **year, "kind": "on_duty"}
    facts.add(at, "duty.recorded", STAFF_SYSTEM, duty)
    for first, last in officer.leaves:
        told = max(at + 1, district.time.before(first - 2) * DAY + 10 * HOUR)
        leave = {"from": day_text(first), "to": day_text(last)}
        data = {"officer": officer.id, **leave, "kind": "leave"}
        facts.add(told, "duty.recorded", STAFF_SYSTEM, data)
    return facts


def delegations(team: Team, district: District) -> Iterator[Facts]:
    """The authority that an approver's deputies hold while the approver is on leave."""
    for pool in (team.approvers, team.representatives, team.heads):
        for place, officer in enumerate(pool):
            deputy = pool[(place + 1) % len(pool)]
            for number, (first, last) in enumerate(officer.leaves):
                facts = Facts(f"officer/{deputy.id}")
                actor = district.granting.own.actor
                data = {
                    "actor": actor,
                    "officer": deputy.id,
                    "power": "approve",
                    "from": day_text(first),
                    "to": day_text(last),
                    "document": {"no": f"代{officer.id}-{number + 1}"},
                }
                told = district.time.before(first) * DAY + 16 * HOUR
                fact = facts.add(told, "authority.granted", STAFF_SYSTEM, data)
                fact.id = f"{facts.subject}.for-{officer.id}-{number + 1}"
                yield facts
