"""A stand-in for the Ollama server, with real sockets, the documented wire format and faults on request.

In a test, take the fixture ``ollama``; as a process, ``python -m tests.ollama_double --port 11434``. Standard library
only.
"""

from tests.ollama_double import faults
from tests.ollama_double.faults import Fault
from tests.ollama_double.generation import Answer
from tests.ollama_double.library import LocalModel
from tests.ollama_double.records import Log, Request
from tests.ollama_double.server import OllamaDouble
from tests.ollama_double.tokens import count, tokenize

__all__ = ["Answer", "Fault", "LocalModel", "Log", "OllamaDouble", "Request", "count", "faults", "tokenize"]
