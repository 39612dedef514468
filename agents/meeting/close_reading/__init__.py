"""Close reading: where in the documents somebody should look, tied to lines by code.

Import from here: ``phase``, ``findings``, ``pairs``, ``parts``.
Never knows: ``agents.meeting.room``, ``agents.meeting.minutes``.
"""
