"""A meeting while it is held: who is present, the phases of a topic, the scribe, a person among the agents."""
