"""The tools of the meeting room for other programs' models, by the Model Context Protocol: over standard input and
output, and over HTTP. Needs the extra ``mcp``; no other package imports the SDK.

Import from here: ``stdio``, ``http``, ``extra``.
Never knows: ``agents.cli``, ``agents.store``, ``typer``.
"""
