"""The commands: one file each. ``agents.cli.app`` names them; each is imported when it is used."""
