import copy
from typing import Any

import pytest

from domain.reading import read_event
from tests.domain.golden_events import golden
from tests.domain.refusals import refused


def test_unknown_fields_are_kept_and_named() -> None:
    event = golden("case.received", colour="red")
    event["data"]["applicant"]["nickname"] = "小甲"
    event["data"]["materials"][1]["shelf"] = 7
    event["data"]["kind"] = {"value": "promised", "meaning": "承诺件"}
    reading = read_event(event)
    assert reading.event is event
    assert sorted(reading.warnings) == [
        "data.applicant.nickname: unknown field, kept",
        "data.colour: unknown field, kept",
        "data.kind.meaning: unknown field, kept",
        "data.materials[1].shelf: unknown field, kept",
    ]


def test_an_unknown_code_is_read_as_other_and_kept() -> None:
    event = golden("case.received", channel="fax", kind={"value": "9", "system": "GB/T 39046"})
    before = copy.deepcopy(event)
    reading = read_event(event)
    assert event == before
    assert reading.event["data"]["channel"] == {"value": "other", "raw": "fax"}
    assert reading.event["data"]["kind"] == {
        "value": "other",
        "raw": "9",
        "system": "GB/T 39046",
    }
    assert len(reading.warnings) == 2
    assert (
        "data.channel: unknown code 'fax', taken as other"
        in reading.warnings[0] + (reading.warnings[1])
    )
    assert read_event(reading.event).warnings == ()


def test_an_unknown_value_beside_a_raw_code_is_kept_as_sent() -> None:
    event = golden("case.closed", result={"value": "done", "raw": 10, "system": "GD"})
    assert read_event(event).event["data"]["result"] == {
        "value": "other",
        "raw": 10,
        "system": "GD",
        "sent": "done",
    }


def test_unknown_codes_are_read_as_other_wherever_they_stand() -> None:
    event = golden("item.published", special_procedures=["hearing", "séance"])
    event["data"]["limits"]["unit"] = "week"
    event["data"]["actor"]["rank"] = {"value": "emperor", "raw": "1"}
    data = read_event(event).event["data"]
    assert data["special_procedures"] == ["hearing", {"value": "other", "raw": "séance"}]
    assert data["limits"]["unit"] == {"value": "other", "raw": "week"}
    assert data["actor"]["rank"] == {"value": "other", "raw": "1", "sent": "emperor"}


def test_a_known_code_may_come_with_the_code_of_the_source() -> None:
    event = golden("case.received", kind={"value": "promised", "raw": 2, "system": "GB/T 39046"})
    assert read_event(event).event is event


@pytest.mark.parametrize("level", [0, 6, 2.5, True, "5", {"value": 6}, None])
def test_a_rating_has_one_of_five_levels(level: Any) -> None:
    faults = refused(golden("rating.submitted", level=level))
    assert set(faults) <= {"data.level", "data.level.value"}


def test_a_rating_level_may_come_with_the_code_of_the_source() -> None:
    event = golden("rating.submitted", level={"value": 5, "raw": "1", "system": "GB/T 39046"})
    assert read_event(event).event is event


@pytest.mark.parametrize("level", ["orange", {"value": "orange"}, "other", 1])
def test_a_warning_is_a_notice_yellow_or_red(level: Any) -> None:
    (fault,) = refused(golden("warning.raised", level=level)).values()
    assert fault.expected == "one of notice, yellow, red"
