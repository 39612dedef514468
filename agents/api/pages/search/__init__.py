"""Search in everything that was said, put to the vote and agreed.

Import from here: ``page``.
Never knows: ``agents.api.pages.reading``.
"""
