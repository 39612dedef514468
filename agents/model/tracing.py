"""Cloud tracing stays off, whatever a stray variable asks for."""

import os

SWITCHES = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2")
"""Variables that would send every prompt to a cloud service."""

DESTINATIONS = ("LANGSMITH_API_KEY", "LANGCHAIN_API_KEY", "LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT")
"""Variables that say where to, and with which key."""


def force_tracing_off() -> None:
    """Switch off, in this process, the cloud tracing that LangChain would do.

    Called when a model that may use LangChain is started, and nowhere else: until then the process is its owner's.
    """
    for name in SWITCHES:
        os.environ[name] = "false"
    for name in DESTINATIONS:
        os.environ.pop(name, None)
