"""Makes texts safe for a terminal: models, documents, minutes and file names are not trusted."""

from agents.text import harmless, harmless_file, json_text, one_line

__all__ = ["harmless", "harmless_file", "json_text", "one_line"]
