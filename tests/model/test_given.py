"""Values from a server, checked where they are read."""

import json
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from agents.model import given

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3)
)


@for_all(JSON)
def test_any_value_has_the_type_that_is_read(value: Any) -> None:
    """Whatever stands in a field, a count is a whole number that fits a database, and a text can be encoded."""
    assert 0 <= given.count(value) <= 10**15
    assert given.seconds(value) <= 10**6
    assert given.text(value).encode() or not value or not isinstance(value, str)
    assert len(given.name(value)) <= 300
    assert all(isinstance(entry, dict) for entry in given.entries(value))
    assert not given.mapping(value)


@pytest.mark.parametrize("wrong", ["26", 26.5, 1e400, float("nan"), True, -1, 10**16, None, [26], {"a": 1}])
def test_what_is_no_count_is_not_given(wrong: Any) -> None:
    """Texts, fractions, infinities, truth values, and numbers that cannot be meant count as nothing."""
    assert (given.count(wrong), given.whole(wrong), given.seconds(wrong)) == (0, None, 0.0)


def test_what_is_as_it_should_be_is_kept() -> None:
    """Counts, durations in nanoseconds, texts, names and lists of objects are read as they are."""
    assert (given.count(26), given.whole(0), given.seconds(2_500_000_000)) == (26, 0, 2.5)
    assert (given.text("né"), given.name("qwen3:4b")) == ("né", "qwen3:4b")
    assert given.entries([{"a": 1}, "b", {"c": 2}]) == [{"a": 1}, {"c": 2}]


def test_halves_of_characters_are_replaced() -> None:
    """JSON can name half a character, which no database and no terminal takes."""
    assert given.text(json.loads('"a\\ud800b"')) == "a?b"


def test_deep_json_is_no_json() -> None:
    """A line of brackets is an error as for other lines that are not JSON."""
    with pytest.raises(ValueError, match="too deep"):
        given.parsed("[" * 100_000)
