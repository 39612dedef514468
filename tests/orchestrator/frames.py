"""Which of our own functions stand between a command and the model, seen from inside the model's ``reply``."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CoroutineType, FrameType

import agents
from agents.model import OnText, Prompt, Reply
from agents.model.scripted import ScriptedModel
from agents.settings import Settings

OURS = Path(agents.__file__).parent


def own_frames() -> list[str]:
    """Our functions that wait for the one calling this, outermost first, such as "agents.orchestrator.ask.chat".

    A task of its own, such as one agent's in a meeting's round, is started by the first task and waited for there:
    that task's functions come before it.
    """
    here = [*_named(_on_the_stack(sys._getframe(1)))][::-1]
    task = asyncio.current_task()
    first = min(asyncio.all_tasks(), key=lambda one: int(one.get_name().rpartition("-")[2]))
    if task is first:
        return here
    outer = [name for name in here if name in [*_named(_below_the_loop())][::-1]]
    return [*outer, *_named(_waiting(first.get_coro())), *here[len(outer) :]]


def _on_the_stack(frame: FrameType | None) -> Iterator[FrameType]:
    while frame:
        yield frame
        frame = frame.f_back


def _below_the_loop() -> Iterator[FrameType]:
    """The functions that started the loop and wait for its end."""
    frames = list(_on_the_stack(sys._getframe(1)))
    loop = max(number for number, frame in enumerate(frames) if frame.f_code.co_name == "run_forever")
    yield from frames[loop:]


def _waiting(coroutine: object) -> Iterator[FrameType]:
    """A suspended coroutine, and what it awaits, down to something that is not a coroutine."""
    while isinstance(coroutine, CoroutineType) and coroutine.cr_frame:
        yield coroutine.cr_frame
        coroutine = coroutine.cr_await


def _named(frames: Iterator[FrameType]) -> Iterator[str]:
    for frame in frames:
        if OURS in Path(frame.f_code.co_filename).parents:
            yield f"{frame.f_globals['__name__']}.{frame.f_code.co_qualname}"


class WatchedModel(ScriptedModel):
    """A scripted model that notes in ``seen``, for each call, which of our functions wait for it; itself comes last."""

    seen: list[list[str]]

    def __init__(self, name: str, settings: Settings | None = None) -> None:
        super().__init__(name, settings, answers=lambda _prompt: "Position: for\nReason: it is tried.")
        WatchedModel.seen = []

    async def reply(self, prompt: Prompt, *, on_text: OnText | None = None) -> Reply:
        """Note the functions, and answer as a scripted model does."""
        WatchedModel.seen.append([*own_frames(), "Model.reply"])
        return await super().reply(prompt, on_text=on_text)
