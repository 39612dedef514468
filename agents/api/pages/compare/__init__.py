"""Two meetings side by side.

Import from here: ``page``.
Never knows: ``agents.api.pages.reading``.
"""
