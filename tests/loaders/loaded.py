"""What a loader yielded, by kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from listed.errors import InputError
from listed.graph.model import Entity, Link, Listing, SetAside, Source, Statement
from listed.graph.vocabulary import NameKind
from listed.loaders import registry
from listed.loaders.inputs import open_inputs
from listed.loaders.loader import Item


@dataclass
class Yielded:
    """The items, and views of them."""

    items: list[Item]

    def __post_init__(self) -> None:
        self.statements = [item for item in self.items if isinstance(item, Statement)]
        self.sources = [item for item in self.items if isinstance(item, Source)]
        self.aside = [item for item in self.items if isinstance(item, SetAside)]
        self.errors = [item for item in self.items if isinstance(item, InputError)]
        self.entities = [s.about for s in self.statements if isinstance(s.about, Entity)]
        self.listings = [s.about for s in self.statements if isinstance(s.about, Listing)]
        self.links = [s.about for s in self.statements if isinstance(s.about, Link)]
        self.by_id = {entity.id: entity for entity in self.entities}

    @property
    def reasons(self) -> list[str]:
        """Return why things were set aside."""
        return [one.reason for one in self.aside]

    @property
    def link(self) -> Link:
        """Return the one link."""
        (link,) = self.links
        return link

    def named(self, name: str) -> Entity:
        """Return the one entity of a name."""
        found = [entity for entity in self.entities if entity.name == name]
        assert len(found) == 1, f"{len(found)} entities are called {name!r}"
        return found[0]


@dataclass
class Loaded(Yielded):
    """What a loader of lists yielded."""

    def listing(self, entity: str) -> Listing:
        """Return the one listing of an entity."""
        (found,) = [one for one in self.listings if one.entity == entity]
        return found

    def flags(self, entity: str) -> tuple[str, ...]:
        """Return what of an entity was not taken at its word."""
        return next(s.flags for s in self.statements if isinstance(s.about, Entity) and s.about.id == entity)

    def record(self, entity: str) -> str:
        """Return where an entity stands."""
        return next(s.record for s in self.statements if isinstance(s.about, Entity) and s.about.id == entity)


def load(loader: str, *paths: Path) -> Loaded:
    return Loaded(list(registry.loader(loader).read(open_inputs([str(path) for path in paths]))))


def names(entity: Entity, kind: NameKind) -> list[str]:
    return [name.text for name in entity.names if name.kind is kind]


def told(entity: Entity, key: str) -> list[str]:
    return [text for name, text in entity.properties if name == key]


def identifiers(entity: Entity) -> set[tuple[str, str]]:
    return {(one.scheme, one.value) for one in entity.identifiers}


def is_cited_first(items: Iterable[Item]) -> bool:
    """Tell whether every source comes before the statements that cite it."""
    seen: set[str] = set()
    for item in items:
        if isinstance(item, Source):
            seen.add(item.id)
        elif isinstance(item, Statement) and not set(item.sources) <= seen:
            return False
    return True


Write = Callable[..., Path]
