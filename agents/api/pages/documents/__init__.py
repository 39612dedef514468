"""A document of a meeting, line by line, with who cites which line and what nobody was shown.

Import from here: ``page``.
Never knows: ``agents.api.pages.reading``.
"""
