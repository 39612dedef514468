"""How long a call to Ollama may take, and how quickly it is given up."""

import asyncio

import pytest

from agents.errors import ModelError
from agents.model import Model
from tests.model.talking import spoken, with_model
from tests.ollama_double import Log, OllamaDouble, faults


def test_first_token_clock(ollama: OllamaDouble) -> None:
    """A server that lives but never begins to answer is reported as stuck, and its request is given up."""

    async def use(model: Model) -> None:
        ollama.inject(faults.slow_first_token())
        with pytest.raises(ModelError, match=r"gave no answer for 0\.3 s, but Ollama answers") as raised:
            await model.reply(spoken("It is slow."))
        assert "Restart Ollama" in raised.value.remedy
        assert "FIRST_TOKEN_TIMEOUT" in raised.value.remedy
        assert ollama.requests.wait_until(Log.cancelled)

    with_model(use, first_token_timeout=0.3)


def test_stall_clock(ollama: OllamaDouble) -> None:
    """An answer that falls silent is given up, and what had come is kept with the error."""

    async def use(model: Model) -> None:
        ollama.inject(faults.stall(after=3))
        heard = list[str]()
        with pytest.raises(ModelError, match=r"stopped within its answer for 0\.3 s") as raised:
            await model.reply(spoken("It is slow."), on_text=heard.append)
        assert raised.value.partial == "".join(heard) != ""
        assert "STALL_TIMEOUT" in raised.value.remedy
        assert ollama.requests.wait_until(Log.cancelled)

    with_model(use, stall_timeout=0.3)


def test_turn_clock(ollama: OllamaDouble) -> None:
    """A whole answer has a limit of its own, whatever its pieces do."""

    async def use(model: Model) -> None:
        ollama.inject(faults.stall(after=3))
        with pytest.raises(ModelError, match=r"had not finished after 0\.4 s") as raised:
            await model.reply(spoken("It is slow."))
        assert "TURN_TIMEOUT" in raised.value.remedy

    with_model(use, turn_timeout=0.4)


def test_queue_is_no_part_of_the_clocks(ollama: OllamaDouble) -> None:
    """A call that waits for its slot longer than a turn may last is not late."""

    async def use(model: Model) -> None:
        fault = ollama.inject(faults.stall(after=3, seconds=1.2, times=2))
        first = asyncio.create_task(model.reply(spoken("one")))
        await asyncio.to_thread(ollama.requests.wait_until, lambda _log: fault.hits)
        second = await model.reply(spoken("two"))
        assert (await first).text
        assert second.queue_seconds + second.total_seconds > 2 > second.total_seconds

    with_model(use, turn_timeout=2)


def test_cancelling_hangs_up(ollama: OllamaDouble) -> None:
    """A cancelled call closes its socket, frees its slot, and the next call goes through."""

    async def use(model: Model) -> None:
        fault = ollama.inject(faults.stall(after=3))
        call = asyncio.create_task(model.reply(spoken("It is slow.")))
        await asyncio.to_thread(ollama.requests.wait_until, lambda _log: fault.hits)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        gone = await asyncio.to_thread(ollama.requests.wait_until, Log.cancelled, 5.0)
        assert gone
        assert (await model.reply(spoken("And now?"))).text

    with_model(use)
