"""FollowTheMoney: the exports of OpenSanctions and of programs of its kind.

Read are objects one per line (``entities.ftm.json``), the changes of a day
(``entities.delta.json``) and the simple table (``targets.simple.csv``). Parties and things are
entities, with all their properties; objects that join two of them are links; sanctions are
listings, on the list their programme or dataset stands for. Documents and messages are set
aside, with the reason.

A file and the deltas after it can be loaded together, in order: the last that is said of an
object holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from listed.loaders.ftm.chunk import Cited
from listed.loaders.ftm.reader import Reader
from listed.loaders.ftm.simple import is_simple, read_simple
from listed.loaders.inputs import Input
from listed.loaders.loader import Item, Loader

__all__ = ["LOADER", "read"]


def read(inputs: Sequence[Input]) -> Iterator[Item]:
    """Read files of FollowTheMoney objects, deltas and simple tables, in any mix.

    Yields
    ------
    Source, Statement, Batch, SetAside or InputError
        Chunk by chunk; links and addresses at the end, when every object is known. An error for a
        line that cannot be read, when the next one can.

    Raises
    ------
    InputError
        If a file is of another kind, or its archive is damaged.
    """
    objects: list[Input] = []
    cited = Cited()
    for file in inputs:
        if is_simple(_first_line(file)):
            yield from read_simple(file, cited)
        else:
            objects.append(file)
    yield from Reader(cited).read(objects)


def _first_line(file: Input) -> str:
    with file.open_binary() as stream:
        return stream.readline(4000).decode("utf-8-sig", "replace")


LOADER = Loader(
    name="ftm",
    title="FollowTheMoney and OpenSanctions",
    reads="entities.ftm.json (one object per line), entities.delta.json, targets.simple.csv",
    official="https://www.opensanctions.org/datasets/",
    read=read,
)
