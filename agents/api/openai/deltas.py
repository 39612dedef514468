"""What an answer consists of, whatever the form in which a program receives it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Citation:
    """A place that a part of the answer rests on, as a link.

    Attributes:
        title: what is shown.
        url: where it leads.
    """

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of an answer.

    Attributes:
        content: the words of the answer, or "".
        reasoning: remarks that are not part of the answer, or "".
        status: what happens now, in a few words, or ""; it is only worth showing until the next one comes.
        citations: what the answer rests on.
    """

    content: str = ""
    reasoning: str = ""
    status: str = ""
    citations: tuple[Citation, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether it has words of the answer and nothing else."""
        return bool(self.content) and not (self.reasoning or self.status or self.citations)


@dataclass(frozen=True, slots=True)
class Usage:
    """Numbers of tokens of an answer: read, and written."""

    prompt: int = 0
    reply: int = 0


@dataclass(frozen=True, slots=True)
class End:
    """How an answer ended.

    Attributes:
        finish: "stop", or "length" for an answer that was cut at its longest length.
        usage: its numbers of tokens.
        error: what went wrong; None for a whole answer.
    """

    finish: str = "stop"
    usage: Usage = field(default_factory=Usage)
    error: Exception | None = None
