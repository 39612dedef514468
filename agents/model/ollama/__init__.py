"""Models on an Ollama server: one connection pool, one context size, nothing cut silently. No HTTP client is imported:
its import would take longer than a loaded model needs to begin its answer.

Import from here: ``OllamaModel``; ``server``, ``bench``, ``errors``, ``state``.
Never knows: ``agents.model.langchain``, ``langchain_ollama``, ``agents.meeting``.
"""

import re
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING, Any

from agents.errors import ModelError, ModelMissing, ModelUnavailable, OrchestratorError
from agents.model import Notice, OnText, Prompt, Reply
from agents.model.http.network_error import network_problem
from agents.model.http.stdlib import in_thread
from agents.model.ollama import errors
from agents.model.ollama.server import Loaded, OllamaServer, keep_alive, same_model
from agents.model.reply_text import begins_thinking
from agents.model.streaming import PAUSES, Caller, Failure, NoEnd, Pauses, Piece, TimedOut
from agents.model.tokens import Budget, whole_json
from agents.model.tracing import force_tracing_off
from agents.settings import Settings

if TYPE_CHECKING:
    import asyncio

    from agents.model.ollama.chat import Chat

_TOO_LONG = "Raise NUM_CTX (and OLLAMA_CONTEXT_LENGTH on the server), or ask with less material."

_KNOWS_TRUNCATE = (0, 12, 4)
"""The first version that refuses a prompt instead of cutting it, if asked."""

_COUNTS_A_PART = (0, 30, 0)
"""The version that counts only those tokens of a prompt that were not in its cache."""

_AT_ONCE = 0.05
"""Seconds within which an unreachable server, or one without the model, is noticed."""


class OllamaModel:
    """A model on an Ollama server.

    Args:
        name: its name on the server.
        settings: the address of the server, and the options of calls.
        pauses: how long to wait before a call is repeated.

    Attributes:
        label: "ollama:" and its name.
        context_tokens: the context of every call; less than NUM_CTX if the model has less.
        parallel: calls sent at the same time.
    """

    def __init__(self, name: str, settings: Settings, pauses: Pauses = PAUSES) -> None:
        self.name = name
        self.label = f"ollama:{name}"
        self.context_tokens = settings.num_ctx
        self.parallel = settings.parallel
        self._settings = settings
        self._pauses = pauses
        # Slots do not share a cache, and the server does not say which slot a call used: with several, it is not known
        # what was cached.
        self._budget = Budget(self.label, settings.num_ctx, _TOO_LONG, keeps_prefix=settings.parallel == 1)
        self._server = OllamaServer(settings)
        self._chat: Chat | None = None
        self._caller: Caller | None = None
        self._notes: list[str] = []
        self._gives_odds = True  # until the server refuses

    async def start(self, *, notice: Notice | None = None) -> None:
        """Load the model with the options of all calls, and check its context.

        Args:
            notice: receives the model and its size if loading takes time.

        Raises:
            ModelUnavailable: the server does not answer, or does not have or cannot load the model.
            ModelError: the server is too busy.
        """
        import asyncio

        if self._chat is not None:
            return
        force_tracing_off()
        loop, sent = asyncio.get_running_loop(), asyncio.Event()

        def is_sent() -> None:
            loop.call_soon_threadsafe(sent.set)

        loading = loop.create_task(in_thread(lambda: self._load(is_sent), self._server.cancel))
        looking = loop.create_task(self._look(sent))
        tasks = [looking, loading]
        try:
            await asyncio.wait({loading}, timeout=_AT_ONCE)
            if notice and not loading.done():
                tasks.append(telling := loop.create_task(self._tell_loading(notice, looking)))
                # A request that cannot be sent, because there is no connection, leaves nothing to tell.
                await asyncio.wait({loading, telling}, return_when=asyncio.FIRST_COMPLETED)
            await loading
            await self._check_server(looking)
        finally:
            for task in tasks:
                if not task.cancel() and not task.cancelled():
                    task.exception()  # otherwise asyncio warns that nobody looked at it
        if self._chat is None:  # another start may have been faster
            from agents.model.ollama.chat import Chat

            self._chat = Chat.shared(self._settings, self._server.address)
            begun = begins_thinking(self.name)
            self._caller = Caller(self._settings, self._chat.slots, self._explain, self._pauses, begun=begun)

    async def reply(self, prompt: Prompt, *, on_text: OnText | None = None) -> Reply:
        """Answer a prompt; see ``Model.reply``.

        Raises:
            ModelUnavailable: the server or the model no longer answers.
            ContextOverflow: the prompt does not fit, or the server cut it.
            ModelError: the call failed after the retries that are safe.
        """
        import asyncio

        await self.start()
        chat, caller = self._chat, self._caller
        if chat is None or caller is None:
            raise ModelUnavailable(f"{self.label} was closed.", "Open it again.")
        said, expected = self._budget.check(prompt)
        options = self._options(prompt)

        def begin() -> AsyncGenerator[Piece, None]:
            nonlocal expected
            expected = self._budget.counter.estimate(
                said
            )  # other calls may have improved the estimate while this one waited
            odds = bool(prompt.between) and self._gives_odds
            return chat.stream(self.name, said, options, prompt.schema, odds=odds)

        call = await caller.run(begin, on_text, whole_json if prompt.schema else None, tokens=prompt.answer_tokens)
        self._budget.settle(said, expected, call)
        await asyncio.sleep(0)  # the next call sends its request before this answer is stored
        notes, self._notes = tuple(self._notes), []
        return self._budget.reply(prompt, expected, call, notes)

    def count_tokens(self, text: str) -> int:
        """About how many tokens a text has, from the server's counts so far; rather too many than too few."""
        return self._budget.counter.count(text)

    async def close(self) -> None:
        """Close the connections, unless another model on this server still uses them."""
        chat, self._chat, self._caller = self._chat, None, None
        if chat is not None:
            await chat.release()

    def _options(self, prompt: Prompt) -> dict[str, Any]:
        options: dict[str, Any] = {
            "num_ctx": self._settings.num_ctx,
            "num_predict": prompt.answer_tokens,
            "temperature": prompt.temperature_or(self._settings.temperature),
        }
        if self._settings.seed is not None:
            options["seed"] = self._settings.seed
        return options

    def _load(self, sent: Callable[[], None]) -> None:
        options = {"num_ctx": self._settings.num_ctx}
        self._server.load(self.name, options, keep_alive(self._settings.keep_alive), sent)

    async def _look(self, sent: "asyncio.Event") -> tuple[list[Loaded], str]:
        """What the server has loaded, and its version, asked while it is busy with a request that was sent."""
        await sent.wait()
        return await in_thread(lambda: (self._server.loaded(), self._server.version()), self._server.cancel)

    async def _tell_loading(self, notice: Notice, looking: "asyncio.Task[tuple[list[Loaded], str]]") -> None:
        import asyncio

        try:
            if self._context_in((await asyncio.shield(looking))[0]):
                return
            installed = await in_thread(self._server.installed)
        except OrchestratorError:  # the load itself reports it
            return
        size = next((entry.size for entry in installed if same_model(entry.name, self.name)), 0)
        notice(f"loading {self.name}, {size / 1e9:.1f} GB" if size else f"loading {self.name}")

    async def _check_server(self, looking: "asyncio.Task[tuple[list[Loaded], str]]") -> None:
        """Check the context that the model was loaded with, and the version of the server."""
        loaded, version = await looking
        context = self._context_in(loaded)
        if context < self.context_tokens:  # that was before the load
            context = self._context_in(await in_thread(self._server.loaded))
        if 0 < context < self.context_tokens:
            self._notes.append(f"{self.name} has a context of {context} tokens, not {self.context_tokens}.")
            self.context_tokens = self._budget.context_tokens = context
        numbers = tuple(int(number) for number in re.findall(r"[0-9]{1,9}", version)[:3])
        self._budget.trusts_counts = numbers != _COUNTS_A_PART
        if (0, 0, 0) < numbers < _KNOWS_TRUNCATE:
            self._notes.append(f"Ollama {version} may cut prompts silently. Update it.")

    def _context_in(self, loaded: list[Loaded]) -> int:
        return next((entry.context_tokens for entry in loaded if same_model(entry.name, self.name)), 0)

    async def _explain(self, error: BaseException, text: str) -> Failure:
        """Find out what an error of the chat or of the network means."""
        status = getattr(error, "status_code", None)
        if isinstance(status, int):
            failure = errors.of_status(status, str(getattr(error, "error", error)), self.name, self._server.url)
            from agents.model.ollama.chat import OddsRefused

            if isinstance(error, OddsRefused):
                self._gives_odds = False
                return Failure(failure.error, "changed")
            return await self._with_near_names(failure) if status == 404 else failure
        if isinstance(error, TimedOut):
            return Failure(await self._timed_out(error))
        if isinstance(error, NoEnd):
            return Failure(errors.no_end(self.name, text), "once" if not text else "no")
        problem = network_problem(error)
        if problem.kind in {"", "broken", "unreadable"}:
            return Failure(errors.broken(self._server.url, problem, error), "no" if text else "once")
        return Failure(errors.unreachable(self._server.url, problem), "once")

    async def _with_near_names(self, failure: Failure) -> Failure:
        if not isinstance(failure.error, ModelMissing):
            return failure
        try:
            installed = await in_thread(self._server.installed)
        except OrchestratorError:
            return failure
        return Failure(errors.not_installed(self.name, [entry.name for entry in installed]))

    async def _timed_out(self, expired: TimedOut) -> ModelError:
        """The error for a call that took too long; it also says whether the server still answers."""
        alive = True
        if expired.clock != "turn":
            try:
                await in_thread(lambda: self._server.version(timeout=2.0))
            except OrchestratorError:
                alive = False
        return errors.timed_out(self.name, self._server.url, expired, alive)
