"""The fields of a request: which are ignored, which are refused by name, and of what type each must be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from agents.errors import UsageError

_NUMBER = (int, float)


class ApiProblem(UsageError):
    """A request that is refused, in the form in which OpenAI's API says it.

    Args:
        status: the HTTP status.
        cause: one sentence that says what is wrong and names the field.
        remedy: one sentence that says what to send instead, or "".
        param: the field that is wrong, such as "messages[0].content[1]"; None if it is none of them.
        code: a word that programs can compare, such as "unsupported_value".
        kind: the word that the API calls ``type``.
    """

    def __init__(
        self,
        status: int,
        cause: str,
        remedy: str = "",
        *,
        param: str | None = None,
        code: str | None = None,
        kind: str = "invalid_request_error",
    ) -> None:
        super().__init__(cause, remedy)
        self.status = status
        self.param = param
        self.code = code
        self.type = kind

    @property
    def message(self) -> str:
        """What is wrong and what to do, in one line."""
        return f"{self.cause} {self.remedy}".strip()


@dataclass(frozen=True, slots=True)
class Field:
    """What is done with a field of a request.

    Attributes:
        types: the types that its value may have, besides null.
        ignored: whether a value has no effect here, so that the answer says that it was ignored.
        accepts: tells whether a value can be honoured.
        refusal: what is said of a value that cannot be honoured, before "Leave the field out."; "" where all can.
        silent: tells of an ignored field whether the value asks for nothing, so that nothing is said of it.
    """

    types: tuple[type, ...]
    ignored: bool = True
    accepts: Callable[[Any], bool] = lambda value: True  # noqa: ARG005 - any value
    refusal: str = ""
    silent: Callable[[Any], bool] = lambda value: False  # noqa: ARG005 - no value


def _at_least_one(value: int) -> bool:
    return value >= 1


def _plain_format(value: dict[str, Any]) -> bool:
    return bool(value.get("type", "text") == "text")


def _free_choice(value: object) -> bool:
    return value in ("auto", "none")


def _no_sound(value: list[Any]) -> bool:
    return all(one == "text" for one in value)


def _is_false(value: object) -> bool:
    return value is False or value == 0


def _always(value: object) -> bool:  # noqa: ARG001 - any value
    return True


_COUNT = Field((int,), ignored=False, accepts=_at_least_one, refusal="must be at least 1")
_NO_OTHER_FORM = "asks for a form that minutes and answers in role do not have; only text is written"
_NO_FORCED_TOOL = "asks for a call of a tool, and tools of a request are not called here"
_NO_ODDS = "asks for the odds of single tokens, and an answer has none"
_KEPT_ELSEWHERE = "names a text that is kept elsewhere; send the text itself as input"
_NO_SOUND = "asks for sound, and only text is written"

SHARED: Mapping[str, Field] = {
    "model": Field((str,), ignored=False),
    "stream": Field((bool,), ignored=False),
    "tools": Field((list,), silent=lambda value: not value),
    "tool_choice": Field((str, dict), accepts=_free_choice, refusal=_NO_FORCED_TOOL, silent=_always),
    "parallel_tool_calls": Field((bool,)),
    "metadata": Field((dict,)),
    "user": Field((str,)),
    "store": Field((bool,)),
    "temperature": Field(_NUMBER),
    "top_p": Field(_NUMBER),
    "top_logprobs": Field((int,), accepts=_is_false, refusal=_NO_ODDS, silent=_always),
    "service_tier": Field((str,)),
    "prompt_cache_key": Field((str,)),
    "prompt_cache_retention": Field((str,)),
    "safety_identifier": Field((str,)),
}
"""The fields that the chat and the responses have in common."""

CHAT: Mapping[str, Field] = {
    **SHARED,
    "messages": Field((list,), ignored=False),
    "stream_options": Field((dict,), ignored=False),
    "max_tokens": _COUNT,
    "max_completion_tokens": _COUNT,
    "n": Field((int,), ignored=False, accepts=lambda value: value == 1, refusal="asks for other than one answer"),
    "functions": Field((list,), silent=lambda value: not value),
    "function_call": Field((str, dict), accepts=_free_choice, refusal=_NO_FORCED_TOOL, silent=_always),
    "response_format": Field((dict,), accepts=_plain_format, refusal=_NO_OTHER_FORM, silent=_always),
    "logprobs": Field((bool,), accepts=_is_false, refusal=_NO_ODDS, silent=_always),
    "modalities": Field((list,), accepts=_no_sound, refusal=_NO_SOUND, silent=_always),
    "audio": Field((dict,), accepts=lambda value: not value, refusal=_NO_SOUND, silent=_always),
    "top_k": Field(_NUMBER),
    "seed": Field((int,)),
    "frequency_penalty": Field(_NUMBER),
    "presence_penalty": Field(_NUMBER),
    "stop": Field((str, list), silent=lambda value: not value),
    "logit_bias": Field((dict,)),
    "reasoning_effort": Field((str,)),
    "verbosity": Field((str,)),
    "prediction": Field((dict,)),
    "web_search_options": Field((dict,)),
}
"""The fields of ``/v1/chat/completions``."""

RESPONSES: Mapping[str, Field] = {
    **SHARED,
    "input": Field((str, list), ignored=False),
    "instructions": Field((str,), ignored=False),
    "previous_response_id": Field((str,), ignored=False),
    "max_output_tokens": _COUNT,
    "text": Field((dict,), accepts=lambda value: _text_is_plain(value), refusal=_NO_OTHER_FORM, silent=_always),
    "background": Field((bool,), accepts=_is_false, refusal="asks for an answer to be fetched later", silent=_always),
    "conversation": Field((str, dict), accepts=lambda value: not value, refusal=_KEPT_ELSEWHERE),
    "include": Field((list,), silent=lambda value: not value),
    "max_tool_calls": Field((int,)),
    "prompt": Field((dict,), accepts=lambda value: not value, refusal=_KEPT_ELSEWHERE),
    "reasoning": Field((dict,), silent=lambda value: not value),
    "truncation": Field((str,)),
    "stream_options": Field((dict,)),
}  # fmt: skip
"""The fields of ``/v1/responses``."""


def _text_is_plain(value: dict[str, Any]) -> bool:
    form = value.get("format")
    return form is None or (isinstance(form, dict) and _plain_format(form))


def check(
    body: Mapping[str, Any], table: Mapping[str, Field], *, leave: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Compare a request with the table of its fields.

    Args:
        body: the request.
        table: ``CHAT`` or ``RESPONSES``.
        leave: fields of which any value is accepted, because who answers honours them.

    Returns:
        The names of the fields that have no effect, in order.

    Raises:
        ApiProblem: 400, a field is of a wrong type, or asks for something that is not done.
    """
    ignored = []
    for name, value in body.items():
        field = table.get(name)
        if field is None:
            ignored.append(name[:80])
            continue
        if value is None:
            continue
        typed(name, value, field.types)
        if field.refusal and name not in leave and not field.accepts(value):
            raise ApiProblem(
                400, f"{name} {field.refusal}.", f"Leave {name} out.", param=name, code="unsupported_value"
            )
        if field.ignored and not field.silent(value):
            ignored.append(name)
    return tuple(ignored)


_IN_WORDS: Mapping[type, str] = {
    bool: "true or false",
    int: "a whole number",
    str: "text",
    list: "a list",
    dict: "an object",
}


def typed(param: str, value: Any, types: tuple[type, ...]) -> None:
    """Refuse a value that is of none of these types; true and false are no numbers.

    Raises:
        ApiProblem: 400, it is of another type.
    """
    fits = isinstance(value, types) and (bool in types or not isinstance(value, bool))
    if not fits:
        wanted = "a number" if types == _NUMBER else " or ".join(_IN_WORDS[one] for one in types)
        raise ApiProblem(400, f"{param} must be {wanted}.", param=param, code="invalid_type")
