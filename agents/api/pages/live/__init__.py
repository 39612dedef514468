"""A meeting while it is held: the floor, which the server keeps once for all who watch, its stream, and the seat of
a person.

Import from here: ``page``, ``stream``, ``seat``.
Never knows: ``agents.api.pages.reading``, ``agents.api.pages.start``.
"""
