"""The process that converts one file: its bytes come on standard input, its pages go to standard output as JSON.

A process of its own, because a converter reads what strangers wrote: it may crash, grow or never end, and then only
this process is lost. It is given no address and no key, and the converter is told to read bytes and to load nothing.
"""

import asyncio
import json
import os
import sys
from typing import Any

MOST_MEMORY = 2_000_000_000
"""The most bytes of address space of the process."""
MOST_SECONDS = 60
"""The most seconds of computing of the process."""


def main() -> None:
    """Convert standard input; the argument is its media type. Prints {"pages": [...]} or {"error": "..."}, and ends the
    process.
    """
    _limit()
    try:
        found = asyncio.run(_converted(sys.stdin.buffer.read(), sys.argv[1]))
    except ImportError as error:
        found = {"missing": str(error)}
    except Exception as error:  # noqa: BLE001 - whatever a converter raises about a file
        found = {"error": " ".join(str(error).split())[:300]}
    sys.stdout.write(json.dumps(found))
    sys.stdout.flush()
    os._exit(0)  # the converter's threads are still there, and may crash while Python ends


async def _converted(raw: bytes, mime: str) -> dict[str, Any]:
    from xberg import ExtractInput, ExtractionConfig, PageConfig, extract

    config = ExtractionConfig(
        use_cache=False,
        enable_quality_processing=False,
        disable_ocr=True,
        escape_markdown=False,
        output_format="plain",
        pages=PageConfig(extract_pages=True),
        extraction_timeout_secs=MOST_SECONDS,
    )
    result = await extract(ExtractInput(kind="bytes", bytes=raw, mime_type=mime), config)
    if not result.results:
        return {"error": " ".join(str(getattr(one, "message", one)) for one in result.errors)[:300]}
    document = result.results[0]
    pages = [{"name": one.sheet_name or "", "text": one.content} for one in document.pages or ()]
    return {"text": document.content, "pages": pages}


def _limit() -> None:
    """Bound memory and time, where the system can."""
    if sys.platform == "win32":
        return
    import resource

    for what, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        _, hard = resource.getrlimit(what)
        if hard == resource.RLIM_INFINITY or most < hard:
            resource.setrlimit(what, (most, hard))
