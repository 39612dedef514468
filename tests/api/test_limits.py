"""What one client may take from the others."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from agents.api import limits
from agents.api.limits import Body, Rates, Room, WrongTokens, network_of
from tests.api.serving import answered, served


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        """Seconds."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the limits."""
    made = Clock()
    monkeypatch.setattr(limits, "time", made)
    return made


def test_an_owner_has_so_many_requests_a_minute(clock: Clock) -> None:
    """They may come at once; then one after the other, as the minute goes on. Others are not affected."""
    rates = Rates(60)
    assert [rates.wait("ada") for _ in range(60)] == [0.0] * 60
    assert 0 < rates.wait("ada") <= 1
    assert rates.wait("ben") == 0
    clock.now += 1.01
    assert rates.wait("ada") == 0
    assert rates.wait("ada") > 0
    clock.now += 3600
    assert [rates.wait("ada") > 0 for _ in range(61)] == [False] * 60 + [True]


def test_too_many_requests_are_refused_but_not_for_health() -> None:
    """With 429, Retry-After and the name of the setting."""
    with served(api_rate=2) as own:
        path = "/meetings/nothing"
        codes = [_code(own.ports[0], path) for _ in range(3)]
        code, body, headers = answered(own.ports[0], path)
        assert (codes, code, headers["Retry-After"]) == ([404, 404, 429], 429, "30")
        assert "API_RATE" in body["remedy"]
        assert {_code(own.ports[0], path) for path in ("/health", "/ready", "/status") * 2} == {200}


def _code(port: int, path: str) -> int:
    from tests.api.serving import fetched

    return fetched(port, path)[0]


def test_wrong_tokens_are_forgotten_after_a_minute(clock: Clock) -> None:
    """And many addresses do not use up the memory."""
    wrong = WrongTokens()
    for number in range(10):
        wrong.add("192.0.2.1", f"guess {number}")
    assert wrong.wait("192.0.2.1", "right") == 60
    assert wrong.wait("192.0.2.2", "right") == 0
    clock.now += 61
    assert wrong.wait("192.0.2.1", "right") == 0
    for number in range(limits.MOST_ADDRESSES + 10):
        wrong.add(f"address {number}", "guess")
    assert len(wrong._tried) == limits.MOST_ADDRESSES


@given(st.ip_addresses(v=6).map(str) | st.text(max_size=30))
def test_any_address_has_a_network(address: str) -> None:
    """Clients of one network of IPv6 are one, those of IPv4 are not."""
    assert network_of(network_of(address)) == network_of(address)
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::") != network_of("2001:db8:1:3::")
    assert network_of("::ffff:192.0.2.1") == "192.0.2.1"


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=8), st.integers(0, 60), st.integers(0, 60))
def test_a_body_is_measured(pieces: list[bytes], most: int, free: int) -> None:
    """It arrives whole if it is not too big and there is room; otherwise the reader is told that the client has gone."""
    room = Room(100)
    room.used = 100 - free
    messages: list[Message] = [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces)}
        for number, piece in enumerate(pieces, 1)
    ]

    async def receive() -> Message:
        return messages.pop(0)

    async def read() -> tuple[Any, bytes]:
        body, got = Body(receive, most, room), b""
        while True:
            message = await body.receive()
            if message["type"] == "http.disconnect":
                return body, got
            got += message["body"]
            if not message["more_body"]:
                return body, got

    whole = b"".join(pieces)
    body, got = asyncio.run(read())
    assert body.refused == (len(whole) > min(most, free))
    assert whole.startswith(got)
    assert (got == whole) or body.too_big or body.too_many
    body.close()
    assert room.used == 100 - free
