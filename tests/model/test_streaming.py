"""One streamed call: what is repeated, what is not, and how long it may take."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any, Literal

import pytest

from agents.errors import ModelError, ModelUnavailable
from agents.model.streaming import Call, Caller, Failure, NoEnd, Pauses, Piece, TimedOut
from agents.settings import Settings

QUICK = Pauses(busy=(0.0, 0.0), failed=0.0)

Script = Sequence[Piece | Exception | float]
"""One attempt: pieces, an error that ends it, or seconds without anything."""


def done(text: str) -> Script:
    """An answer in one piece, with its end."""
    return [Piece(text), Piece(ended="stop")]


class Server:
    """Plays one script for each attempt, the last one again and again; each error means what it is told to mean."""

    def __init__(self, *scripts: Script, again: Literal["no", "once", "busy", "changed"] = "no") -> None:
        self.scripts = list(scripts)
        self.again: Literal["no", "once", "busy", "changed"] = again
        self.attempts = 0
        self.seen: list[BaseException] = []

    async def stream(self) -> AsyncGenerator[Piece, None]:
        """One attempt."""
        script = self.scripts[min(self.attempts, len(self.scripts) - 1)]
        self.attempts += 1
        for step in script:
            if isinstance(step, Exception):
                raise step
            if isinstance(step, float):
                await asyncio.sleep(step)
            else:
                yield step

    async def explain(self, error: BaseException, text: str) -> Failure:
        """What an error means."""
        self.seen.append(error)
        return Failure(ModelError(f"{type(error).__name__} after {text!r}"), self.again)

    def call(
        self,
        on_text: Callable[[str], None] | None = None,
        enough: Callable[[str], bool] | None = None,
        **clocks: Any,
    ) -> Call:
        """Make one call."""

        async def run() -> Call:
            caller = Caller(Settings.load({}, **clocks), asyncio.Semaphore(1), self.explain, QUICK)
            return await caller.run(self.stream, on_text, enough)

        return asyncio.run(run())


def test_an_answer_arrives_in_pieces_without_its_thoughts() -> None:
    """The listener receives the pieces of the answer, and the call has the whole of it."""
    heard = list[str]()
    server = Server([Piece("<think>hm</think>"), Piece("Yes"), Piece(", do."), Piece(ended="length", reply_tokens=3)])
    call = server.call(heard.append)
    assert (call.text, heard, call.last.ended, call.last.reply_tokens) == ("Yes, do.", ["Yes", ", do."], "length", 3)
    assert call.retries == 0


@pytest.mark.parametrize(("again", "attempts"), [("no", 1), ("once", 2), ("busy", 3)])
def test_a_call_is_repeated_as_often_as_its_error_allows(again: Literal["no", "once", "busy"], attempts: int) -> None:
    """Never, once, or once for each pause; then the error of the last attempt is raised."""
    server = Server([Piece("Half"), OSError()], again=again)
    with pytest.raises(ModelError, match="OSError after 'Half'") as raised:
        server.call()
    assert server.attempts == attempts
    assert raised.value.partial == "Half"


def test_a_repeated_call_starts_again() -> None:
    """The second attempt's answer does not contain the first one's, and the repeat is counted."""
    call = Server([Piece("Half"), OSError()], done("Whole."), again="once").call()
    assert (call.text, call.retries) == ("Whole.", 1)


def test_nothing_is_repeated_after_its_first_word_was_shown() -> None:
    """What a user has seen is not said twice."""
    heard = list[str]()
    server = Server([Piece("Half"), OSError()], done("Whole."), again="once")
    with pytest.raises(ModelError):
        server.call(heard.append)
    assert (server.attempts, heard) == (1, ["Half"])


def test_our_own_errors_are_passed_on() -> None:
    """An error that has a cause and a remedy is neither explained nor repeated."""
    server = Server([ModelUnavailable("No server.")], again="busy")
    with pytest.raises(ModelUnavailable, match=r"No server\."):
        server.call()
    assert (server.attempts, server.seen) == (1, [])


def test_an_error_of_the_listener_is_passed_on() -> None:
    """It is not taken for an error of the model."""

    def listen(_text: str) -> None:
        raise LookupError("mine")

    server = Server(done("Yes."), again="busy")
    with pytest.raises(LookupError, match="mine"):
        server.call(listen)
    assert (server.attempts, server.seen) == (1, [])


@pytest.mark.parametrize(
    ("script", "clock", "limit"),
    [
        ([5.0], "first", {"first_token_timeout": 0.1}),
        ([Piece("Half"), 5.0], "stall", {"stall_timeout": 0.1}),
        ([Piece("a"), *[0.4, Piece("b")] * 9], "turn", {"turn_timeout": 1.0}),
    ],
)
def test_each_limit_of_time_has_its_name(script: Script, clock: str, limit: dict[str, Any]) -> None:
    """Before the first word, within the answer, and for all of it."""
    server = Server(script)
    with pytest.raises(ModelError, match="TimedOut"):
        server.call(**limit)
    [error] = server.seen
    assert isinstance(error, TimedOut)
    assert (error.clock, error.seconds) == (clock, next(iter(limit.values())))


def test_an_answer_without_an_end_is_an_error_unless_it_is_complete() -> None:
    """A complete JSON value needs no last piece."""
    server = Server([Piece('{"vote": "object"}')])
    with pytest.raises(ModelError, match="NoEnd"):
        server.call()
    assert isinstance(server.seen[0], NoEnd)
    assert server.call(enough=lambda text: text.endswith("}")).text == '{"vote": "object"}'


LOOP = [Piece("Keep the cache. "), *[Piece("One server holds all the sessions. ")] * 30, Piece(ended="length")]


def test_an_answer_in_a_loop_is_stopped_where_it_repeats_itself() -> None:
    """The rest is not waited for, and the answer has what is repeated once."""
    heard = list[str]()
    call = Server(LOOP).call(heard.append)
    assert (call.text, call.last.ended) == ("Keep the cache. One server holds all the sessions.", "loop")
    assert (call.retries, len(heard) < 10) == (0, True)


def test_blank_lines_behind_complete_json_do_not_make_it_a_loop() -> None:
    """Under a schema, servers can send white space until the token limit: the answer is complete without it."""
    server = Server([Piece('{"vote": "object"}'), *[Piece("\n")] * 300, Piece(ended="length")])
    call = server.call(enough=lambda text: text.rstrip().endswith("}"))
    assert (call.text, call.last.ended) == ('{"vote": "object"}', "stop")


def test_json_that_does_not_go_on_is_a_loop() -> None:
    """White space within JSON without an end is stopped, and what had arrived is kept."""
    server = Server([Piece('{"vote": "object"'), *[Piece("  ")] * 300, Piece(ended="length")])
    call = server.call(enough=lambda text: text.rstrip().endswith("}"))
    assert (call.text, call.last.ended) == ('{"vote": "object"', "loop")


def test_an_answer_that_the_server_stopped_while_it_repeated_itself_is_a_loop() -> None:
    """A server with a guard against loops ends the answer without an end, before we would have stopped it."""
    call = Server([Piece("Sure:"), *[Piece(" no")] * 25]).call()
    assert (call.text, call.last.ended) == ("Sure: no", "loop")


def test_thoughts_in_a_loop_are_stopped_too() -> None:
    """They cost as much time as an answer; nothing of an answer is there."""
    call = Server([Piece("<think>"), *[Piece("But wait, there is more to this. ")] * 90, Piece("</think>Yes.")]).call()
    assert (call.text, call.last.ended) == ("", "loop")


def test_the_candidates_are_those_of_the_first_piece_of_the_last_attempt() -> None:
    """What a failed attempt could have begun with is dropped with it, and later pieces do not change it."""
    failed, first, later = (("yes", -1.0),), (("no", -1.0),), (("so", -1.0),)
    broken: Script = [Piece(candidates=failed), OSError()]
    pieces: Script = [Piece(), Piece("No", candidates=first), Piece(", no", candidates=later), Piece(ended="stop")]
    assert Server(broken, pieces, again="once").call().candidates == first
    assert Server(broken, done("Well"), again="once").call().candidates == ()
