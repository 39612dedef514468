"""Measures what a meeting finds in documents with known flaws, and what other ways find for the same tokens.

``run.py`` asks the model and stores what was claimed; ``tables`` and ``label`` work on what is stored, without a model.
"""
