"""A meeting before it begins: the form that makes its plan, and the plan, with seats, cost and what will not be
shown.

Import from here: ``page``, ``plan``.
Never knows: ``agents.api.pages.reading``, ``agents.api.pages.live``.
"""
