"""The minutes of a meeting and what they rest on, side by side, and each of their entries with what people say about
it.

Import from here: ``page``, ``entries``.
Never knows: ``agents.api.pages.live``, ``agents.api.pages.start``.
"""
