"""The actions of all meetings as a board, and each with its history.

Import from here: ``page``.
Never knows: ``agents.api.pages.reading``.
"""
