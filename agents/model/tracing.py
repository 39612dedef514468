"""Switches cloud tracing off, even if an environment variable asks for it."""

import os

SWITCHES = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2")
"""Variables that would send every prompt to a cloud service."""

DESTINATIONS = ("LANGSMITH_API_KEY", "LANGCHAIN_API_KEY", "LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT")
"""Variables with the destination and its key."""


def force_tracing_off() -> None:
    """Switch off, in this process, the cloud tracing that LangChain would do.

    Called only when a model is started: before that, the environment belongs to the program that uses this library.
    """
    for name in SWITCHES:
        os.environ[name] = "false"
    for name in DESTINATIONS:
        os.environ.pop(name, None)
