"""The built-in meeting types, and the code that reads and checks type files and gives advice on them.

Import from here: ``file.read_types``, ``file.SHIPPED``, ``lint.check``.
Never knows: ``agents.meeting.room``, ``agents.meeting.plan``, ``agents.settings``.
"""
