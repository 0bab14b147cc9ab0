"""Events as a district's systems send them, for benchmarks: interleaved cases, ten events each.

Of ten events about eight values are personal and get sealed: the applicant's name, id number and
phone, two opinions, the text of a rating, two reasons.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import orjson

_OPINIONS = (
    "材料齐全,符合法定形式,拟同意",
    "经审核,申请事项符合规定条件,同意",
    "现场勘验情况与申报材料一致,建议批准",
)
_SHANGHAI = ZoneInfo("Asia/Shanghai")


def lines(cases: int, seed: int = 7) -> Iterator[bytes]:
    """NDJSON lines (without line ends), ten for each case, about a hundred cases open at a time."""
    dice = random.Random(seed)
    open_cases: list[Iterator[bytes]] = []
    started = 0
    while started < cases or open_cases:
        while len(open_cases) < 100 and started < cases:
            open_cases.append(_case(started, random.Random(seed * 1_000_003 + started)))
            started += 1
        place = dice.randrange(len(open_cases))
        line = next(open_cases[place], None)
        if line is None:
            open_cases.pop(place)
        else:
            yield line


def _case(serial: int, dice: random.Random) -> Iterator[bytes]:
    source = f"/440306/{dice.choice(('scjg', 'rsj', 'zjj', 'wjj'))}"
    department = f"440306-{source.rsplit('/', 1)[1].upper()}"
    subject = f"440306-20260302-{serial:07d}"
    moment = datetime(2026, 3, 2, 9, 0, tzinfo=_SHANGHAI) + timedelta(seconds=serial * 11)
    count = 0

    def event(type_name: str, officer: str | None, data: dict[str, object]) -> bytes:
        nonlocal moment, count
        moment += timedelta(minutes=dice.randrange(5, 600))
        count += 1
        if officer is not None:
            role = {"B": "window", "C": "reviewer", "D": "approver"}[officer[0]]
            data["actor"] = {"id": officer, "role": role, "department": department}
        return orjson.dumps(
            {
                "specversion": "1.0",
                "id": f"{serial:07d}-{count:02d}-{dice.getrandbits(48):012x}",
                "source": source,
                "type": type_name,
                "subject": subject,
                "time": moment.isoformat(),
                "datacontenttype": "application/json",
                "data": data,
            }
        )

    clerk, reviewer, approver = (f"{letter}{dice.randrange(1000, 1080)}" for letter in "BCD")
    item = {"code": f"44030{dice.randrange(1, 757):03d}", "version": 1}
    yield event(
        "case.received",
        clerk,
        {
            "item": item,
            "kind": "promised",
            "channel": dice.choice(("window", "web", "mobile")),
            "applicant": {
                "kind": "person",
                "name": dice.choice("王李张刘陈") + dice.choice("伟芳敏静丽强") + "样",
                "id_type": "id_card",
                "id_no": f"44030619{dice.randrange(60, 99)}{dice.randrange(10**10):010d}",
                "phone": f"138{dice.randrange(10**8):08d}",
            },
            "applied_at": moment.isoformat(),
            "materials": [
                {"code": "M1", "name": "申请表", "form": "paper"},
                {"code": "M2", "name": "身份证明", "form": "licence"},
            ],
            "hall": "H1",
            "zone": "Z2",
            "limits": {"statutory": 20, "promised": 5, "unit": "workday"},
        },
    )
    yield event("case.taken", clerk, {"department": department})
    yield event(
        "case.accepted",
        clerk,
        {"receipt_no": f"SL{serial:07d}", "limits": {"statutory": 20, "promised": 5}},
    )
    yield event(
        "case.handed_off",
        clerk,
        {
            "from": {"department": department, "officer": clerk},
            "to": {"department": department, "officer": reviewer},
            "reason": "转业务科室审核",
        },
    )
    yield event("step.started", reviewer, {"step": "review", "no": "2"})
    yield event(
        "step.completed",
        reviewer,
        {"step": "review", "outcome": "pass", "opinion": dice.choice(_OPINIONS)},
    )
    yield event(
        "step.completed",
        approver,
        {"step": "approve", "outcome": "pass", "opinion": dice.choice(_OPINIONS)},
    )
    yield event("decision.made", approver, {"outcome": "granted", "mode": "manual"})
    yield event("case.closed", approver, {"result": "issued", "reason": "准予许可并制发证照"})
    yield event(
        "rating.submitted",
        None,
        {"level": dice.choice((5, 5, 5, 4)), "channel": "qr", "text": "办理很快,窗口人员热情"},
    )
