"""The Cypher shell: lines in, answers out, and failures that do not end it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from listed.cypher_cells import text_of
from listed.cypher_shell import Shell, schema
from listed.cypher_values import named_value, named_values
from listed.errors import QueryError
from tests.queries.cypher_graphs import EVERYTHING


def typed(*lines: str, capsys: pytest.CaptureFixture[str], go_on: bool = False) -> tuple[str, str]:
    Shell(EVERYTHING).feed(list(lines), go_on=go_on)
    said = capsys.readouterr()
    return said.out, said.err


def test_a_query_may_run_over_lines(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = typed("MATCH (e:Entity {id: 'Opto'})", "RETURN e.id AS id;", capsys=capsys)
    assert "\nOpto\n" in out


def test_an_empty_line_ends_a_query(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\nOpto\n" in typed("MATCH (e:Entity {id: 'Opto'}) RETURN e.id AS id", "", capsys=capsys)[0]


def test_the_prompt_tells_that_a_query_is_not_ended() -> None:
    shell = Shell(EVERYTHING)
    before = shell.prompt
    shell.line("MATCH (e)")
    assert len(shell.prompt) == len(before)
    assert shell.prompt != before


def test_parameters_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = typed(":param id=Opto", "MATCH (e:Entity {id: $id}) RETURN e;", ":params", capsys=capsys)
    assert "Opto [Opto]" in out
    assert "$id = 'Opto'" in out


def test_a_missing_parameter_is_told_with_how_to_set_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert ":param id=" in typed("MATCH (e {id: $id}) RETURN e;", capsys=capsys)[1]


def test_a_reader_goes_on_after_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = typed("RETRUN 1;", "RETURN 42 AS answer;", capsys=capsys, go_on=True)
    assert "RETRUN" in err
    assert "42" in out


def test_a_script_stops_at_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert "42" not in typed("RETRUN 1;", "RETURN 42 AS answer;", capsys=capsys)[0]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (":help", "named queries"),
        (":schema", "(:Entity)"),
        (":queries", "listed-together"),
        (":query listed-together entity=Opto", "Radar"),
    ],
)
def test_the_commands_of_the_shell_answer(line: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said in typed(line, capsys=capsys)[0]


@pytest.mark.parametrize("line", [":nothing", ":param x", ":limit many", ":format pdf", ":query 'a", ":query nothing"])
def test_a_wrong_command_is_one_line(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = typed(line, capsys=capsys)
    assert (out, err.count("\n")) == ("", 1)


def test_answers_come_in_the_form_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert "a,b\n1,2\n" in typed(":format csv", "RETURN 1 AS a, 2 AS b;", capsys=capsys)[0]


def test_a_limit_set_in_the_shell_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert "more (--limit)" in typed(":limit 1", "MATCH (e:Entity) RETURN e.id AS id;", capsys=capsys)[0]


def test_quit_ends_the_shell(capsys: pytest.CaptureFixture[str]) -> None:
    assert "42" not in typed(":quit", "RETURN 42 AS answer;", capsys=capsys)[0]


def test_the_schema_counts_what_is_there() -> None:
    said = schema(EVERYTHING)
    assert "[:INVESTED_IN]  1" in said
    assert "Organization 1" in said


def test_a_path_reads_in_the_direction_of_its_links() -> None:
    row = EVERYTHING.cypher("MATCH p = (:Entity {id: 'Opto'})<-[:OWNS]-({id: 'Holding'})-[:OWNS]->({id: 'Radar'}) "
                            "RETURN p").rows[0]  # fmt: skip
    assert (
        text_of(row["p"]) == "Opto [Opto] <-[OWNS 60% 2010]- Holding [Holding] -[OWNS 25% to 50% 2015]-> Radar [Radar]"
    )


def test_values_are_json_or_text() -> None:
    assert [named_value(text) for text in ("5", "a-b", '"5"', "null", '["a"]', "NaN")] == [
        5, "a-b", "5", None, ["a"], "NaN"]  # fmt: skip


@pytest.mark.parametrize("pairs", [("x",), ("1=2",), ("a=1", "a=2")])
def test_what_is_no_pair_is_told(pairs: tuple[str, ...]) -> None:
    with pytest.raises(QueryError):
        named_values(pairs)


def run(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "listed", *words, "--graph", "bundled"], input=stdin, capture_output=True, text=True
    )


def test_a_script_on_standard_input_is_answered() -> None:
    done = run("cypher", stdin="MATCH (e:Entity)\nWHERE e.id = 'megvii'\nRETURN e.name AS name;\n")
    assert (done.returncode, "Megvii" in done.stdout) == (0, True)


def test_a_failing_script_says_so_in_its_exit_code() -> None:
    done = run("cypher", stdin="RETRUN 1;\n")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_the_command_takes_parameters() -> None:
    done = run("cypher", "MATCH (e:Entity {id: $id}) RETURN e.name AS name", "--param", "id=megvii", "--csv")
    assert done.stdout == "name\nMegvii Technology Limited\n"


def test_a_write_is_refused_with_an_exit_code() -> None:
    done = run("cypher", "MATCH (n) DETACH DELETE n")
    assert (done.returncode, done.stdout) == (2, "")
