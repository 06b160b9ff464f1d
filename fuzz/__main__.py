"""Fuzz the loaders or the parsers: with atheris (guided by coverage) where it is installed, else by chance.

``python -m fuzz loaders --seconds 3600`` and ``python -m fuzz parsers``. What breaks is written to ``fuzz/found``
with the traceback; mend the whole kind, and keep it as a test in ``tests/loaders/test_hostile.py`` or
``tests/test_fuzz_parsers.py``.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType

try:
    import atheris
except ImportError:
    atheris = None

FOUND = Path(__file__).parent / "found"
MOST_MEMORY = 6 * 2**30
"""Bytes of address space: a file of a few kilobytes must not need more."""

MOST_SECONDS = 20
"""One small file must not take longer: beyond, it hangs."""


class Hang(BaseException):
    """One input took too long."""


def main() -> int:
    """Fuzz one target, and return whether anything broke."""
    asked = argparse.ArgumentParser(prog="fuzz", description="Fuzz the loaders or the parsers.")
    asked.add_argument("target", choices=["loaders", "parsers"])
    asked.add_argument("--seconds", type=int, default=3600)
    asked.add_argument("--seed", type=int, default=0, help="of the chances taken; 0: another one each time")
    given = asked.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    signal.signal(signal.SIGALRM, _too_long)
    if atheris is not None:
        return _guided(given.target, given.seconds, given.seed)
    return _by_chance(given.target, given.seconds, given.seed or random.randrange(2**32))


def _guided(target: str, seconds: int, seed: int) -> int:
    with atheris.instrument_imports(include=["listed"]):
        from fuzz.targets import TARGETS
    one = TARGETS[target]
    with tempfile.TemporaryDirectory(prefix="listed-fuzz-") as corpus:
        for number, content in enumerate(one.corpus()):
            (Path(corpus) / f"{number:04}").write_bytes(content)
        words = [sys.argv[0], corpus, f"-max_total_time={seconds}", "-rss_limit_mb=0", "-timeout=0", "-max_len=8192"]
        found: list[str] = []
        atheris.Setup([*words, *([f"-seed={seed}"] if seed else [])], lambda data: _try(one.run, data, found))
        atheris.Fuzz()
    return 1 if found else 0


def _by_chance(target: str, seconds: int, seed: int) -> int:
    from fuzz.targets import TARGETS

    one, chance, found = TARGETS[target], random.Random(seed), list[str]()
    corpus, until, runs = one.corpus(), time.monotonic() + seconds, 0
    while time.monotonic() < until:
        _try(one.run, one.mutate(chance.choice(corpus), chance), found)
        runs += 1
    print(f"{target}: {runs:,} inputs (seed {seed}), {len(found)} kinds of failure{' in fuzz/found' if found else ''}")
    return 1 if found else 0


def _try(run: Callable[[bytes], None], data: bytes, found: list[str]) -> None:
    """Run one input; keep the first of each kind of failure."""
    signal.alarm(MOST_SECONDS)
    try:
        run(data)
    except (Exception, Hang) as error:
        frames = traceback.extract_tb(error.__traceback__)
        last = frames[-1]
        kind = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
        if kind not in found:
            found.append(kind)
            FOUND.mkdir(exist_ok=True)
            place = FOUND / hashlib.sha256(kind.encode()).hexdigest()[:12]
            place.write_bytes(data)
            place.with_suffix(".txt").write_text("".join(traceback.format_exception(error)), encoding="utf-8")
            print(f"found: {kind}: {str(error)[:200]!r} ({place})", flush=True)
    finally:
        signal.alarm(0)


def _too_long(_: int, __: FrameType | None) -> None:
    raise Hang(f"more than {MOST_SECONDS} seconds")


if __name__ == "__main__":
    sys.exit(main())
