import json

import pytest

from domain.errors import WrongUse
from replay.xes import ActivityMapping

RECEIVED = {
    "item": {"code": "PW"},
    "kind": "promised",
    "channel": "web",
    "applicant": {"kind": "organisation", "name": "某公司", "id_type": "uscc", "id_no": "91440300"},
}


def test_a_mapping_file_is_read(tmp_path):
    file = tmp_path / "mapping.json"
    file.write_text(
        '\ufeff{"activities": {"收件": {"type": "case.received", "data": '
        + json.dumps(RECEIVED)
        + "},"
        ' "办结": {"type": "case.closed", "data": {"result": "issued"}}}}',
        encoding="utf-8",
    )
    mapping = ActivityMapping.read(file)
    received, closed = mapping.of("收件"), mapping.of("办结")
    assert received is not None
    assert closed is not None
    assert (received.type, received.new_data()) == ("case.received", RECEIVED)
    assert (closed.type, closed.new_data()) == ("case.closed", {"result": "issued"})
    assert mapping.of("审核") is None


@pytest.mark.parametrize("name", ["step", "actor", "raw"])
def test_what_comes_from_the_log_cannot_be_mapped(name):
    text = f'{{"activities": {{"a": {{"type": "case.closed", "data": {{"{name}": 1}}}}}}}}'
    with pytest.raises(WrongUse, match=f"expected no {name}: it comes from the log"):
        ActivityMapping.parse(text)


@pytest.mark.parametrize(
    ("text", "field", "expected", "found"),
    [
        ("", "mapping file", "JSON", "line 1 column 1"),
        ("[" * 100_000, "mapping file", "JSON", "nesting too deep"),
        ('{"activities": {}', "mapping file", "JSON", "line 1 column"),
        ("[]", "mapping file", "an object", "an array"),
        ("null", "mapping file", "an object", "null"),
        ("{}", "mapping file", "the field activities", "no field"),
        ('{"activity": {}}', "mapping file", "the field activities", "activity"),
        ('{"activities": {}, "x": 1}', "mapping file", "no field but activities", "x"),
        ('{"activities": [], "activities": {}}', "mapping file", "each name once", "twice"),
        ('{"activities": {"a": {"type": "case.closed", "data": {"x": NaN}}}}', "file", "", "NaN"),
        ('{"activities": 1}', "activities", "an object", "a number"),
        ('{"activities": {"a": "b"}}', "activities.'a'", "an object", "a text"),
        ('{"activities": {"a": true}}', "activities.'a'", "an object", "a boolean"),
        ('{"activities": {"a": {}}}', "activities.'a'", "the field type", "no field"),
        ('{"activities": {"a": {"type": 1}}}', "activities.'a'.type", "an event type", "1"),
        ('{"activities": {"a": {"type": "a.b"}}}', "activities.'a'.type", "an event type", "a.b"),
        ('{"activities": {"a": {"type": "hall.published"}}}', "type", "subject is a case", "hall"),
        ('{"activities": {"a": {"type": "case.closed", "kind": 1}}}', "'a'", "data, type", "kind"),
        ('{"activities": {"a": {"type": "case.closed", "data": []}}}', "data", "object", "array"),
        ('{"activities": {"a": {"type": "case.closed"}}}', "'a'.data.result", "required", "not"),
        ('{"activities": {"a": {"type": "case.closed", "data": {"result": 1}}}}', "result", "", ""),
    ],
)  # fmt: skip
def test_a_mapping_that_makes_no_sense_says_where_and_why(text, field, expected, found):
    with pytest.raises(WrongUse) as raised:
        ActivityMapping.parse(text)
    assert field in raised.value.field
    assert expected in raised.value.expected
    assert found in raised.value.found


def test_a_mapping_file_that_cannot_be_read_is_wrong_use(tmp_path):
    with pytest.raises(WrongUse, match="a readable file"):
        ActivityMapping.read(tmp_path / "none.json")
    bad = tmp_path / "bad.json"
    bad.write_bytes(b'{"activities": {"\xff": {}}}')
    with pytest.raises(WrongUse, match="expected UTF-8, found a bad byte at 17"):
        ActivityMapping.read(bad)
