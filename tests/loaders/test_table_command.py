"""``listed load table`` as a reporter meets it: a preview, a confirmation, one line when something is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from listed import terminal
from listed.cli import cli
from listed.errors import InputError, UnconfirmedMappingError
from listed.loaders.registry import loader, names
from listed.loading import open_

CERTAIN = "Shareholder,Company,Stake %\nA,B,51\n"
RETRIEVED = '\n[source]\nretrieved = "2026-11-12"\n'
DOUBTFUL = "Shareholder,Holder,Company\nA,A,B\n"


class Command:
    """The command, in a folder of its own with a graph of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.graph = folder, folder / "graph"

    def load(self, text: str, *options: str) -> Result:
        (self.folder / "t.csv").write_text(text, encoding="utf-8")
        words = ["load", "table", str(self.folder / "t.csv"), "--graph", str(self.graph), *options]
        return CliRunner().invoke(cli, words, standalone_mode=False)


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(tmp_path)


def test_a_preview_loads_nothing(command: Command) -> None:
    shown = command.load(CERTAIN, "--preview")
    assert "A owns 51% of B" in shown.output
    assert not command.graph.exists()


def test_a_certain_guess_is_loaded(command: Command) -> None:
    assert "1 link," in command.load(CERTAIN).output


def test_without_a_terminal_a_guess_in_doubt_is_refused(command: Command) -> None:
    refused = command.load(DOUBTFUL)
    assert isinstance(refused.exception, UnconfirmedMappingError)
    assert "load with --yes if it is right, else with --mapping" in str(refused.exception)
    assert not command.graph.exists()


def test_yes_accepts_it(command: Command) -> None:
    assert "1 link," in command.load(DOUBTFUL, "--yes").output


def test_a_preview_saved_is_a_mapping(command: Command) -> None:
    mapping = command.folder / "m.toml"
    mapping.write_text(command.load(DOUBTFUL, "--preview").output, encoding="utf-8")
    assert "1 link," in command.load(DOUBTFUL, "--mapping", str(mapping)).output


@pytest.mark.parametrize(("answer", "loaded"), [("y\n", True), ("n\n", False)])
@pytest.mark.parametrize("text", [CERTAIN, DOUBTFUL])
def test_at_a_terminal_the_guess_is_shown_and_asked_for(
    command: Command, monkeypatch: pytest.MonkeyPatch, text: str, answer: str, *, loaded: bool
) -> None:
    (command.folder / "t.csv").write_text(text, encoding="utf-8")
    monkeypatch.setattr("listed.commands.keeping._at_a_terminal", lambda: True)
    words = ["load", "table", str(command.folder / "t.csv"), "--graph", str(command.graph)]
    asked = CliRunner().invoke(cli, words, input=answer, standalone_mode=False)
    assert "Load it so?" in asked.output
    assert (command.graph / "manifest.json").exists() == loaded


def test_the_name_it_is_loaded_under_stands_before_its_ids(command: Command) -> None:
    command.load(CERTAIN, "--as", "mine")
    assert open_(command.graph).id_of(0).startswith("mine:")


def test_a_loader_with_a_form_of_its_own_takes_no_mapping(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a\n", encoding="utf-8")
    for options in (["--mapping", "m.toml"], ["--preview"]):
        refused = CliRunner().invoke(cli, ["load", "csl", str(tmp_path / "x.csv"), *options], standalone_mode=False)
        assert isinstance(refused.exception, InputError)
        assert "has a form of its own" in str(refused.exception)


def test_the_loader_keeps_its_place() -> None:
    assert "table" in names()
    assert loader("table").many


def _report(command: Command, *options: str) -> str:
    return CliRunner().invoke(cli, ["report", *options, "--graph", str(command.graph)], standalone_mode=False).output


class TestTheReport:
    @pytest.mark.parametrize("header", ["owner,asset,share", "Shareholder,Company,Stake %"])
    def test_a_row_set_aside_reads_as_the_row_does(self, command: Command, header: str) -> None:
        command.load(f"{header}\nA,B,51\n,C,10\n", "--yes")
        _, asset, share = header.split(",")
        said = _report(command, "--set-aside")
        assert f"no owner\t{asset}: C; {share}: 10" in said
        assert "1 row\n" in said

    def test_what_is_no_share_is_kept_as_unknown(self, command: Command) -> None:
        command.load("owner,asset,share\nA,B,about a third\n")
        assert "about a third: not read as a share, kept as unknown" in _report(command, "--flags")

    @pytest.mark.parametrize("header", ["owner,asset,Anteil,Rolle", "Shareholder,Company,Anteil,Rolle"])
    def test_a_column_that_is_not_read_is_named_as_the_file_writes_it(self, command: Command, header: str) -> None:
        said = command.load(f"{header}\nA,B,12,x\n", "--yes").output
        assert "not read: Anteil, Rolle (a mapping can say what they mean" in said
        assert "set aside: nothing else\n" in said
        assert "2 set aside" in said

    @pytest.mark.parametrize("header", ['owner,asset,"City, State"', 'Shareholder,Company,"City, State"'])
    def test_a_column_with_a_comma_in_its_name_is_one(self, command: Command, header: str) -> None:
        said = command.load(f"{header}\nA,B,x\n", "--yes").output
        assert 'not read: "City, State" (a mapping can say what it means' in said
        assert "set aside: nothing else\n" in said
        assert "1 set aside" in said

    def test_where_all_columns_are_read_nothing_is_set_aside(self, command: Command) -> None:
        assert "set aside: nothing\n" in command.load(CERTAIN).output

    def test_the_preview_names_each_column_that_is_not_read(self, command: Command) -> None:
        said = command.load("Shareholder,Company,Anteil,Rolle\nA,B,12,x\n", "--preview").output
        assert "# Set aside: columns that are not read (2), as t.csv header: Anteil, Rolle\n" in said

    def test_a_source_that_does_not_say_when_it_was_retrieved_is_told_with_the_day_of_loading(
        self, command: Command
    ) -> None:
        command.load('owner,asset,source\nA,B,"Handelsregister, abgerufen 12.11.2026"\n')
        said = CliRunner().invoke(cli, ["owners", "B", "--graph", str(command.graph)], standalone_mode=False).output
        day = open_(str(command.graph)).datasets["table-t"]["loaded"][:10]
        assert f"[1] Handelsregister, abgerufen 12.11.2026, loaded {day}" in said
        assert "retrieved" not in said

    def test_where_the_mapping_says_when_that_day_is_told(self, command: Command) -> None:
        mapping = command.folder / "m.toml"
        mapping.write_text(command.load(CERTAIN, "--preview").output + RETRIEVED, "utf-8")
        command.load(CERTAIN, "--mapping", str(mapping))
        graph = open_(str(command.graph))
        (owner,) = (row["id"] for row in graph.tables["entities"].to_pylist() if row["name"] == "B")
        said = CliRunner().invoke(cli, ["owners", owner, "--graph", str(command.graph)], standalone_mode=False).output
        assert "retrieved 2026-11-12" in said
        assert "loaded" not in said

    def test_one_is_one(self, command: Command) -> None:
        said = command.load(CERTAIN).output
        assert "2 entities, 2 names, 1 link, 1 source" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{'owner': 'A', 'share': ''}", "owner: A"),
        ('{"names": ["A", "B"], "id": 3}', "names: A, B; id: 3"),
        ("{'owner': 'cut o", "{'owner': 'cut o"),
        ("{1, 2}", "{1, 2}"),
        ("A, B", "A, B"),
    ],
)
def test_a_row_kept_as_a_dict_is_told_in_words(text: str, said: str) -> None:
    assert terminal._in_words(text) == said
