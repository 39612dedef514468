"""Models through LangChain: any provider that ``init_chat_model`` supports, and GGUF files in this process.

Import from here: ``LangChainModel``, ``LlamaCppModel``.
Never knows: ``agents.model.rehearsal``, ``agents.memory``, ``agents.meeting``.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from http.client import HTTPException
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.errors import ModelUnavailable, UsageError
from agents.model import Prompt, given
from agents.model.http.network_error import network_problem
from agents.model.http.stdlib import Address, HttpRequest, in_thread
from agents.model.langchain import errors
from agents.model.langchain.base import ChainModel
from agents.model.langchain.shapes import example, strict
from agents.model.odds import FIELDS
from agents.model.streaming import PAUSES, Pauses, Piece
from agents.model.tokens import Said
from agents.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from agents.model.http.httpx_transport import Transport

SHAPES = ("json_schema", "json_object", "words")
"""Ways to ask an OpenAI-compatible server for JSON of a certain shape; they are tried in this order."""


class LangChainModel(ChainModel):
    """``langchain:PROVIDER:MODEL``.

    ``langchain:openai:NAME`` with LLM_BASE_URL uses any OpenAI-compatible server: vLLM, Ray Serve, llama-server.
    ``langchain:ollama:NAME`` is LangChain's own ChatOllama at OLLAMA_BASE_URL, for users who have wrapped it;
    ``ollama:NAME`` is faster and checks more.
    """

    def __init__(self, rest: str, settings: Settings, pauses: Pauses = PAUSES) -> None:
        provider, colon, name = rest.partition(":")
        if not (colon and provider and name):
            raise UsageError(
                f"The model name 'langchain:{rest}' is incomplete.",
                "Write langchain:PROVIDER:MODEL, such as langchain:openai:NAME.",
            )
        super().__init__(f"langchain:{rest}", settings, pauses)
        self.provider, self.name = provider, name
        self.says_end = provider == "openai"
        # Each other provider has its own parameter for a schema; all of them understand words.
        self._shape = {"openai": SHAPES[0], "ollama": "format"}.get(provider, "words")
        self._gives_odds = provider == "openai"  # until the server refuses
        elsewhere = settings.llm_base_url if provider != "ollama" else None
        self._address = Address.of(elsewhere) if elsewhere else None
        self._transport: Transport | None = None
        if provider == "openai" and find_spec("langchain_openai") is None:
            raise UsageError(
                f"{self.label} needs the package langchain-openai.",
                'Install it: pip install "multi-agent-orchestrator[openai]".',
            )

    async def close(self) -> None:
        """Close connections; a second call does nothing."""
        await super().close()
        transport, self._transport = self._transport, None
        if transport is not None:
            await transport.aclose()

    async def _check(self) -> None:
        if self._address is None:
            return
        request = HttpRequest(
            self._address,
            connect_timeout=self._settings.connect_timeout,
            bearer=self._settings.llm_api_key or "",
        )
        try:
            status, body = await in_thread(lambda: request.ask("GET", "/models"), request.cancel)
        except (OSError, HTTPException) as error:
            raise errors.unreachable(self.label, self._address.url, network_problem(error)) from error
        finally:
            request.close()
        if status in {401, 403}:
            raise errors.no_key(self.label)
        if status == 200:  # a server without a list of models is used without a check
            self._take_list(body)

    def _take_list(self, body: bytes) -> None:
        try:
            entries = given.entries(given.mapping(given.parsed(body)).get("data"))
        except ValueError:
            return
        served = {name: entry for entry in entries if (name := given.name(entry.get("id")))}
        if served and self.name not in served:
            raise errors.not_served(self.label, self.name, list(served))
        context = given.count(served.get(self.name, {}).get("max_model_len"))  # only vLLM says it
        if 0 < context < self.context_tokens:
            self.context_tokens = self._budget.context_tokens = context

    def _open(self) -> "BaseChatModel":
        from langchain.chat_models import init_chat_model

        options: dict[str, Any] = {"model_provider": self.provider}
        if self.provider == "ollama":
            options |= self._ollama_options()
        else:
            options["max_retries"] = 0
        if self._settings.llm_api_key:
            options["api_key"] = self._settings.llm_api_key
        if self._address:
            options["base_url"] = self._address.url
        if self.provider == "openai":
            options |= self._openai_options()
        try:
            opened: BaseChatModel = init_chat_model(self.name, **options)
        except ImportError as error:
            package = f"langchain-{self.provider.replace('_', '-')}"
            raise UsageError(
                f"{self.label} needs a package: {error}.", f"Install it: pip install {package}."
            ) from error
        except Exception as error:
            raise errors.unusable(self.label, error) from error
        return opened

    def _ollama_options(self) -> dict[str, Any]:
        from agents.model.http.httpx_transport import Transport
        from agents.model.ollama.server import keep_alive

        address = Address.of(self._settings.ollama_base_url)
        self._transport = Transport(address)
        headers = {"Authorization": address.authorization} if address.authorization else {}
        return {
            "base_url": address.url,
            "num_ctx": self._settings.num_ctx,
            "keep_alive": keep_alive(self._settings.keep_alive),
            "reasoning": False,
            "client_kwargs": {
                "trust_env": False,
                "verify": self._transport.verify,
                "headers": headers,
                "follow_redirects": False,  # a prompt goes to the address of the settings, and nowhere else
            },
            "async_client_kwargs": {"transport": self._transport},
        }

    def _openai_options(self) -> dict[str, Any]:
        import httpx

        options: dict[str, Any] = {
            "stream_usage": True,
            "use_responses_api": False,
            "stream_chunk_timeout": None,
            "timeout": httpx.Timeout(None, connect=self._settings.connect_timeout),
        }
        if self._settings.seed is not None:
            options["seed"] = self._settings.seed
        if self._address:
            from agents.model.http.httpx_transport import Transport

            self._transport = Transport(self._address)
            headers = {"Authorization": self._address.authorization} if self._address.authorization else None
            options["http_async_client"] = httpx.AsyncClient(transport=self._transport, headers=headers)
            options["http_client"] = httpx.Client(verify=self._transport.verify, trust_env=False)
            options.setdefault(
                "api_key", self._settings.llm_api_key or "none"
            )  # the client requires one, the server does not
        else:  # the provider's own clients would follow redirects
            options |= {"http_async_client": httpx.AsyncClient(), "http_client": httpx.Client()}
        return options

    def _options(self, prompt: Prompt) -> dict[str, Any]:
        options = super()._options(prompt)
        if self.provider == "ollama":
            seed = {} if self._settings.seed is None else {"seed": self._settings.seed}
            said = {"num_ctx": self._settings.num_ctx, "num_predict": prompt.answer_tokens, **seed}
            schema = {"format": dict(prompt.schema)} if prompt.schema else {}
            return {"options": {**said, "temperature": options["temperature"]}, **schema}
        if self.provider != "openai":
            return options
        more: dict[str, Any] = {}
        if self._address:  # other servers than OpenAI's may only support the older name
            more["max_tokens"] = prompt.answer_tokens
        if prompt.schema and self._shape == "json_schema":
            # Strict schemas are OpenAI's own; other servers follow any schema, with the lengths that strict ones lack.
            schema = dict(prompt.schema) if self._address else strict(prompt.schema)
            shape = {"name": "answer", "schema": schema, "strict": not self._address}
            more["response_format"] = {"type": "json_schema", "json_schema": shape}
        elif prompt.schema and self._shape == "json_object":
            more["response_format"] = {"type": "json_object", "schema": dict(prompt.schema)}
        if self._asks_odds(prompt):
            options |= FIELDS
        return {**options, "extra_body": more} if more else options

    def _asks_odds(self, prompt: Prompt) -> bool:
        return bool(prompt.between) and self._gives_odds

    def _said(self, prompt: Prompt, said: Said) -> Said:
        if not prompt.schema or self._shape in {SHAPES[0], "format"}:
            return said
        author, text = said[-1]
        return [*said[:-1], (author, f"{text}\n\nAnswer with JSON only, of this shape:\n{example(prompt.schema)}")]

    async def _stream(self, model: "BaseChatModel", prompt: Prompt, said: Said) -> AsyncGenerator[Piece, None]:
        asked, odds = self._shape, self._asks_odds(prompt)
        try:
            async with aclosing(super()._stream(model, prompt, said)) as pieces:
                async for piece in pieces:
                    yield piece
        except Exception as error:
            if odds and errors.refuses_odds(error):
                self._gives_odds = False
                raise errors.OddsRefused(str(error)) from error
            if not prompt.schema or asked not in SHAPES[:-1] or not errors.refuses_shape(error):
                raise
            if self._shape == asked:  # else another call has changed it already
                self._shape = SHAPES[SHAPES.index(asked) + 1]
            raise errors.ShapeRefused(str(error)) from error

    async def _close_response(self) -> None:
        if self._transport is not None:
            await self._transport.close_response()


class LlamaCppModel(ChainModel):
    """``llamacpp:FILE.gguf``: a model in this process, without a server."""

    def __init__(self, rest: str, settings: Settings) -> None:
        for package in ("langchain_community", "llama_cpp"):
            if find_spec(package) is None:
                raise UsageError(
                    f"llamacpp: models need the package {package}.",
                    'Install it: pip install "multi-agent-orchestrator[llamacpp]".',
                )
        super().__init__(f"llamacpp:{Path(rest).name}", settings)
        self.parallel = 1
        self._file = Path(rest).expanduser()

    async def _check(self) -> None:
        if not self._file.is_file():
            raise ModelUnavailable(f"There is no file {self._file}.", "Write llamacpp:/PATH/TO/MODEL.gguf.")

    def _loads_long(self) -> bool:
        return True

    def _open(self) -> "BaseChatModel":
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # each import warns that the package is no longer developed
            from langchain_community.chat_models import ChatLlamaCpp
        seed = -1 if self._settings.seed is None else self._settings.seed
        try:
            opened: BaseChatModel = ChatLlamaCpp(
                model_path=str(self._file), n_ctx=self._settings.num_ctx, seed=seed, verbose=False
            )
        except Exception as error:
            raise errors.unusable(self.label, error) from error
        return opened

    def _options(self, prompt: Prompt) -> dict[str, Any]:
        options = super()._options(prompt)
        if prompt.schema:
            options["response_format"] = {"type": "json_object", "schema": dict(prompt.schema)}
        return options
