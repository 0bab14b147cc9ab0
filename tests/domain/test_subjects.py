import pytest

from domain.errors import EventRefused
from domain.reading import read_event
from tests.domain.golden_events import golden


def with_subject(name: str, subject: object) -> dict[str, object]:
    return {**golden(name), "subject": subject}


def refuses(name: str, subject: object) -> bool:
    with pytest.raises(EventRefused) as refused:
        read_event(with_subject(name, subject))
    return [fault.path for fault in refused.value.faults] == ["subject"]


@pytest.mark.parametrize("subject", ["1", "粤440306-2026/收".replace("/", ":"), "a" * 128])
def test_a_case_number_is_any_text_of_1_to_128_characters(subject: str) -> None:
    assert read_event(with_subject("case.accepted", subject)).warnings == ()


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "a" * 129,
        "a b",
        "a\u3000b",
        "a\nb",
        "a\n",
        "a\x7fb",
        "a\x85b",
        "a\u2028b",
        "a/b",
        "/a",
        "case/1",
        "ticket/1",
        "\ud800",
        7,
        None,
        ["a"],
    ],
)
def test_other_case_numbers_are_refused(subject: object) -> None:
    assert refuses("case.accepted", subject)


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("ticket.called", "ticket/1"),
        ("window.opened", "window/1"),
        ("window.opened", "hall/1"),
        ("inquiry.logged", "call/1"),
        ("inquiry.logged", "440306-1"),
        ("rating.submitted", "hall/1"),
        ("hold.placed", "440306-1"),
        ("supervision.opened", "audit/1"),
        ("source.outage", "source//440306/scjg"),
        ("source.outage", "source/scjg"),
        ("record.corrected", "audit/1"),
        ("record.corrected", "source//440306/scjg"),
        ("record.corrected", "440306-1"),
        ("ticket.called", "ticket/" + "a" * 121),
    ],
)
def test_a_type_takes_its_own_kinds_of_subject(name: str, subject: str) -> None:
    assert read_event(with_subject(name, subject)).warnings == ()


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("ticket.called", "440306-1"),
        ("ticket.called", "ticket/"),
        ("ticket.called", "ticket/a/b"),
        ("ticket.called", "ticket/" + "a" * 122),
        ("ticket.called", "Ticket/1"),
        ("access.logged", "440306-1"),
        ("item.published", "item/1"),
        ("source.outage", "source/"),
        ("source.outage", "source/a b"),
        ("record.corrected", "unknown/1"),
        ("record.corrected", "audit/1/2"),
    ],
)
def test_a_type_takes_no_other_subject(name: str, subject: str) -> None:
    assert refuses(name, subject)


def test_a_refused_subject_is_told_by_the_shapes_that_the_type_takes() -> None:
    with pytest.raises(EventRefused) as refused:
        read_event({**golden("inquiry.logged"), "subject": "ticket/17"})
    (fault,) = refused.value.faults
    assert fault.expected == (
        "a case number, call/…; 1 to 128 characters without white space or control characters"
    )
    assert fault.found == "text of 9 characters"
