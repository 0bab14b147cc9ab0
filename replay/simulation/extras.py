"""What some cases bring with them: fees, and intermediaries whose report the item asks for.

Assumptions: one fee in twenty of a promised case is waived; at a department with such a service
one case of an organisation in twenty-five needs an intermediary, nine in ten chosen on the
marketplace, a few agencies being far busier than the rest.
"""

from __future__ import annotations

from typing import Final

from replay.simulation.case_file import CaseFile
from replay.simulation.chance import Weighted
from replay.simulation.departments import INTERMEDIARY_MARKET
from replay.simulation.instants import DAY
from replay.simulation.matters import INTERMEDIARY_SERVICES

_NEEDED: Final = 0.04
_ON_THE_MARKET: Final = 0.9
_METHODS: Final = Weighted({"draw": 0.55, "bid": 0.3, "direct": 0.15})
_PRICE: Final = 300_000


def charge(case: CaseFile, waived: float) -> None:
    """收费 of what the item version lists, waived with that likelihood."""
    case.wait(10, 60)
    data = {
        "actor": case.counter().actor,
        "amount": case.version.fee,
        "basis": "收费目录清单",
        "waived": case.draw() < waived,
    }
    case.add("fee.charged", case.home, data)


def engage(case: CaseFile) -> None:
    """中介选取 and 中介成果, some days later."""
    service = INTERMEDIARY_SERVICES.get(case.item.department.key)
    if service is None or case.applicant["kind"] != "organisation" or case.draw() >= _NEEDED:
        return
    draw, agencies = case.draw, case.district.agencies
    clerk = case.acting(case.team.clerks)
    on_market = draw() < _ON_THE_MARKET
    agency = agencies[int(len(agencies) * case.chance.low())]
    case.wait(30, 600)
    data = {
        "agency": agency,
        "service": service,
        "method": _METHODS.at(draw()) if on_market else "direct",
        "via": "marketplace" if on_market else "off",
        "candidates": case.chance.between(3, 9) if on_market else 1,
        "price": int(_PRICE * (0.5 + case.chance.low() * 4)) // 1_000 * 1_000,
        "required_by": clerk.reference["id"],
    }
    source = INTERMEDIARY_MARKET if on_market else case.front
    case.add("intermediary.engaged", source, data)
    reported = {"agency": agency, "service": service, "outcome": "pass"}
    at = case.now + int((0.3 + draw() * case.version.promised * 0.4) * DAY)
    case.facts.add(at, "intermediary.reported", source, reported)
