"""The program that finds the article in one page: HTML in, text out, within limits that end it.

Run by `WebPageSource` alone, as `python -m worker.fetch.page_child MEMORY_MIB CPU_SECONDS`. It opens no address
and writes no file.
"""

import json
import re
import sys

from worker.fetch.limits import allow_processor, confine
from worker.text.clean import plain_text

#: no news article is longer; the analysis would not bear it
_LONGEST = 200_000
_CLOSED = re.compile(r"\"isAccessibleForFree\"\s*:\s*\"?false\b", re.IGNORECASE)
_HIDDEN = re.compile(r"<(noscript|svg|head)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_EMPTY = {"text": "", "visible": "", "is_closed": False}


def main() -> int:
    """Answers one page with JSON."""
    memory_mib, cpu_s = (int(argument) for argument in sys.argv[1:3])
    confine(memory_mib)
    allow_processor(cpu_s)
    page = sys.stdin.buffer.read().decode("utf-8", "replace")
    sys.stdout.buffer.write(json.dumps(found_in(page), ensure_ascii=False).encode("utf-8", "replace"))
    return 0


def found_in(page: str) -> dict[str, object]:
    """The article's paragraphs, everything that is visible, and whether the page says that it is not free."""
    if not page.strip():
        return _EMPTY
    # Half a second, and only this program needs it.
    from trafilatura import extract  # noqa: PLC0415

    text = extract(page, include_comments=False, include_tables=True, include_images=False, deduplicate=False) or ""
    return {
        "text": text[:_LONGEST],
        "visible": plain_text(_HIDDEN.sub(" ", page))[:_LONGEST],
        "is_closed": _CLOSED.search(page) is not None,
    }


if __name__ == "__main__":
    sys.exit(main())
