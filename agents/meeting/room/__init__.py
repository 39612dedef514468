"""A meeting while it is held: who is present, the topics and their phases, the scribe, a person among the agents.

Import from here: ``agenda.hold``, ``room.Room``, ``person``, ``interview``, ``questions``, ``series``,
``interjections``.
Never knows: ``agents.meeting.plan``, ``agents.meeting.types``, ``agents.store``.
"""
