"""The catalogue of service items: 756 of them, a few popular and many rare, in versions.

Calibrated: 756 items, popularity falling with the power 1.1 of the rank; of the cases 55 percent
immediate, 43 promised, 2 joint or referred up; 18 items reclassified from promised to immediate.
Assumptions: everything else, the limits above all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from replay.simulation.chance import Chance, Weighted, zipf
from replay.simulation.departments import AREA, DEPARTMENTS, Department
from replay.simulation.matters import MATERIALS, MATTERS, NATURES, SPECIAL_PROCEDURES, VARIANTS
from replay.simulation.numbers import credit_number

ITEMS: Final = 756
_EXPONENT: Final = 1.1
_KINDS: Final = {"immediate": 0.55, "promised": 0.43, "joint": 0.012, "referred_up": 0.008}
_COMMON_RANKS: Final = 40
RECLASSIFIED: Final = 18
_REPUBLISHED: Final = 45
_PROMISES: Final = (3, 4, 5, 5, 5, 6, 7, 7, 8, 10, 10, 12, 15)
_ONLINE_LEVEL: Final = Weighted({"I": 4, "II": 10, "III": 36, "IV": 50})


@dataclass(frozen=True, slots=True)
class Version:
    """An item as it stands from the day `effective` on (by ordinal); `number` counts from 1.
    Limits are in working days, but `promised` in natural days where `natural_days`."""

    number: int
    effective: int
    kind: str
    statutory: int
    promised: int
    natural_days: bool
    materials: tuple[dict[str, Any], ...]
    special: tuple[str, ...]
    fee: int

    @property
    def limits(self) -> dict[str, Any]:
        """As events state them."""
        limits: dict[str, Any] = {
            "statutory": self.statutory,
            "promised": self.promised,
            "unit": "workday",
        }
        if self.natural_days:
            limits["promised_unit"] = "day"
        return limits


@dataclass(frozen=True, slots=True)
class Item:
    """A service item. `authorised`: window clerks may decide about it; `automatic`: so may the
    program; `pace` stretches or shortens how long its cases take."""

    rank: int
    code: str
    basic: str
    name: str
    department: Department
    nature: str
    apply_type: str
    result: str
    online_level: str
    authorised: bool
    automatic: bool
    checked_on_site: bool
    pace: float
    versions: tuple[Version, ...]

    def at(self, day: int) -> Version:
        """The version in force on that day."""
        for version in reversed(self.versions):
            if version.effective <= day:
                return version
        return self.versions[0]


def catalogue(chance: Chance, first: int, last: int) -> tuple[Item, ...]:
    """The items in order of rank, for the year from the day `first` to the day `last`."""
    drafts = chance.shuffled(_drafts())[:ITEMS]
    weights = zipf(ITEMS, _EXPONENT)
    items = [
        _item(rank, draft, kind, chance, first)
        for rank, (draft, kind) in enumerate(zip(drafts, _kinds(weights), strict=True))
    ]
    promised = [i for i in items[_COMMON_RANKS:] if i.versions[0].kind == "promised"]
    changed = chance.shuffled(promised)[: RECLASSIFIED + _REPUBLISHED]
    for place, item in enumerate(changed):
        day = first + 30 + chance.below(last - first - 60)
        old = item.versions[0]
        promise = 1 if place < RECLASSIFIED else max(2, old.promised * 3 // 4)
        kind = "immediate" if place < RECLASSIFIED else old.kind
        new = replace(
            old,
            number=2,
            effective=day,
            kind=kind,
            promised=promise,
            natural_days=False,
            materials=old.materials[: max(2, len(old.materials) - 1)],
        )
        items[item.rank] = replace(item, versions=(old, new))
    return tuple(items)


def popularity(items: tuple[Item, ...]) -> Weighted[Item]:
    """Which item a case is about."""
    return Weighted(zip(items, zipf(ITEMS, _EXPONENT), strict=True))


def _drafts() -> Iterator[tuple[Department, str, str, tuple[str, str], int]]:
    for department in DEPARTMENTS:
        for place, matter in enumerate(MATTERS[department.key].split()):
            for variant in VARIANTS:
                yield department, matter[:-1], matter[-1], variant, place


def _kinds(weights: list[float]) -> Iterator[str]:
    """The kinds in order of rank, always the one that lags most behind its share of cases."""
    given = dict.fromkeys(_KINDS, 0.0)
    total = 0.0
    for rank, weight in enumerate(weights):
        total += weight
        choices = list(_KINDS)[: 2 if rank < _COMMON_RANKS else None]
        kind = max(choices, key=lambda kind: round(_KINDS[kind] * total - given[kind], 9))
        given[kind] += weight
        yield kind


def _item(
    rank: int,
    draft: tuple[Department, str, str, tuple[str, str], int],
    kind: str,
    chance: Chance,
    first: int,
) -> Item:
    department, matter, letter, (variant, apply_type), place = draft
    nature, nature_code = NATURES[letter]
    number = VARIANTS.index((variant, apply_type)) + 1
    basic = f"44{nature_code}{2000 + DEPARTMENTS.index(department) * 100 + place:05d}{number:03d}"
    organ = credit_number(700_000 + DEPARTMENTS.index(department), prefix=f"11{AREA}")
    licence = nature == "licence"
    certificate = licence or (nature == "confirmation" and chance.draw() < 0.8)
    result = "certificate" if certificate else "document"
    if nature in ("public_service", "other_power") and chance.draw() < 0.4:
        result = "none"
    return Item(
        rank=rank,
        code=f"{organ}4{basic}",
        basic=basic,
        name=f"{matter}（{variant}）",
        department=department,
        nature=nature,
        apply_type=apply_type,
        result=result,
        online_level=_ONLINE_LEVEL.at(chance.draw()),
        authorised=kind == "immediate" and chance.draw() < 0.6,
        automatic=kind == "immediate" and chance.draw() < 0.25,
        checked_on_site=licence and kind != "immediate" and chance.draw() < 0.3,
        pace=0.8 + 0.4 * chance.draw(),
        versions=(_first_version(kind, department, licence, chance, first),),
    )


def _first_version(
    kind: str, department: Department, licence: bool, chance: Chance, first: int
) -> Version:
    promised = {
        "immediate": 1,
        "promised": chance.among(_PROMISES),
        "joint": chance.between(18, 30),
        "referred_up": chance.between(10, 15),
    }[kind]
    statutory = 45 if kind == "joint" else 20 if licence else max(promised, chance.between(10, 30))
    names = chance.shuffled(range(len(MATERIALS)))[: chance.between(3, 7)]
    materials = ({"code": f"M{n + 1:02d}", "name": MATERIALS[n]} for n in sorted(names))
    special = SPECIAL_PROCEDURES[department.key] if kind != "immediate" else ()
    return Version(
        number=1,
        effective=first,
        kind=kind,
        statutory=statutory,
        promised=promised,
        natural_days=kind == "promised" and chance.draw() < 0.02,
        materials=tuple(materials),
        special=special,
        fee=chance.among((500, 1000, 2000, 10000)) if chance.draw() < 0.06 else 0,
    )
