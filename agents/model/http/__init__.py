"""HTTP for providers: requests in threads and connections in the event loop, both of the standard library, a transport
for httpx, and what network errors mean.

Import from here: ``stdlib``, ``connections``, ``httpx_transport``, ``network_error``, ``bounds``.
Never knows: ``agents.model.ollama``, ``agents.model.langchain``, ``agents.model.prompt``.
"""
