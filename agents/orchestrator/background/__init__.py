"""Meetings held in the background, for front ends that serve many people at once: who waits for a slot, what was said
so far, a seat for a person who is elsewhere, and the histories of each owner.

Import from here: ``owners``, ``held``, ``feed``, ``queue``, ``seat``.
Never knows: ``agents.cli``, ``agents.api``.
"""
