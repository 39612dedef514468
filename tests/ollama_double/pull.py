"""POST /api/pull: a download with lines of progress, which continues where a cancelled download stopped."""

import hashlib
from typing import TYPE_CHECKING, Any

from tests.ollama_double.exchange import Exchange
from tests.ollama_double.library import LocalModel, full_name
from tests.ollama_double.wire import Refusal, decode, without_zeros

if TYPE_CHECKING:
    from tests.ollama_double.server import OllamaDouble

NO_MANIFEST = "pull model manifest: file does not exist"
CONFIG_BYTES = 561


def pull(double: "OllamaDouble", exchange: Exchange) -> None:
    """Download a model. The downloaded part is kept when the client disconnects."""
    body = decode(
        exchange.record.raw,
        "PullRequest",
        {"model": ("string", str), "name": ("string", str), "stream": ("bool", bool)},
    )
    name = full_name(body.get("model") or body.get("name") or "")
    if not name:
        raise Refusal(400, "invalid model name")
    stream = body.get("stream") is not False
    _say(exchange, stream, {"status": "pulling manifest"})
    if name not in double.pullable and double.library.find(name) is None:
        if not stream:
            exchange.whole(500, "application/json", b'{"error":"' + NO_MANIFEST.encode() + b'"}')
        else:
            exchange.error(500, NO_MANIFEST)
        return
    model = LocalModel.called(name)
    model.size = double.pull_bytes
    for label, size in (("weights", double.pull_bytes), ("config", CONFIG_BYTES)):
        digest = f"sha256:{hashlib.sha256(f'{name} {label}'.encode()).hexdigest()}"
        _blob(double, exchange, digest, size, stream=stream)
    for status in ("verifying sha256 digest", "writing manifest"):
        _say(exchange, stream, {"status": status})
    double.library.add(model)
    if stream:
        exchange.line({"status": "success"}, last=True)
        exchange.end()
    else:
        exchange.json(200, {"status": "success"})


def _blob(double: "OllamaDouble", exchange: Exchange, digest: str, size: int, *, stream: bool) -> None:
    """One blob: one line for each step, the first with the part that was downloaded before."""
    short = digest.removeprefix("sha256:")[:12]
    step = max(1, -(-size // double.pull_steps))
    completed = double.blobs.get(digest, 0)
    while True:
        line = {"status": f"pulling {short}", "digest": digest, "total": size, "completed": completed}
        _say(exchange, stream, without_zeros(line))
        if completed >= size:
            return
        exchange.wait(double.pull_step_seconds)
        completed = min(size, completed + step)
        double.blobs[digest] = completed


def _say(exchange: Exchange, stream: bool, line: dict[str, Any]) -> None:
    exchange.check()
    if stream:
        exchange.line(line)
