"""The command ``listed``: one command for each query and for loading.

Nothing heavy is imported before a command runs, so that ``listed --help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from listed import __version__
from listed.commands import cluster, cypher, databases, keeping, questions, ruling, showing
from listed.errors import ListedError, UnknownEntityError
from listed.process import Stopped, end_in_order, open_streams, stopped_by
from listed.visible import visible

_WELCOME = """\
Listed: who owns, who invested, and by which paths one reaches a listed entity.

  listed search NAME        find an entity             listed show NAME       all that is known of it
  listed owners NAME        who owns it                listed holdings NAME   what it owns
  listed investors NAME     who invested in it         listed ventures NAME   its joint ventures
  listed government NAME    the state bodies behind it listed queries         questions in Cypher
  listed exposure NAME      its paths to listed ones   listed paths A B       how two are connected
  listed verdict NAME       does a rule capture it?    listed affiliates      all that a rule captures
  listed screen FILE        a spreadsheet of names     listed diff A B        what changed
  listed load SOURCE FILE   load a list or register    listed sources         what can be loaded

See it: listed serve, listed map NAME -o FILE      Dates: --as-of 2018-12-01      More: listed --help
"""

# Not "nothing was changed": a load may be told to end when its snapshot is there already, a push half way.
_STOPPED = "stopped before the end"


class _Commands(click.Group):
    """The commands; where Click would end silently with a failure, a reader who has gone (head, less) is none."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:  # of other pipes, files and servers the commands tell themselves
            raise click.exceptions.Exit(0) from error


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="listed")
@click.option("-v", "--verbose", count=True, help="Tell on standard error what is done; twice: everything.")
@click.option("--log-json", is_flag=True, help="Tell it as JSON lines, for a machine; the failure of a command too.")
@click.pass_context
def cli(context: click.Context, verbose: int, log_json: bool) -> None:
    """A knowledge graph of listed entities: owners, investors, ventures, state bodies, exposure."""
    if verbose or log_json:
        from listed import logs

        logs.set_up(verbose, as_json=log_json)
    if context.invoked_subcommand is None:
        click.echo(_WELCOME, nl=False)


for _group in (questions, ruling, showing, cypher, keeping, databases, cluster):
    for _command in _group.COMMANDS:
        cli.add_command(_command)


def main() -> None:
    """Run the command; each failure is one line, and an exit code of 1 or 2."""
    open_streams()
    end_in_order()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = cli.main(prog_name="listed", standalone_mode=False)
        sys.stdout.flush()
    except ListedError as error:
        code = _fail(str(error) + _hint(error), error.exit_code)
    except click.ClickException as error:
        code = _fail(error.format_message() + _quoting(error), 2)
    except (KeyboardInterrupt, click.Abort):
        code = _fail(_STOPPED, 130)
    except Stopped as stopped:
        code = _fail(_STOPPED, int(str(stopped.code)))
    except MemoryError:
        code = _fail("not enough memory for this", 2)
    except UnicodeError:
        # What was typed comes with signs in the place of bytes that are no text; nothing takes them.
        code = _fail("what was typed, or the name of a file, is not text in UTF-8", 2)
    except BrokenPipeError:
        code = 0  # as above, of what is said last
    except OSError as error:  # a full disk, a folder that may not be entered: of the system, not of Listed
        where = f"{error.filename}: " if error.filename else "" if _spoken() else "standard output: "
        code = _fail(f"{where}{error.strerror or error}", 2)
    except Exception:
        if not (code := stopped_by()):
            raise
        _fail(_STOPPED, code)
    if not _spoken():  # else Python would try it once more, and complain
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code if isinstance(code, int) else 0)


def _spoken() -> bool:
    """Return whether all that was said to standard output is out."""
    try:
        sys.stdout.flush()
    except OSError:
        return False
    return True


def _quoting(error: click.ClickException) -> str:
    """Tell whoever wrote a name of several words without quotes how it is written."""
    return ' (a name of several words stands in quotes: "Hikvision Xinjiang")' * ("extra argument" in str(error))


def _hint(error: ListedError) -> str:
    """Tell whoever asks an own graph for an unknown name that there is another one."""
    if not isinstance(error, UnknownEntityError) or any(one.startswith(("--graph", "--on")) for one in sys.argv):
        return ""
    from listed.loading import own_graph_exists

    return " (this was your own graph; the one that comes with Listed: --graph bundled)" if own_graph_exists() else ""


def _fail(message: str, code: int) -> int:
    logs = sys.modules.get("listed.logs")
    if logs is not None and logs.in_json():
        logs.failed(" ".join(message.split()), code)
    else:
        click.echo(visible(f"listed: {' '.join(message.split())}"), err=True)
    return code


if __name__ == "__main__":
    main()
