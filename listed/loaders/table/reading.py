"""Reads a mapping from TOML: every word in it is checked, and a wrong one told with the right one beside it."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import Any, NoReturn

from listed.errors import InputError
from listed.graph.model import Entity, Name
from listed.graph.share import Basis
from listed.graph.vocabulary import LinkType, NameKind
from listed.loaders.csl.countries import country_code
from listed.loaders.table.mapping import (
    Filter,
    KnownParty,
    LinkPart,
    ListingPart,
    PartyPart,
    ProseRule,
    SourcePart,
    TableMapping,
)
from listed.loaders.table.rows import Layout
from listed.loaders.table.values import Pattern, Value, Values

_HELP = "docs/tables.md tells how a mapping is written"
_GROUPS = frozenset(
    {"this", "other", "address", "direct", "role", "share", "start", "end", "citation", "program", "remarks", "value"}
)


def read_mapping(path: str | Path) -> TableMapping:
    """Read a mapping file.

    Raises
    ------
    InputError
        If it cannot be opened, is no TOML, or says something no mapping can say.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot be opened: {error.strerror or error}", file=str(path)) from None
    except UnicodeDecodeError:
        raise InputError("not in UTF-8", file=str(path), advice="save it as UTF-8") from None
    return parse_mapping(text, str(path))


def parse_mapping(text: str, file: str) -> TableMapping:
    """Read a mapping from its text; as :func:`read_mapping`."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        slashes = (
            "write patterns in single quotes: find = '\\d+'"
            if "escape" in str(error).lower() or "'\\" in str(error)
            else _HELP
        )
        raise InputError(
            f"is no TOML: {error}", file=file, row=int(line[1]) if line else None, advice=slashes
        ) from None
    return _Reader(file).mapping(said)


class _Reader:
    """Turns the tables of a mapping into its parts, noting which columns are named."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.used: dict[str, str] = {}

    def mapping(self, said: dict[str, Any]) -> TableMapping:
        whole = _Section(self, "", said)
        file = whole.section("file")
        layout = Layout(
            file.text("path"),
            file.text("sheet"),
            file.text("delimiter"),
            file.text("encoding"),
            file.number("header_row"),
            tuple(self.named(column, "[file] fill_down") for column in file.texts("fill_down")),
        )
        ignored = frozenset(file.texts("ignore"))
        file.finish()
        ids = whole.section("ids")
        prefix, as_given = ids.text("prefix"), ids.truth("as_given") or False
        ids.finish()
        mapping = TableMapping(
            self.file,
            layout,
            self._source(whole.section("source")),
            prefix,
            as_given,
            tuple(self._filter(one) for one in whole.sections("where")),
            self.party(whole.section("entity"), "entity") if "entity" in said else None,
            tuple(self._listing(one) for one in whole.sections("listing")),
            tuple(self._link(one) for one in whole.sections("link")),
            tuple(self._known(one) for one in whole.sections("party")),
            tuple(self._prose(one) for one in whole.sections("prose")),
            self.used,
            ignored,
        )
        whole.finish()
        self._check(mapping)
        return mapping

    def _check(self, mapping: TableMapping) -> None:
        if mapping.entity is None and not mapping.links:
            self.fail(
                "says of nothing what it is", "give it an [entity] with a name, or a [link] with an owner and an asset"
            )
        if mapping.entity is None and (mapping.listings or mapping.prose):
            self.fail("has a listing or prose, but no [entity] that they are about", _HELP)
        if mapping.entity is None and any(link.source is None or link.target is None for link in mapping.links):
            self.fail("has a [link] with one end and no [entity] to be the other", _HELP)
        if any(rule.makes is None for rule in mapping.prose) and not mapping.listings:
            self.fail("has prose that makes a listing, but no [listing] that says of which list", _HELP)

    def fail(self, problem: str, advice: str = _HELP) -> NoReturn:
        raise InputError(problem, file=self.file, advice=advice)

    def named(self, column: str, where: str) -> str:
        self.used.setdefault(column, where)
        return column

    def _source(self, part: _Section) -> SourcePart:
        read = SourcePart(
            part.text("title"),
            part.text("publisher"),
            part.text("url"),
            part.text("published"),
            part.text("retrieved"),
            part.values("column"),
        )
        part.finish()
        return read

    def _filter(self, part: _Section) -> Filter:
        column = self.named(part.text("column") or self.fail("a [[where]] names no column"), "[[where]]")
        words = ", ".join(f"{key} = {value!r}" for key, value in part.said.items())
        read = Filter(
            column,
            part.folded("is"),
            part.folded("is_not"),
            part.pattern("matches"),
            part.truth("empty"),
            words,
        )
        part.finish()
        return read

    def party(self, part: _Section, where: str) -> PartyPart:
        same = part.said.pop("same", ())
        read = PartyPart(
            part.values("name"),
            part.values("id"),
            tuple(self.named(column, f"[{where}] same") for column in ([same] if isinstance(same, str) else same)),
            part.said.pop("brackets", "") == "alias",
            part.values("aliases"),
            part.values("previous_names"),
            part.values("countries"),
            part.values("addresses"),
            part.values("topics"),
            part.values("schema"),
            part.values("note"),
            part.named_values("identifiers"),
            part.named_values("properties"),
        )
        part.finish()
        if not read.name and not read.id:
            self.fail(f"[{where}] has neither a name nor an id")
        return read

    def _listing(self, part: _Section) -> ListingPart:
        read = ListingPart(
            part.values("list"),
            part.values("start"),
            part.values("end"),
            part.values("citation"),
            part.values("licence_requirement"),
            part.values("licence_policy"),
            part.values("programs"),
            part.values("remarks"),
        )
        part.finish()
        if not read.list:
            self.fail("a [listing] names no list", 'as list = { value = "US-BIS-EL" }, or the column it stands in')
        return read

    def _link(self, part: _Section) -> LinkPart:
        source, target = part.end("owner", "from"), part.end("asset", "to")
        if source is None and target is None:
            self.fail("a [link] has neither an owner nor an asset")
        basis = part.text("basis")
        if basis and basis not in [one.value for one in Basis]:
            self.fail(f"no basis is called {basis!r}", f"there are: {', '.join(Basis)}")
        read = LinkPart(
            source,
            target,
            part.values("type"),
            part.values("role"),
            part.values("share"),
            Basis(basis) if basis else None,
            part.truth("direct"),
            part.values("start"),
            part.values("end"),
            part.values("amount"),
            part.values("currency"),
            part.values("note"),
            part.values("confidence"),
        )
        part.finish()
        for value in read.type:
            if value.constant:
                self.link_type(value.constant)
        return read

    def link_type(self, text: str) -> LinkType:
        name = text.strip().upper().replace(" ", "_")
        if name not in LinkType.__members__:
            self.fail(f"no type of link is called {text}", f"there are: {', '.join(LinkType)}")
        return LinkType[name]

    def _known(self, part: _Section) -> KnownParty:
        name = part.text("name") or self.fail("a [[party]] has no name")
        also, id_ = part.texts("also"), part.text("id")
        names = (Name(name), *(Name(text, NameKind.ALIAS) for text in also))
        entity = Entity(
            id_, names, part.text("schema") or "LegalEntity", self._countries(part), tuple(part.texts("topics"))
        )
        part.finish()
        return KnownParty(entity, (name, *also), bool(id_))

    def _countries(self, part: _Section) -> tuple[str, ...]:
        codes = []
        for text in part.texts("country"):
            code = country_code(text.upper()) or country_code(text)
            codes.append(code or self.fail(f"{text!r} is no country", "write its code, as cn"))
        return tuple(codes)

    def _prose(self, part: _Section) -> ProseRule:
        column = self.named(part.text("column") or self.fail("a [[prose]] names no column"), "[[prose]]")
        find = part.pattern("find") or self.fail(f"the [[prose]] of {column} has nothing to find")
        makes = part.text("makes") or self.fail(f"the [[prose]] of {column} does not say what it makes",
                                                'as makes = "OWNS", or makes = "listing"')  # fmt: skip
        if unknown := set(find.groupindex) - _GROUPS:
            self.fail(f"no group of a [[prose]] is called {min(unknown)}", f"there are: {', '.join(sorted(_GROUPS))}")
        this = part.text("this") or "owner"
        if this not in ("owner", "asset", "from", "to"):
            self.fail(f"this = {this!r}", "the row's party is the owner (or from), or the asset (or to)")
        is_link = makes != "listing"
        if is_link and "other" not in find.groupindex:
            self.fail(f"the [[prose]] of {column} that makes {makes} has no group (?P<other>...) for the other end")
        rule = ProseRule(
            column,
            find,
            part.text("row"),
            part.pattern("pieces"),
            part.pattern("cut"),
            self.link_type(makes) if is_link else None,
            this in ("owner", "from"),
            part.pattern("split"),
            tuple(part.texts("whole")),
            part.replacements("replace"),
            part.text("brackets") == "alias",
            part.text("role"),
            part.text("share"),
            part.text("flag"),
            part.truth("listed") or False,
            part.text("schema") or "LegalEntity",
            tuple(part.texts("topics")),
            self._countries(part),
            part.truth("day_first"),
        )
        part.finish()
        return rule


class _Section:
    """One table of the mapping; each key is taken once, and what is left over at the end is unknown."""

    def __init__(self, reader: _Reader, name: str, said: dict[str, Any]) -> None:
        self.reader, self.name, self.said = reader, name, dict(said)
        self._asked: list[str] = []

    def take(self, key: str) -> Any:
        self._asked.append(key)
        return self.said.pop(key, None)

    def fail(self, key: str, wanted: str) -> NoReturn:
        self.reader.fail(f"[{self.name}] {key} must be {wanted}")

    def finish(self) -> None:
        for key in self.said:
            close = difflib.get_close_matches(key, self._asked, n=1)
            meant = f"did you mean {close[0]}?" if close else f"there are: {', '.join(self._asked)}"
            what = f"[{self.name}]" if self.name else "a mapping"
            self.reader.fail(f"{key!r} is nothing {what} can say", meant)

    def text(self, key: str) -> str:
        value = self.take(key)
        if value is not None and not isinstance(value, str | int | float) and not hasattr(value, "isoformat"):
            self.fail(key, "a text")
        return "" if value is None else str(value)

    def texts(self, key: str) -> list[str]:
        value = self.take(key)
        if value is None:
            return []
        if isinstance(value, str):
            return [value]
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.fail(key, "a text or a list of texts")
        return value

    def folded(self, key: str) -> frozenset[str] | None:
        return frozenset(text.casefold() for text in texts) if (texts := self.texts(key)) else None

    def number(self, key: str) -> int:
        value = self.take(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
            self.fail(key, "a number from 1")
        return value or 0

    def truth(self, key: str) -> bool | None:
        value = self.take(key)
        if value is not None and not isinstance(value, bool):
            self.fail(key, "true or false")
        return value

    def pattern(self, key: str) -> Pattern | None:
        text = self.text(key)
        if not text:
            return None
        try:
            return re.compile(text)
        except re.error as error:
            self.reader.fail(f"[{self.name}] {key} is no regular expression: {error}", text)

    def replacements(self, key: str) -> tuple[tuple[Pattern, str], ...]:
        pairs = self.take(key) or []
        if not all(
            isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, str) for one in pair) for pair in pairs
        ):
            self.fail(key, "a list of pairs: [['what', 'instead'], ...]")
        inner = f"{self.name}.{key}"
        return tuple((_Section(self.reader, inner, {"of": what}).pattern("of") or re.compile(""), instead)
                     for what, instead in pairs)  # fmt: skip

    def section(self, key: str) -> _Section:
        said = self.take(key)
        if said is not None and not isinstance(said, dict):
            self.fail(key, "a table")
        return _Section(self.reader, key, said or {})

    def sections(self, key: str) -> list[_Section]:
        said = self.take(key) or []
        many = [said] if isinstance(said, dict) else said
        if not isinstance(many, list) or not all(isinstance(one, dict) for one in many):
            self.fail(key, "a table")
        return [_Section(self.reader, key, one) for one in many]

    def end(self, *ways: str) -> PartyPart | None:
        """Read an end of a link: a column, a value, or a party of several columns."""
        given = [way for way in ways if way in self.said]
        if len(given) > 1:
            self.reader.fail(f"a [link] has both {' and '.join(given)}, which are the same end")
        self._asked += [way for way in ways if way not in given]
        if not given:
            return None
        said = self.said[given[0]]
        if isinstance(said, dict) and not ({"column", "value"} & set(said)):
            self.take(given[0])
            where = f"{self.name}.{given[0]}"
            return self.reader.party(_Section(self.reader, where, said), where)
        return PartyPart(self.values(given[0]))

    def named_values(self, key: str) -> dict[str, Values]:
        said = self.take(key) or {}
        if not isinstance(said, dict):
            self.fail(key, "a table of names and columns")
        inner = _Section(self.reader, f"{self.name}.{key}", said)
        return {name: inner.values(name) for name in said}

    def values(self, key: str) -> Values:
        """Read where something comes from: a column, a table with more to say, or a list of those."""
        said = self.take(key)
        if said is None:
            return ()
        return tuple(self._value(key, one) for one in (said if isinstance(said, list) else [said]))

    def _value(self, key: str, said: Any) -> Value:
        where = f"[{self.name}] {key}"
        if isinstance(said, str):
            return Value(self.reader.named(said, where))
        if not isinstance(said, dict):
            self.fail(key, 'a column\'s name, or a table such as { value = "US-BIS-EL" }')
        part = _Section(self.reader, f"{self.name}.{key}", said)
        column, constant = part.text("column"), part.text("value")
        if bool(column) == bool(constant):
            self.reader.fail(f"{where} needs a column or a value, and not both")
        unit = part.text("unit")
        if unit not in ("", "percent", "fraction"):
            self.reader.fail(f"{where}: unit = {unit!r}", "a bare number is a percent or a fraction")
        mapped = part.take("map") or {}
        if not isinstance(mapped, dict):
            part.fail("map", "a table")
        value = Value(
            self.reader.named(column, where) if column else "",
            constant,
            part.folded("unsaid") or frozenset(),
            part.truth("rejoin") or False,
            part.pattern("split"),
            part.replacements("replace"),
            part.pattern("find"),
            {str(text).casefold(): str(meant) for text, meant in mapped.items()},
            part.text("says"),
            part.text("join") if "join" in said else None,
            part.pattern("doubt"),
            unit or None,  # type: ignore[arg-type]
            part.truth("day_first"),
        )
        part.finish()
        return value
