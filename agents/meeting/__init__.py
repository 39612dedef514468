"""What a meeting is: type, room, phases, ballots, minutes. No provider, database or network is known here."""
