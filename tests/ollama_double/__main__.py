"""The double as a process: ``python -m tests.ollama_double --port 11434 --models llama3.2,nomic-embed-text``.

It prints its address when it listens, and ends on SIGTERM or SIGINT.
"""

import argparse
import inspect
import signal
import sys
import threading
from collections.abc import Sequence

from tests.ollama_double import faults
from tests.ollama_double.server import OllamaDouble

MAKERS = {
    name: maker
    for name, maker in inspect.getmembers(faults, inspect.isfunction)
    if maker.__module__ == faults.__name__ and not name.startswith("_")
}
NUMBERS = {"times": int, "skip": int, "after": int, "tokens": int, "code": int, "seconds": float}


def fault_from(text: str) -> faults.Fault:
    """A fault from words such as ``busy``, ``stall:after=3,seconds=5`` or ``reset:times=none``.

    Raises:
        ValueError: there is no such fault, or it does not take such a value.
    """
    name, _, rest = text.partition(":")
    if name not in MAKERS:
        raise ValueError(f"there is no fault {name!r}; there are {', '.join(MAKERS)}")
    values = {}
    for pair in filter(None, rest.split(",")):
        key, _, value = pair.partition("=")
        values[key] = None if value.lower() == "none" else NUMBERS.get(key, str)(value)
    try:
        made: faults.Fault = MAKERS[name](**values)
    except TypeError as error:
        raise ValueError(f"{text!r}: {error}") from None
    unknown = made.rules.keys() - faults.Rules.__annotations__.keys()
    if unknown:
        raise ValueError(f"{text!r}: {name} does not take {', '.join(sorted(unknown))}")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until a signal comes; gives the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.ollama_double", description=__doc__.split("\n")[0])
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=11434, help="port, 0 for any free one (default: %(default)s)")
    parser.add_argument("--models", default="llama3.2", help="names of the models on its disk, with commas between")
    parser.add_argument("--parallel", type=int, default=1, help="slots of each model")
    parser.add_argument("--max-queue", type=int, default=512, help="how many may wait for a load")
    parser.add_argument("--num-ctx", type=int, default=4096, help="context where a request names none")
    parser.add_argument("--version", default="0.32.15", help="the version it names; 0.0.0 as one built from source")
    parser.add_argument("--pace", type=float, default=0.0, help="0: answer at once, 1: as slowly as it is said to cost")
    parser.add_argument("--pull-bytes", type=int, default=2_019_377_376, help="size of a pulled model")
    parser.add_argument("--pull-seconds", type=float, default=0.0, help="time between two lines of a pull")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME[:KEY=VALUE,...]", help="what goes wrong")
    given = parser.parse_args(arguments)
    names = [name for name in given.models.split(",") if name]
    try:
        chosen = [fault_from(text) for text in given.fault]
        double = OllamaDouble(
            names,
            host=given.host,
            port=given.port,
            parallel=given.parallel,
            max_queue=given.max_queue,
            default_num_ctx=given.num_ctx,
            pace=given.pace,
            version=given.version,
        )
    except ValueError as error:
        parser.error(str(error))
    double.pull_bytes, double.pull_step_seconds = given.pull_bytes, given.pull_seconds
    for fault in chosen:
        double.inject(fault)
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    with double:
        sys.stdout.write(f"listening on {double.url}\n")
        sys.stdout.flush()
        over.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
