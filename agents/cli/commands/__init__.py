"""The commands, one file each. ``agents.cli.app`` lists them, and each is imported when it is used.

Import from here: the functions that ``agents.cli.app.COMMANDS`` names; ``help.TOPICS``.
Never knows: ``agents.cli.interactive``, ``agents.api``.
"""
