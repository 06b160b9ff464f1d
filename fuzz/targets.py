"""What is fuzzed: an input as bytes, the law it is held to, and where to begin."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.loaders.hostile import HOSTILE_VALUES, NORMAL, SEEDS, damaged, outcome, swapped
from tests.parsers import PARSERS


@dataclass(frozen=True)
class Target:
    """Something to fuzz.

    Parameters
    ----------
    run
        Takes an input; raises where the law is broken.
    corpus
        Inputs to begin with.
    mutate
        Makes another of one, by chance.
    """

    run: Callable[[bytes], None]
    corpus: Callable[[], list[bytes]]
    mutate: Callable[[bytes, random.Random], bytes]


_LENT = tempfile.TemporaryDirectory(prefix="listed-fuzz-")
_FOLDER = Path(_LENT.name)


def _load(data: bytes) -> None:
    """Load a file; the first byte says as which seed's format."""
    if data:
        seed = SEEDS[data[0] % len(SEEDS)]
        path = _FOLDER / seed.file
        path.write_bytes(data[1:])
        outcome(seed.loader, path)


def _files() -> list[bytes]:
    chance = random.Random(1)
    files = [bytes([place]) + seed.filled(NORMAL.__getitem__) for place, seed in enumerate(SEEDS)]
    pool = [value for value in HOSTILE_VALUES if len(value) < 1000]
    for place, seed in enumerate(SEEDS):
        files += [bytes([place]) + seed.filled(lambda _: chance.choice(pool)) for _ in range(10)]
        files += [bytes([place]) + swapped(seed, chance) for _ in range(10 if seed.form == "json" else 0)]
    return files


def _other_file(data: bytes, chance: random.Random) -> bytes:
    seed = SEEDS[data[0] % len(SEEDS)]
    how = chance.randrange(3)
    if how == 0 and seed.form == "json":
        return data[:1] + swapped(seed, chance)
    if how == 1:
        pool = chance.sample(HOSTILE_VALUES, 3)
        return data[:1] + seed.filled(lambda slot: chance.choice([NORMAL[slot], *pool]))
    return data[:1] + damaged(data[1:], chance)


def _parse(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for check in PARSERS.values():
        check(text)


def _texts() -> list[bytes]:
    return [value.encode("utf-8", "replace") for value in HOSTILE_VALUES]


def _other_text(data: bytes, chance: random.Random) -> bytes:
    other = chance.choice(HOSTILE_VALUES).encode("utf-8", "replace")
    place = chance.randrange(len(data) + 1)
    return damaged(data[:place] + other[: chance.randrange(1, 4000)] + data[place:], chance)[:8192]


TARGETS = {
    "loaders": Target(_load, _files, _other_file),
    "parsers": Target(_parse, _texts, _other_text),
}
