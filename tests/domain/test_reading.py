import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import EventRefused
from domain.reading import read_event
from tests.domain.golden_events import golden, golden_names
from tests.domain.refusals import refused

ACCEPTED = "case.accepted"


def test_every_fault_is_told_at_once_with_its_place() -> None:
    event = golden(
        "case.received",
        channel=3,
        kind={"raw": 2},
        item={},
        applicant={"id_no": 5, "name": ["甲某"]},
        applied_at="2026-02-30",
        materials=[{"code": 1}, 3, {"pages": -1}],
        contact={"phone": 1},
        limits={"unit": "week", "statutory": 2.5, "promised": True},
        presence="yes",
    )
    event["time"] = "yesterday"
    faults = {path: (f.expected, f.found) for path, f in refused(event).items()}
    required = "a value, as the field is required"
    assert faults.pop("time")[1] == "'yesterday'"
    assert faults.pop("data.channel")[1] == "3"
    assert faults == {
        "data.kind.value": (required, "nothing"),
        "data.item.code": (required, "nothing"),
        "data.applicant.id_no": ("text", "a number"),
        "data.applicant.name": ("text", "a list of 1 element"),
        "data.applied_at": (
            "a date YYYY-MM-DD or a time YYYY-MM-DDThh:mm:ss+hh:mm",
            "text of 10 characters",
        ),
        "data.materials[0].code": ("text", "a number"),
        "data.materials[1]": ("an object or text", "a number"),
        "data.materials[2].pages": ("a number of at least 0", "a number"),
        "data.contact.phone": ("text", "a number"),
        "data.limits.statutory": ("an integer", "a number"),
        "data.limits.promised": ("an integer", "a boolean"),
        "data.presence": ("true or false", "text of 3 characters"),
    }


@pytest.mark.parametrize(
    ("name", "field", "value", "expected"),
    [
        ("case.accepted", "fee_listed", "x", "a number or true or false"),
        ("fee.charged", "waived", "x", "a number or true or false"),
        ("step.completed", "limit", True, "a number or an object"),
        ("step.completed", "step", True, "text or an object"),
        ("case.accepted", "queue_no", 7.5, "an integer"),
        ("access.logged", "what", None, "text or a list or an object"),
        ("responsibility.assigned", "shares", [{"department": "D", "percent": 101}], "at most 100"),
        ("case.received", "contact", ["x"], "text or an object"),
    ],
)
def test_a_field_of_several_types_says_which(
    name: str, field: str, value: Any, expected: str
) -> None:
    faults = refused(golden(name, **{field: value}))
    assert expected in next(iter(faults.values())).expected


def test_text_holds_10_000_characters_and_no_more() -> None:
    assert read_event(golden("case.reopened", reason="由" * 10_000)).warnings == ()
    (fault,) = refused(golden("case.reopened", reason="由" * 10_001)).values()
    assert fault.path == "data.reason"
    assert fault.expected == "text of at most 10,000 characters"
    assert fault.found == "text of 10,001 characters"


def test_a_whole_number_written_with_a_point_is_an_integer() -> None:
    reading = read_event(golden("deadline.extended", days=5.0))
    assert reading.warnings == ()
    assert type(reading.event["data"]["days"]) is int


def test_an_actor_needs_an_id_or_a_name() -> None:
    for actor in ({}, {"role": "window"}, {"id": ""}, {"id": None, "name": ""}):
        assert set(refused(golden(ACCEPTED, actor=actor))) == {"data.actor"}
    for actor in ({"id": "B1"}, {"name": "甲某"}):
        assert read_event(golden(ACCEPTED, actor=actor)).warnings == ()


@pytest.mark.parametrize("result", ["refused", {"value": "withdrawn"}, "unheard_of"])
def test_a_case_closed_without_success_has_a_reason(result: Any) -> None:
    event = golden("case.closed", result=result)
    assert read_event(event)
    del event["data"]["reason"]
    assert set(refused(event)) == {"data.reason"}


@pytest.mark.parametrize("result", ["issued", "completed", {"value": "issued", "raw": "0"}])
def test_a_case_closed_with_success_needs_no_reason(result: Any) -> None:
    event = golden("case.closed", result=result)
    del event["data"]["reason"]
    assert read_event(event).event is event


def test_shares_of_responsibility_add_up_to_100() -> None:
    def shares(*percents: float) -> list[dict[str, Any]]:
        return [{"department": f"D{n}", "percent": p} for n, p in enumerate(percents)]

    name = "responsibility.assigned"
    assert read_event(golden(name, shares=shares(33.33, 33.33, 33.34))).warnings == ()
    assert read_event(golden(name, shares=shares(100))).warnings == ()
    (fault,) = refused(golden(name, shares=shares(60, 30))).values()
    assert (fault.path, fault.found) == ("data.shares", "90")
    assert set(refused(golden(name, shares=[]))) == {"data.shares"}


def test_a_correction_names_its_event_by_identity_or_by_version() -> None:
    event = golden("record.corrected")
    del event["data"]["ref"]
    assert set(refused(event)) == {"data.ref"}
    event["data"]["version"] = 3
    assert read_event(event).event is event
    event["data"]["version"] = 0
    assert set(refused(event)) == {"data.version"}


def test_the_time_in_a_patch_is_a_time_with_an_offset() -> None:
    for time in ("2026-03-02", "2026-03-02T09:30:00", "2026-02-30T09:30:00Z", 7):
        faults = refused(golden("record.corrected", patch={"time": time}))
        assert set(faults) == {"data.patch.time"}
    patch = {"data": {"anything": None}, "subject": "another"}
    assert read_event(golden("record.corrected", patch=patch)).warnings == (
        "data.patch.subject: unknown field, kept",
    )


@pytest.mark.parametrize(
    "day",
    [
        "2026-03-02",
        "2024-02-29",
        "9999-12-31",
        "2026-03-02T09:30:00+08:00",
        "2200-01-01T00:00:00Z",
    ],
)
def test_dates_in_data_are_dates_or_times(day: str) -> None:
    assert read_event(golden("certificate.issued", valid_until=day)).warnings == ()


@pytest.mark.parametrize(
    "day", ["长期", "20260302", "2026-3-2", "2026-02-29", "2026-03-02T09:30:00", "0000-01-01", 2026]
)
def test_other_dates_in_data_are_refused(day: Any) -> None:
    assert set(refused(golden("certificate.issued", valid_until=day))) == {"data.valid_until"}


def test_sealed_values_are_read_where_personal_data_may_stand() -> None:
    sealed = {
        "sealed": "A256GCM",
        "key": "k1",
        "nonce": "bm9uY2U=",
        "text": "A" * 40_000,
        "ref": "0" * 32,
        "length": 10_000,
    }
    event = golden("case.received", contact=sealed)
    event["data"]["applicant"] |= {"name": sealed, "id_no": sealed, "phone": sealed}
    event["data"]["actor"]["name"] = sealed
    assert read_event(event).event is event
    for name, field in (
        ("rating.submitted", "rater"),
        ("rating.submitted", "text"),
        ("complaint.filed", "complainant"),
        ("result.delivered", "receiver"),
        ("contact.logged", "who"),
        ("step.completed", "opinion"),
        ("clock.resumed", "result"),
        ("case.prereviewed", "reasons"),
        ("case.voided", "reason"),
    ):
        event = golden(name, **{field: sealed})
        assert read_event(event).event is event
    del sealed["nonce"]
    assert set(refused(golden("case.voided", reason=sealed))) == {"data.reason.nonce"}


def test_an_event_of_an_imported_log_is_read_by_the_same_rules() -> None:
    event = golden("step.completed", step="T02 Check confirmation of receipt")
    event |= {"source": "/import/receipt", "subject": "receipt:case-10011"}
    del event["data"]["actor"]
    assert read_event(event).event is event


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3)
    ),
    max_leaves=6,
)


@given(json_values)
def test_any_json_is_read_or_refused(value: Any) -> None:
    refused(value)


@given(st.data())
def test_a_golden_event_with_any_value_anywhere_is_read_or_refused_where_it_was_changed(
    data: st.DataObject,
) -> None:
    event = golden(data.draw(st.sampled_from(golden_names())))
    holder: Any = event["data"]
    while True:
        key = data.draw(
            st.sampled_from(range(len(holder)) if isinstance(holder, list) else sorted(holder))
        )
        if not isinstance(holder[key], dict | list) or not holder[key] or data.draw(st.booleans()):
            break
        holder = holder[key]
    holder[key] = data.draw(json_values)
    before = copy.deepcopy(event)
    try:
        paths, event_read = [], read_event(event).event
    except EventRefused as caught:
        paths, event_read = [fault.path for fault in caught.faults], None
    assert event == before
    assert all(path.startswith("data.") for path in paths)
    assert paths or read_event(event_read).event == event_read


SECRET = "秘密秘密"


@given(st.data())
def test_no_fault_shows_what_stands_in_a_field_that_is_no_code(data: st.DataObject) -> None:
    event = golden("case.received")
    secret = data.draw(
        st.sampled_from(
            [SECRET, {SECRET: SECRET}, [SECRET], {"value": [SECRET]}, {"name": [SECRET]}]
        )
    )
    field = data.draw(st.sampled_from(["applicant", "contact", "applied_at", "materials", "item"]))
    event["data"][field] = secret
    event["data"]["presence"] = SECRET
    event["subject"] = event["source"] = f"{SECRET} {SECRET}"
    with pytest.raises(EventRefused) as caught:
        read_event(event)
    assert SECRET not in str(caught.value).replace(f".{SECRET}:", "")
