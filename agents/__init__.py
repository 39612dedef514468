"""A meeting room of role agents on your own machine. The folders make a sentence: an *agent*, with a *model* and a
*memory*, takes part in a *meeting*, which is *stored* and *exported*, from the *command line*.

Import from here: ``AgentOrchestrator``, ``Settings``, ``OrchestratorError``, ``__version__``.
Never knows: anything before one of these names is used. A health check imports this package every 30 seconds.
"""

__version__ = "0.1.0"
__all__ = ["AgentOrchestrator", "OrchestratorError", "Settings", "__version__"]

TYPE_CHECKING = (
    False  # like typing.TYPE_CHECKING, without importing typing: a health check imports this every 30 seconds
)
if TYPE_CHECKING:
    from agents.errors import OrchestratorError
    from agents.orchestrator import AgentOrchestrator
    from agents.settings import Settings

_MODULES = {
    "AgentOrchestrator": "agents.orchestrator",
    "OrchestratorError": "agents.errors",
    "Settings": "agents.settings",
}


def __getattr__(name: str) -> object:
    """Load a public name from its module at first use."""
    if name in _MODULES:
        from importlib import import_module

        return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
