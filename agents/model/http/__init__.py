"""HTTP for providers: a client of the standard library, a transport for httpx, and what network errors mean.

Import from here: ``stdlib``, ``httpx_transport``, ``network_error``.
Never knows: ``agents.model.ollama``, ``agents.model.langchain``, ``agents.model.prompt``.
"""
