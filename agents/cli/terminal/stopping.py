"""What is said after Ctrl-C, once: a meeting says how to continue, and then nothing more is said at the end."""

from agents.cli.terminal.output import tell

_SAID = {"stopped": False}


def tell_stopped(meeting_id: str) -> None:
    """Say that a meeting was stopped, and how to continue it."""
    tell(f"\nStopped. What was said is kept. Continue with: orchestrator meeting resume {meeting_id}")
    _SAID["stopped"] = True


def was_said() -> bool:
    """Whether it was said since the last call."""
    said, _SAID["stopped"] = _SAID["stopped"], False
    return said
