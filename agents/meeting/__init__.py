"""What a meeting is: its values, phases and prompts, the room where it is held, its minutes, its types.

Import from here: any module; values are in ``record``, ``journal_values``, ``verdict``, ``spec``, ``meeting_type`` and
``journal``, names of entries in ``entry_names``, what is asked in ``phases`` and ``prompts``, what is held in ``room``,
what it left in ``minutes``.
Never knows: a provider, a database, a network or a terminal: ``agents.model.ollama``, ``agents.store``, ``sqlite3``,
``socket``, ``httpx``, ``typer``.
"""
