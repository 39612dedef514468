"""The simulated server as a process: ``python -m benchmarks.simulated --parallel 1 --cache-tokens 0``."""

import argparse
import asyncio
import contextlib

from benchmarks.simulated.machine import Costs, Machine
from benchmarks.simulated.server import SimulatedServer


async def _serve(given: argparse.Namespace) -> None:
    machine = Machine(given.parallel, given.cache_tokens, Costs(given.reads, given.writes))
    await SimulatedServer(machine, given.turn_tokens).serve(given.port)


def main() -> None:
    """Serve until a signal arrives."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulated")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--parallel", type=int, default=1, help="slots")
    parser.add_argument("--cache-tokens", type=int, default=0, help="prompt cache in main memory, in tokens")
    parser.add_argument("--reads", type=float, default=60.0, help="prompt tokens a second")
    parser.add_argument("--writes", type=float, default=12.0, help="tokens written a second by one slot")
    parser.add_argument("--turn-tokens", type=int, default=250, help="length of a turn in prose")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args()))


main()
