"""Names of models with a tag, as Ollama has them, and without one."""

LATEST = ":latest"
"""The tag that a name has where none is given."""


def listed(name: str) -> str:
    """The name of a model with a tag: agents have the usual one, a panel or meeting has its own."""
    return name if ":" in name else f"{name}{LATEST}"


def canonical(name: str) -> str:
    """The name of a model without the usual tag."""
    return name.strip().removesuffix(LATEST)
