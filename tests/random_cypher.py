"""Random Cypher queries over the property graph, each with a total order, to compare two engines."""

from __future__ import annotations

import random

_NODES = ("{v}:Entity", "{v}:Entity", "{v}", "{v}:Company", "{v}:Entity:Company")
_TYPES = ("", "", ":OWNS", ":OWNS|CONTROLS", ":INVESTED_IN", ":LISTED_ON", ":AFFILIATED_WITH")
_ARROWS = (("-", "->"), ("<-", "-"), ("-", "-"))
_OF_NODES = ("{v}.id", "{v}.schema", "{v}.countries[0]", "size({v}.topics)", "{v}.placeholder", "size({v}.id)",
             "left({v}.id, 2)", "coalesce({v}.note, 'none')", "[t IN {v}.topics | toUpper(t)]",
             "size([({v})-[:OWNS]->(x) | x])", "EXISTS {{ ({v})-[:LISTED_ON]->() }}")  # fmt: skip
_OF_LINKS = ("{v}.share_min", "{v}.share_max", "{v}.start_date", "{v}.role", "{v}.confidence", "{v}.start_earliest",
             "type({v})", "{v}.start_earliest.year", "startNode({v}).id", "substring({v}.start_date, 0, 4)",
             "CASE WHEN {v}.share_min >= 50 THEN 'most' ELSE 'less' END")  # fmt: skip
_TRUE_OF_NODES = ("{v}.id < 'm'", "{v}.schema = 'Company'", "'cn' IN {v}.countries", "{v}.note IS NULL",
                  "EXISTS {{ ({v})-[:LISTED_ON]->() }}", "NOT ({v})-[:LISTED_ON]->()", "size({v}.topics) > 0",
                  "{v}.id STARTS WITH 'c'", "any(t IN {v}.topics WHERE t STARTS WITH 'gov')", "{v}:Company",
                  "{v}.id =~ '.*-.*'", "{v}.id IN ['megvii', 'smic', 'cetc']", "{v}.placeholder")  # fmt: skip
_TRUE_OF_LINKS = ("{v}.share_min >= 20", "{v}.share_max < 50", "{v}.start_date >= '2019'", "{v}.end_date IS NULL",
                  "type({v}) <> 'OWNS'", "{v}.role CONTAINS 'o'", "{v}.start_earliest > date('2019-01-01')",
                  "{v}.share_min IS NOT NULL", "NOT {v}.share_min_open", "{v}.share_min * 2 > 50")  # fmt: skip
_HUBS = "['cn-sasac', 'megvii', 'hikvision', 'alibaba-group', 'smic']"


def texts(seed: int, count: int) -> list[str]:
    """Return so many queries, the same for the same seed."""
    return [_Maker(random.Random(seed * 1_000_003 + number)).text() for number in range(count)]


class _Maker:
    """Draws one query."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.nodes: list[str] = []
        self.links: list[str] = []

    def text(self) -> str:
        start = self._match(self.rng.choice((0, 1, 1, 1, 2)))
        finish = self.rng.choice((self._rows, self._distinct, self._groups, self._groups, self._kept, self._further,
                                  self._paths, self._unwound, self._called))  # fmt: skip
        return start + finish()

    def _match(self, hops: int) -> str:
        self.nodes, self.links = ["a"], []
        pattern = f"({self._node('a')})"
        for end in "bc"[:hops]:
            pattern += self._hop(f"r{end}") + f"({self._node(end)})"
            self.nodes.append(end)
        tests = [self._test() for _ in range(self.rng.choice((0, 1, 1, 2)))]
        if hops == 2:
            tests.insert(0, f"{self.rng.choice(self.nodes)}.id IN {_HUBS}")
        where = ""
        for test in tests:
            joint = self.rng.choice((" AND ", " AND ", " OR "))
            where += (joint if where else " WHERE ") + self.rng.choice(("", "", "NOT ")) + f"({test})"
        return f"MATCH {pattern}{where}"

    def _node(self, variable: str) -> str:
        return self.rng.choice(_NODES).format(v=variable)

    def _hop(self, variable: str) -> str:
        type_, (left, right) = self.rng.choice(_TYPES), self.rng.choice(_ARROWS)
        hops = self.rng.choice(("", "", "", "*1..2", "*2"))
        if not hops:
            self.links.append(variable)
        return f"{left}[{'' if hops else variable}{type_}{hops}]{right}"

    def _test(self) -> str:
        variable = self.rng.choice(self.nodes + self.links)
        return self.rng.choice(_TRUE_OF_LINKS if variable in self.links else _TRUE_OF_NODES).format(v=variable)

    def _value(self, variable: str = "") -> str:
        of = variable or self.rng.choice(self.nodes + self.links)
        return self.rng.choice(_OF_LINKS if of in self.links else _OF_NODES).format(v=of)

    def _aggregate(self) -> str:
        forms = ("count(*)", f"count(DISTINCT {self.rng.choice(self.nodes)})", f"count({self._value()})",
                 f"min({self._scalar()})", f"max({self._scalar()})", f"size(collect(DISTINCT {self._value()}))",
                 f"sum(size({self.rng.choice(self.nodes)}.id))")  # fmt: skip
        return self.rng.choice(forms)

    def _scalar(self) -> str:
        while (value := self._value()).startswith("[t"):  # lists have no order in one of the two
            pass
        return value

    def _ordered(self, names: list[str]) -> str:
        keys = [name + self.rng.choice(("", " DESC")) for name in names]
        self.rng.shuffle(keys)
        return " ORDER BY " + ", ".join(keys) + self.rng.choice(("", "", f" SKIP {self.rng.randint(0, 3)}"))

    def _limit(self) -> str:
        return self.rng.choice(("", f" LIMIT {self.rng.randint(1, 25)}"))

    def _columns(self, *, most: int = 3) -> tuple[str, list[str]]:
        names = [f"v{number}" for number in range(self.rng.randint(1, most))]
        return ", ".join(f"{self._scalar()} AS {name}" for name in names), names

    def _rows(self) -> str:
        columns, names = self._columns()
        return f" RETURN {columns}{self._ordered(names)}{self._limit()}"

    def _distinct(self) -> str:
        columns, names = self._columns()
        return f" RETURN DISTINCT {columns}{self._ordered(names)}{self._limit()}"

    def _groups(self) -> str:
        columns, names = self._columns(most=2)
        totals = [f"t{number}" for number in range(self.rng.randint(1, 2))]
        both = ", ".join([columns, *(f"{self._aggregate()} AS {name}" for name in totals)])
        if self.rng.random() < 0.5:
            return f" RETURN {both}{self._ordered(names + totals)}{self._limit()}"
        having = self.rng.choice(("", " WHERE t0 > 1", " WHERE t0 IS NOT NULL", " WHERE v0 IS NOT NULL"))
        return f" WITH {both}{having} RETURN {', '.join(names + totals)}{self._ordered(names + totals)}{self._limit()}"

    def _kept(self) -> str:
        """Rename in a WITH, then aggregate: an optimiser once lost the order of this."""
        kept = self.rng.sample(self.nodes, self.rng.randint(1, len(self.nodes)))
        total = self.rng.choice(("count(*)", f"count(DISTINCT {kept[0]}.id)", f"min({kept[0]}.id)"))
        order = self.rng.choice(("p, t", "t DESC, p", "p DESC, t", "t, p"))
        return f" WITH {', '.join(kept)}, {self._scalar()} AS p RETURN p, {total} AS t ORDER BY {order}{self._limit()}"

    def _further(self) -> str:
        """Take the first few, and go on from them."""
        begin = self.rng.choice(self.nodes)
        first = f" WITH DISTINCT {begin} ORDER BY {begin}.id LIMIT {self.rng.randint(1, 8)}"
        optional = self.rng.choice(("MATCH", "OPTIONAL MATCH"))
        self.nodes, self.links = [begin, "d"], ["rd"]
        type_, (left, right) = self.rng.choice(_TYPES), self.rng.choice(_ARROWS)
        second = f" {optional} ({begin}){left}[rd{type_}]{right}(d)" + self.rng.choice(("", f" WHERE {self._test()}"))
        return first + second + self.rng.choice((self._rows, self._groups))()

    def _paths(self) -> str:
        begin = self.rng.choice(self.nodes)
        type_ = self.rng.choice((":OWNS", ":OWNS|CONTROLS", ":INVESTED_IN|OWNS"))
        left, right = self.rng.choice(_ARROWS[:2])
        each = self.rng.choice(("all(r IN relationships(p) WHERE r.share_min > 10)", "length(p) > 1",
                                "none(n IN nodes(p) WHERE n.placeholder)", "size(nodes(p)) < 4"))  # fmt: skip
        told = self.rng.choice(("[n IN nodes(p) | n.id]", "reduce(s = '', n IN nodes(p) | s + left(n.id, 2))"))
        return (f" WITH DISTINCT {begin} ORDER BY {begin}.id LIMIT 6 MATCH p = ({begin}){left}[{type_}*1..3]{right}(d)"
                f" WHERE {each} RETURN {told} AS v, length(p) AS n ORDER BY n, v{self._limit()}")  # fmt: skip

    def _unwound(self) -> str:
        of = self.rng.choice(self.nodes)
        return (
            f" UNWIND {of}.{self.rng.choice(('topics', 'countries', 'sources'))} AS u"
            f" RETURN u, count(*) AS t, count(DISTINCT {of}) AS n ORDER BY {self.rng.choice(('t DESC, u', 'u'))}"
        )

    def _called(self) -> str:
        of = self.rng.choice(self.nodes)
        inner = self.rng.choice((f"MATCH ({of})-[:OWNS]->(x) RETURN count(x) AS u",
                                 f"OPTIONAL MATCH ({of})<-[q:INVESTED_IN]-(x) RETURN min(q.start_date) AS u",
                                 f"MATCH ({of})--(x) RETURN x.id AS u ORDER BY u LIMIT 2",
                                 f"MATCH ({of})<-[q]-(x:Entity) RETURN x.schema AS u ORDER BY u DESC, x.id LIMIT 3",
                                 f"MATCH ({of})-[q]->(x) WITH x ORDER BY x.id DESC LIMIT 2 RETURN collect(x.id) AS u",
                                 f"MATCH ({of})-[q]->(x) WITH type(q) AS k, x RETURN k AS u, count(x) AS w"
                                 " ORDER BY w DESC, u LIMIT 2",
                                 f"MATCH ({of})-->(x) RETURN DISTINCT x.schema AS u UNION"
                                 f" MATCH ({of})<--(x) RETURN DISTINCT x.schema AS u"))  # fmt: skip
        return f" WITH DISTINCT {of} CALL ({of}) {{ {inner} }} RETURN {of}.id AS v, u ORDER BY v, u{self._limit()}"
