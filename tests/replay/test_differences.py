import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.differences import applied, differences

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=4) | st.sampled_from("abc"), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON, JSON)
def test_applied_to_the_old_state_they_give_the_new_one(before, after):
    kept = copy.deepcopy(before)
    assert applied(before, differences(before, after)) == after
    assert before == kept


@given(JSON)
def test_equal_states_do_not_differ(value):
    assert differences(value, copy.deepcopy(value)) == []


def test_a_field_a_nested_field_and_an_item_are_named_by_their_paths():
    before = {
        "status": "received",
        "clocks": {"step/审核": {"due": None}, "promised": {"limit": 5}},
        "suspensions": [{"seq": "1", "to": None}],
        "gone": 1,
    }
    after = {
        "status": "accepted",
        "clocks": {"step/审核": {"due": "2026-03-09"}, "promised": {"limit": 5}},
        "suspensions": [{"seq": "1", "to": "2026-03-05"}, {"seq": "2"}],
        "new": None,
    }
    assert differences(before, after) == [
        {"path": 'clocks["step/审核"].due', "from": None, "to": "2026-03-09"},
        {"path": "gone", "from": 1, "to": None, "absent": "to"},
        {"path": "new", "from": None, "to": None, "absent": "from"},
        {"path": "status", "from": "received", "to": "accepted"},
        {"path": "suspensions[0].to", "from": None, "to": "2026-03-05"},
        {"path": "suspensions[1]", "from": None, "to": {"seq": "2"}, "absent": "from"},
    ]


def test_a_shorter_array_loses_its_items_from_the_end():
    changes = differences({"a": [1, 2, 3]}, {"a": [1]})
    assert [change["path"] for change in changes] == ["a[2]", "a[1]"]


def test_a_boolean_is_not_a_number_and_another_kind_of_value_is_a_difference():
    assert differences({"a": True}, {"a": 1}) == [{"path": "a", "from": True, "to": 1}]
    assert differences({"a": []}, {"a": {}}) == [{"path": "a", "from": [], "to": {}}]
    assert differences({"a": 1}, {"a": 1.0}) == []


@pytest.mark.parametrize("path", ["b", "a[1].c", "a.b.c", "a[", "..", 'a["b', "a b"])
def test_a_path_that_does_not_fit_is_an_error(path):
    with pytest.raises(ValueError, match="expected"):
        applied({"a": [{"c": 1}]}, [{"path": f"{path}.x", "from": None, "to": 1}])
