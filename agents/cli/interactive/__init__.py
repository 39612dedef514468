"""``orchestrator interactive``: a conversation with the agents, line by line, on a terminal or from a pipe.

Import from here: ``interactive``.
Never knows: ``agents.cli.app``, ``agents.api``.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agents.cli.context import FLAGS, ModelName, answering_model
from agents.cli.remedies import remedy_of
from agents.cli.terminal.manner import can_repaint, use_plain
from agents.cli.terminal.output import tell
from agents.cli.terminal.stopping import is_asked_to_end, tell_session_ended
from agents.errors import OrchestratorError
from agents.role import standing

if TYPE_CHECKING:
    from agents.cli.interactive.session import Conversation

HISTORY = ".interactive_history"
"""A hidden file, so that a restore of histories does not move it."""


def interactive(
    plain: Annotated[
        bool,
        typer.Option(
            "--plain",
            callback=use_plain,
            help="Line by line, nothing repainted: for screen readers and simple terminals.",
        ),
    ] = False,
    vi: Annotated[bool, typer.Option("--vi", help="Use vi's keys; ~/.inputrc can also choose them.")] = False,
    model: ModelName = None,
) -> None:
    """Talk with the agents. Lines can also be piped in; an empty line does nothing, /exit or the end of input leaves.

    Example: orchestrator interactive
    """
    from agents.cli.interactive.session import Conversation
    from agents.orchestrator import AgentOrchestrator
    from agents.settings import Settings

    settings = Settings.load(**FLAGS).with_flags(model_name=model)
    chosen = answering_model(settings)
    plain = plain or not (_is_terminal(sys.stdin) and _is_terminal(sys.stdout) and can_repaint())
    with AgentOrchestrator(settings, model=chosen, notice=tell) as orchestrator:
        conversation = Conversation(orchestrator, plain=plain)
        try:
            count = len(standing(orchestrator.roles))
            tell(f"{count} agents, {conversation.label}. /help lists what you can type, /exit leaves.")
            loop(conversation, _reader(conversation, settings.data_folder / HISTORY, vi=vi))
        except KeyboardInterrupt:
            if is_asked_to_end():
                tell_session_ended(conversation.unfinished())
            raise


def loop(conversation: "Conversation", read: Callable[[], str]) -> None:
    """Read lines until the end of input or /exit; an error or Ctrl-C ends the answer, not the session.

    Raises:
        KeyboardInterrupt: Ctrl-C twice, with nothing typed in between, or the session is asked to end.
    """
    from agents.cli.interactive.slash import LEAVING, take

    stopped = False
    while True:
        answering = False
        try:
            line = read().strip()
            stopped = False
            if line.lower() in LEAVING:
                return
            if line:
                answering = True
                take(conversation, line)
        except EOFError:
            tell()
            return
        except KeyboardInterrupt:
            if stopped or is_asked_to_end():
                raise
            stopped = True
            tell(f"\n({'stopped; ' if answering else ''}Ctrl-C again leaves, as does /exit)")
        except OrchestratorError as error:
            _say(error)
        except BaseExceptionGroup as group:
            known, unknown = group.split(OrchestratorError)
            if known is None or unknown is not None:
                raise
            _say(_first(known))


def _say(error: OrchestratorError) -> None:
    remedy = remedy_of(error, in_session=True)
    tell(f"Error: {error.cause}" + (f"\n  {remedy}" if remedy else ""))


def _first(group: BaseExceptionGroup[OrchestratorError]) -> OrchestratorError:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


def _reader(conversation: "Conversation", history: Path, *, vi: bool) -> Callable[[], str]:
    """The function that reads a line: with the full prompt, with plain line editing, or from a pipe."""
    if not conversation.plain:
        from agents.cli.interactive.prompt import InputPrompt

        return InputPrompt(conversation, history, vi=vi or _inputrc_says_vi()).read
    if _is_terminal(sys.stdin):
        _prepare_editing(conversation)
        return lambda: _ask(f"{conversation.agent or 'room'}> ")
    if sys.stdin is not None:
        sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    return _next_line


def _next_line() -> str:
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line:
        raise EOFError
    return line


def _ask(prompt: str) -> str:
    if _is_terminal(sys.stdout):
        return input(prompt)
    # stdout is data and goes elsewhere; the prompt is for the user.
    tell(prompt, end="")
    return _next_line()


def _is_terminal(stream: object) -> bool:
    return stream is not None and stream.isatty()  # type: ignore[attr-defined]


def _inputrc_says_vi() -> bool:
    """Whether the user has chosen vi's keys for all programs that read lines."""
    try:
        lines = (Path.home() / ".inputrc").read_text(encoding="utf-8", errors="replace").splitlines()
    except (OSError, RuntimeError):
        return False
    return any(line.split()[:3] == ["set", "editing-mode", "vi"] for line in lines)


def _prepare_editing(conversation: "Conversation") -> None:
    """Line editing and completion, if this Python has them."""
    try:
        import readline
    except ImportError:
        return
    from agents.cli.interactive.completion import candidates

    readline.set_completer_delims("")

    def complete(text: str, state: int) -> str | None:
        found = candidates(conversation, text)
        return text[: len(text) - found[state].typed] + found[state].text if state < len(found) else None

    readline.set_completer(complete)
    readline.parse_and_bind("tab: complete")
