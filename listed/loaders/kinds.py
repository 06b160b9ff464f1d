"""What kind of file a loader was given, and the refusal of one that is another loader's."""

from __future__ import annotations

from listed.errors import InputError
from listed.loaders.inputs import Input
from listed.loaders.recognise import advice_on

_HEAD = 4096
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


def is_xml(file: Input) -> bool:
    """Tell whether a file begins as XML does, in UTF-8 or UTF-16."""
    return _head(file).lstrip(_BEFORE_XML).startswith(b"<")


def wrong_kind(file: Input, meant: str, advice: str) -> InputError:
    """Return the refusal of a file that is not what a loader reads.

    Parameters
    ----------
    file
        What was given.
    meant
        What it is not: "an OFAC list".
    advice
        What to give, where the file is of no kind known here.
    """
    head = _head(file).decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if head[:200].lower().startswith(("<!doctype html", "<html")):
        return InputError(f"a web page, not {meant}", file=file.name, advice="download the file itself")
    return InputError(f"not {meant}", file=file.name, advice=advice_on(head, advice))


def _head(file: Input) -> bytes:
    with file.open_binary() as stream:
        return stream.read(_HEAD)
