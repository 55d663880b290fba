"""Times the first prompt of the chat against that of a ten-line prompt_toolkit program.

    python tests/benchmarks/startup.py

Both are started in a pseudo-terminal, one after the other, as often as ROUNDS says. The
ratio of the medians is what counts: both share the machine and the load on it.
"""

import os
import sys
import time
from statistics import median

import pexpect

ROUNDS = 9
PROMPT = "You: "
TEN_LINES = f"""
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.history import InMemoryHistory

session = PromptSession(completer=WordCompleter(["/quit"]), history=InMemoryHistory())
while True:
    try:
        print(session.prompt("{PROMPT}"))
    except (EOFError, KeyboardInterrupt):
        break
"""


def seconds(*arguments: str) -> float:
    """Return how long it takes until the prompt stands there."""
    begun = time.perf_counter()
    child = pexpect.spawn(
        sys.executable,
        list(arguments),
        timeout=60,
        encoding="utf-8",
        env={**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
    )
    child.expect(PROMPT.strip())
    taken = time.perf_counter() - begun
    child.close(force=True)
    return taken


def main() -> None:
    """Print both times and their ratio."""
    pairs = [(seconds("-m", "faqbot"), seconds("-c", TEN_LINES)) for _ in range(ROUNDS)]
    ours, theirs = (median(times) for times in zip(*pairs, strict=True))
    print(f"faqbot {ours:.2f} s, ten lines {theirs:.2f} s, ratio {ours / theirs:.2f}")


if __name__ == "__main__":
    main()
