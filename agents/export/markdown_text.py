"""Somebody's words as Markdown text."""

import re

from agents.export.wording import plain


def escape(text: str) -> str:
    """One line of somebody's words as Markdown text: no emphasis, link, image, code, HTML, heading or list can come of
    it.
    """
    text = plain(text)
    text = re.sub(r"([\\`*<>|~])", r"\\\1", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)
    text = re.sub(r"&(?=#?\w+;)", r"\\&", text)
    text = re.sub(r"([\[\]])(?=[\[(:!])|(?<=!)(\[)", lambda m: "\\" + (m[1] or m[2]), text)
    text = re.sub(r"^([#+=-])", r"\\\1", text)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", text)
