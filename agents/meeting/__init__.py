"""What a meeting is: its values, phases and prompts, the room where it is held, its minutes, its types.

Import from here: ``record``, ``artefact``, ``afterwards``, ``chain``, ``spec``, ``journal``, ``journal_values``,
``codec``, ``meeting_type``, ``phases``, ``prompts``, ``context``, ``sections``, ``unread``,
``reading``, ``fields``, ``finding``, ``invite``, ``checklist``, ``jury``, ``close_reading``, ``control_ballots``,
``known_flaws``, ``report_card``, ``plan``, ``room``, ``minutes``, ``types``.
Never knows: a provider, a database, a network or a terminal: ``agents.model.ollama``, ``agents.store``, ``sqlite3``,
``socket``, ``httpx``, ``typer``.
"""
