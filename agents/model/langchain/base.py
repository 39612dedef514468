"""The common part of models through LangChain: time limits, context, retries and errors around ``astream``."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from agents.errors import ModelUnavailable
from agents.model import Notice, OnText, Prompt, Reply, given
from agents.model.http.stdlib import in_thread
from agents.model.langchain import errors
from agents.model.odds import Candidates, first_token
from agents.model.reply_text import begins_thinking
from agents.model.streaming import PAUSES, Caller, Failure, Pauses, Piece
from agents.model.tokens import Budget, Said, whole_json
from agents.model.tracing import force_tracing_off
from agents.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_CUT = {"length", "max_tokens", "max_output_tokens"}


class ChainModel:
    """A model through LangChain; a subclass opens it and says what differs.

    Args:
        label: its name in outputs and minutes.
        settings: the address of the server, and the options of calls.
        pauses: how long to wait before a call is repeated.

    Attributes:
        label: its name in outputs and minutes.
        context_tokens: the most tokens that a prompt and its answer may have together.
        parallel: calls sent at the same time.
        says_end: whether the provider marks the end of an answer, so that an answer without it is incomplete.
    """

    says_end = True

    def __init__(self, label: str, settings: Settings, pauses: Pauses = PAUSES) -> None:
        self.label = label
        self.context_tokens = settings.num_ctx
        self.parallel = settings.parallel
        self._settings = settings
        self._pauses = pauses
        self._budget = Budget(label, settings.num_ctx, errors.TOO_LONG)
        self._model: BaseChatModel | None = None
        self._caller: Caller | None = None

    async def start(self, *, notice: Notice | None = None) -> None:
        """Check that the model can answer, and open it.

        Args:
            notice: is called before a file is loaded, which takes time.

        Raises:
            ModelUnavailable: the server does not answer, or does not have the model or refuses the key.
            UsageError: a package is missing.
        """
        import asyncio

        if self._model is not None:
            return
        force_tracing_off()
        await self._check()
        # Imported in a thread, so that Ctrl-C works meanwhile; opened in the event loop that will use it.
        await in_thread(_import_langchain)
        if self._loads_long():
            if notice:
                notice(f"loading {self.label}")
            self._model = await in_thread(self._open)
        else:
            self._model = self._open()
        slots, begun = asyncio.Semaphore(self.parallel), begins_thinking(self.label)
        self._caller = Caller(self._settings, slots, self._explain, self._pauses, begun=begun)

    async def reply(self, prompt: Prompt, *, on_text: OnText | None = None) -> Reply:
        """Answer a prompt; see ``Model.reply``.

        Raises:
            ModelUnavailable: the server or the model no longer answers.
            ContextOverflow: the prompt does not fit.
            ModelError: the call failed after the retries that are safe.
        """
        await self.start()
        model, caller = self._model, self._caller
        if model is None or caller is None:
            raise ModelUnavailable(f"{self.label} was closed.", "Open it again.")
        said, expected = self._budget.check(prompt)
        call = await caller.run(
            lambda: self._stream(model, prompt, said),
            on_text,
            whole_json if prompt.schema else None,
            tokens=prompt.answer_tokens,
        )
        self._budget.settle(said, expected, call)
        return self._budget.reply(prompt, expected, call)

    def count_tokens(self, text: str) -> int:
        """About how many tokens a text has, from the server's counts so far; rather too many than too few."""
        return self._budget.counter.count(text)

    async def close(self) -> None:
        """Close connections; a second call does nothing."""
        self._model = self._caller = None

    async def _check(self) -> None:
        """Check what can be checked before LangChain is imported."""

    def _loads_long(self) -> bool:
        return False

    def _open(self) -> "BaseChatModel":
        raise NotImplementedError

    def _options(self, prompt: Prompt) -> dict[str, Any]:
        """The options of a call."""
        return {
            "temperature": prompt.temperature_or(self._settings.temperature),
            "max_tokens": prompt.answer_tokens,
        }

    def _said(self, prompt: Prompt, said: Said) -> Said:
        """The messages as they are sent."""
        del prompt
        return said

    async def _stream(self, model: "BaseChatModel", prompt: Prompt, said: Said) -> AsyncGenerator[Piece, None]:
        from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

        kinds: dict[str, type[BaseMessage]] = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
        messages = [kinds[author](content=text) for author, text in self._said(prompt, said)]
        chunks = model.astream(messages, **self._options(prompt))
        ended, usage = "", dict[str, Any]()
        try:
            async with aclosing(chunks):  # type: ignore[type-var]
                async for chunk in chunks:
                    ended = _ended(chunk.response_metadata) or ended
                    usage = dict(given.mapping(chunk.usage_metadata) or usage)
                    yield Piece(given.text(str(chunk.text)), candidates=_candidates(chunk.response_metadata))
        finally:
            await self._close_response()
        yield _last(ended if ended or self.says_end else "stop", usage)

    async def _close_response(self) -> None:
        """Close the response of a call if it is still open."""

    async def _explain(self, error: BaseException, text: str) -> Failure:
        return errors.explain(error, text, self.label, self._settings.llm_base_url or "")


def _import_langchain() -> None:
    import langchain_core.messages  # noqa: F401 - the import takes time, so it is done in a thread


def _ended(said: Mapping[str, Any]) -> str:
    reason = said.get("finish_reason") or said.get("stop_reason") or said.get("done_reason")
    if not reason:
        return ""
    return "length" if str(reason).lower() in _CUT else "stop"


def _candidates(said: Mapping[str, Any]) -> Candidates:
    """The tokens that a piece could have begun with, in the form of OpenAI's protocol."""
    given = said.get("logprobs")
    return first_token(given.get("content")) if isinstance(given, Mapping) else ()


def _last(ended: str, usage: Mapping[str, Any]) -> Piece:
    prompt = given.count(usage.get("input_tokens"))
    cached = given.whole(given.mapping(usage.get("input_token_details")).get("cache_read"))
    return Piece(
        ended=ended,
        prompt_tokens=prompt,
        evaluated_tokens=None if cached is None else max(0, prompt - cached),
        reply_tokens=given.count(usage.get("output_tokens")),
    )
