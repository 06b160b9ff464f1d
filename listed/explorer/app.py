"""The application: which address gives which page. Every page is also there as ``.json``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from listed import queries
from listed.errors import AmbiguousNameError, GraphDamagedError, ListedError, UnknownEntityError
from listed.explorer.asking import day_of, whole_number
from listed.explorer.desk import Desk
from listed.explorer.entity_page import Cited, entity_page
from listed.explorer.map_content import check_known, map_content
from listed.explorer.map_state import map_state
from listed.explorer.map_table import map_csv
from listed.explorer.pages import page
from listed.explorer.screening_jobs import FORMS, MOST_BYTES, MOST_NAMES, ScreeningJobs, Wanted, outcome
from listed.graph.snapshot import Graph
from listed.graph.vocabulary import LISTS, LinkType
from listed.loading import BUNDLED
from listed.queries.answer import Answer, plain
from listed.queries.government import STATE_TIES

if TYPE_CHECKING:
    from starlette.types import ExceptionHandler

POSTS = ("/screen", "/screen/stop")
"""The only addresses to which something can be sent."""

STATIC = Path(__file__).parent / "static"

PATIENCE = 60.0
"""Seconds that a file being sent may rest before it is given up."""

_SUGGESTED = 8
_ANSWERS = ("show", "owners", "holdings", "investors", "ventures", "government", "exposure", "verdict", "timeline")
_PATHS = 10


def explorer(graph: Graph, open_graph: Callable[[], Graph], regimes_file: str | None = None) -> Starlette:
    """Return the application, without a guard (:class:`listed.explorer.guard.Guard`).

    Parameters
    ----------
    graph
        The graph shown.
    open_graph
        Opens it anew, for a screening in the background.
    regimes_file
        A TOML file of regimes that add to ours or override them.
    """
    desk = Desk(graph, regimes_file)
    desk.prepare()
    rooms = _Rooms(desk, ScreeningJobs(open_graph, regimes_file))
    handlers: dict[Any, ExceptionHandler] = {
        ListedError: _refuse, OSError: _unable, 404: _missing, 500: _broken, Exception: _broken,
    }  # fmt: skip
    return Starlette(routes=rooms.routes(), exception_handlers=handlers)


class _Rooms:
    """The pages, one method each. Those that are plain functions run in threads."""

    def __init__(self, desk: Desk, jobs: ScreeningJobs) -> None:
        self.desk, self.jobs = desk, jobs

    def routes(self) -> list[Route | Mount]:
        """Return which address is answered by which method."""
        both = {"/": self.front, "/entity": self.entity, "/paths": self.paths, "/map": self.map,
                "/screen": self.screen}  # fmt: skip
        routes: list[Route | Mount] = []
        for path, room in both.items():
            routes += [Route(path, room), Route(f"{'/search' if path == '/' else path}.json", room)]
        return [
            *routes,
            Route("/map.csv", self.map_table),
            Route("/suggest.json", self.suggest),
            *(Route(f"/{name}.{{form}}", self.answer(name)) for name in _ANSWERS),
            Route("/screen", self.receive, methods=["POST"]),
            Route("/screen/stop", self.stop, methods=["POST"]),
            Route("/screen/job.json", self.job),
            Route("/screen/outcome.{form}", self.outcome),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]

    def front(self, request: Request) -> Response:
        """Search, and what the graph holds."""
        said, day = request.query_params, day_of(request.query_params)
        name = said.get("q", "").strip()[:400]
        found = self.desk.search(name, day, whole_number(said, "limit", 20, 200)) if name else None
        if _as_json(request):
            return _json(found.to_dict() if found is not None else self._facts())
        return self._page("search.html", request, day, found=found, name=name, facts=self._facts())

    def _facts(self) -> dict[str, Any]:
        graph = self.desk.graph
        counts = {name: graph.tables[name].num_rows for name in ("entities", "links", "listings", "sources")}
        lists = graph.tables["listings"]["list"].value_counts().to_pylist()
        told = sorted(((str(one["values"]), one["counts"]) for one in lists), key=lambda one: (-one[1], one[0]))
        return {
            "graph": graph.name,
            "snapshot": graph.number,
            "bundled": BUNDLED in graph.datasets,
            "datasets": list(graph.datasets),
            **counts,
            "lists": [{"list": id_, "title": LISTS.get(id_, id_), "listings": count} for id_, count in told],
        }

    def suggest(self, request: Request) -> Response:
        """Names like what is being typed."""
        name = request.query_params.get("q", "").strip()[:200]
        if not name:
            return _json({"rows": []})
        rows = self.desk.search(name, day_of(request.query_params), _SUGGESTED).rows
        return _json({"rows": [plain(row) for row in rows]})

    def entity(self, request: Request) -> Response:
        """All that is known of one entity."""
        said, day = request.query_params, day_of(request.query_params)
        with self.desk.lock:
            shown = entity_page(self.desk, said.get("id", ""), said, day)
        if _as_json(request):
            return _json(shown.to_dict())
        answers = shown.answers
        return self._page(
            "entity.html", request, day, shown=shown, answers=answers, cited=shown.cited, state_ties=STATE_TIES
        )

    def answer(self, name: str) -> Callable[[Request], Response]:
        """Return the method that gives the answer of a query as the command of its name does."""

        def ask(request: Request) -> Response:
            said, day = request.query_params, day_of(request.query_params)
            options = self._options(name, said)
            with self.desk.lock:
                told: Answer[Any] = getattr(queries, name)(self.desk.graph, said.get("id", ""), day, **options)
            return _in_form(told, request.path_params["form"], request)

        ask.__name__ = name
        return ask

    def _options(self, name: str, said: Mapping[str, str]) -> dict[str, Any]:
        if name in ("verdict", "timeline"):
            options = {"regimes_file": self.desk.regimes_file}
            return options | ({"regime": said["regime"]} if said.get("regime") else {})
        return {"history": said.get("history") == "yes"}

    def paths(self, request: Request) -> Response:
        """How two entities are connected."""
        said, day = request.query_params, day_of(request.query_params)
        start, end = said.get("start", "").strip(), said.get("end", "").strip()
        told = None
        if start and end:
            hops, limit = whole_number(said, "hops", 4, 8), whole_number(said, "limit", _PATHS, 100)
            hubs = said.get("hubs") == "yes"
            with self.desk.lock:
                told = queries.paths(
                    self.desk.graph,
                    start,
                    end,
                    day,
                    hops=hops,
                    limit=limit,
                    hubs=hubs,
                    history=said.get("history") == "yes",
                )
        if _as_json(request):
            return _json(told.to_dict() if told is not None else {"rows": []})
        cited = Cited()
        cited.add(told.sources if told is not None else {})
        return self._page("paths.html", request, day, told=told, start=start, end=end, cited=cited)

    def map(self, request: Request) -> Response:
        """Show the map; what is on it stands in its address."""
        said, day = request.query_params, day_of(request.query_params)
        if _as_json(request):
            state, rule = map_state(said.multi_items()), self.desk.regime(said)
            with self.desk.lock:
                content = map_content(self.desk.graph, state, day, rule)
            check_known(content)
            return _json(plain(content))
        types = [one.value for one in LinkType]
        regimes = list(self.desk.regimes.values())
        return self._page("map.html", request, day, types=types, regimes=regimes, rule=self.desk.regime(said))

    def map_table(self, request: Request) -> Response:
        """Give the links of a map as a table."""
        said = request.query_params
        with self.desk.lock:
            content = map_content(self.desk.graph, map_state(said.multi_items()), day_of(said), self.desk.regime(said))
        return _download(map_csv(content).encode("utf-8-sig"), FORMS["csv"], "map.csv")

    def screen(self, request: Request) -> Response:
        """Where a spreadsheet is dropped."""
        day = day_of(request.query_params)
        regimes = list(self.desk.regimes.values())
        if _as_json(request):
            bounds = {"most_bytes": MOST_BYTES, "most_names": MOST_NAMES}
            return _json({**bounds, "regimes": [one.id for one in regimes], "forms": list(FORMS)})
        return self._page("screen.html", request, day, regimes=regimes, most_bytes=MOST_BYTES, most_names=MOST_NAMES)

    async def receive(self, request: Request) -> Response:
        """Take a spreadsheet, as the body of the request, and begin to screen it."""
        said = request.query_params
        wanted = Wanted(
            day_of(said),
            said.get("regime") or "all",
            said.get("name-column", ""),
            said.get("country-column", ""),
            float(whole_number(said, "min-score", 82, 100)),
            whole_number(said, "matches", 3, 20),
        )
        job = self.jobs.receive(said.get("name", ""))
        came, problem = 0, "the file did not come whole"
        try:
            with job.file.open("wb") as file:
                async for chunk in _in_time(request.stream()):
                    came += len(chunk)
                    if came > MOST_BYTES:
                        problem = f"the file is larger than {MOST_BYTES // 2**20} MB; use: listed screen FILE"
                        return _json({"error": problem}, 413)
                    await run_in_threadpool(file.write, chunk)
            problem = ""
        except (ClientDisconnect, TimeoutError):
            return _json({"error": problem}, 400)
        finally:
            if problem:
                self.jobs.fail(job, problem)
        self.jobs.start(job, wanted)
        return _json(job.to_dict(), 202)

    async def stop(self, request: Request) -> Response:
        """Stop a screening."""
        job = self.jobs.job(request.query_params.get("job", ""))
        job.stop.set()
        return _json(job.to_dict())

    def job(self, request: Request) -> Response:
        """How far a screening is."""
        return _json(self.jobs.job(request.query_params.get("job", "")).to_dict())

    def outcome(self, request: Request) -> Response:
        """Give what came out of a screening."""
        job, form = self.jobs.job(request.query_params.get("job", "")), request.path_params["form"]
        content = outcome(job, form)
        return _download(content, FORMS[form], f"screening.{form}")

    def _page(self, template: str, request: Request, day: date, **shown: Any) -> Response:
        graph = self.desk.graph
        about = _about(request, graph=graph.name, snapshot=graph.number, day=day, newer=self.desk.newer,
                       gone=self.desk.gone)  # fmt: skip
        return HTMLResponse(page(template, request.query_params, about=about, **shown))


async def _in_time(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield what comes; raise TimeoutError when nothing comes any more."""
    while True:
        try:
            yield await asyncio.wait_for(anext(chunks), PATIENCE)
        except StopAsyncIteration:
            return


def _about(request: Request, **known: Any) -> dict[str, Any]:
    """Return what the frame of a page tells: of a problem, neither graph nor day."""
    none = {"graph": "", "snapshot": "", "day": "", "newer": None, "gone": False}
    return none | known | {"here": request.url.path, "query": request.url.query}


def _as_json(request: Request) -> bool:
    return request.url.path.endswith(".json")


def _json(content: Any, status: int = 200) -> Response:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode("utf-8", "replace"), status, media_type="application/json")


def _in_form(answer: Answer[Any], form: str, request: Request) -> Response:
    if form == "csv":
        return _download(answer.to_csv().encode("utf-8-sig"), FORMS["csv"], f"{answer.query}.csv")
    return _json(answer.to_dict()) if form == "json" else _missing(request, Exception())


def _download(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _refuse(request: Request, error: Exception) -> Response:
    """Tell of a failure that is foreseen, in one line and with what may have been meant."""
    if isinstance(error, UnknownEntityError | AmbiguousNameError):
        return _problem(request, str(error), 404, error.offers)
    return _problem(request, str(error), 500 if isinstance(error, GraphDamagedError) else 400)


def _unable(request: Request, error: Exception) -> Response:
    """Tell what the system refused: a full disk, no folder for what is only kept for a while."""
    said = getattr(error, "strerror", None) or str(error)
    file = getattr(error, "filename", None)
    return _problem(request, f"This machine could not do it: {said}{f' ({file})' if file else ''}.", 500)


def _missing(request: Request, _: Exception) -> Response:
    return _problem(request, "There is no such page.", 404)


def _broken(request: Request, _: Exception) -> Response:
    return _problem(request, "Something went wrong here; it is told where listed serve was started.", 500)


def _problem(request: Request, problem: str, status: int, offers: list[tuple[str, str]] | None = None) -> Response:
    if request.url.path.rpartition(".")[2] in FORMS or request.method == "POST":
        return JSONResponse({"error": problem}, status)
    shown = page("problem.html", request.query_params, about=_about(request), problem=problem, offers=offers or [])
    return HTMLResponse(shown, status)
