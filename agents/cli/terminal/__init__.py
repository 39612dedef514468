"""What a terminal shows and reads: tables, streamed answers, keys, the live view of a meeting.

Import from here: any module; ``output.say`` writes data to stdout, ``output.tell`` everything else to stderr.
Never knows: ``agents.cli.commands``, ``agents.cli.context``, ``agents.cli.interactive``.
"""
