"""What to do where the extra ``mcp`` is not installed."""

from agents.errors import UsageError


def missing() -> UsageError:
    """The error for a program without the extra."""
    return UsageError(
        "The package mcp is not installed, which speaks the Model Context Protocol.",
        'Install the extra: pip install "multi-agent-orchestrator[mcp]"',
    )
