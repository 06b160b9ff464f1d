"""Loaders are found by name, those of plug-ins too; a broken one harms no other."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from listed.errors import UnknownLoaderError
from listed.loaders import registry

MODULE = """
from listed.loaders.loader import Loader
LOADER = Loader("{name}", "a test", "nothing", "https://example.org", lambda inputs: iter(()))
"""
Plug = Callable[..., None]


@pytest.fixture
def plug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plug:
    """Install a distribution with one module and one entry point, as pip would lay it out."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def install(distribution: str, name: str, source: str | None = None, attribute: str = "LOADER") -> None:
        module = f"plug_{tmp_path.name}_{distribution}".replace("-", "_")
        monkeypatch.delitem(sys.modules, module, raising=False)
        (tmp_path / f"{module}.py").write_text(MODULE.format(name=name) if source is None else source)
        info = tmp_path / f"{distribution}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[listed.loaders]\n{name} = {module}:{attribute}\n")

    return install


def test_listeds_own_loaders_are_named() -> None:
    assert {"bundled", "csl", "table"} <= set(registry.names())
    assert registry.names() == sorted(registry.names())


def test_a_plug_in_is_found_beside_them(plug: Plug) -> None:
    plug("nice", "fresh")
    assert "fresh" in registry.names()
    assert registry.loader("fresh").name == "fresh"
    assert registry.loaders()["fresh"] is registry.loader("fresh")


def test_names_are_told_without_importing(plug: Plug) -> None:
    plug("explosive", "boom", "raise SystemExit('imported')")
    assert "boom" in registry.names()


def test_only_the_loader_asked_for_is_imported(plug: Plug) -> None:
    plug("nice", "fresh")
    plug("explosive", "boom", "raise SystemExit('imported')")
    assert registry.loader("fresh").name == "fresh"


def test_an_unknown_name_offers_the_closest_and_all(plug: Plug) -> None:
    plug("nice", "fresh")
    with pytest.raises(UnknownLoaderError) as caught:
        registry.loader("frsh")
    said = str(caught.value)
    assert said.startswith("no loader is called 'frsh' (did you mean 'fresh'?); there are: ")
    assert "bundled" in said
    assert "\n" not in said
    with pytest.raises(UnknownLoaderError, match="no loader is called 'zzzzz'; there are"):
        registry.loader("zzzzz")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("raise ValueError('one\\ntwo')", "ValueError: one two"),
        ("def", "SyntaxError: "),
        ("", "AttributeError: "),
        ("LOADER = 3", "LOADER is a int, not a Loader"),
    ],
)
def test_a_broken_plug_in_is_told_in_one_line_and_harms_no_other(plug: Plug, source: str, reason: str) -> None:
    plug("bad-plug", "bad", source)
    plug("nice", "fresh")
    with pytest.raises(UnknownLoaderError) as caught:
        registry.loader("bad")
    said = str(caught.value)
    assert said.startswith("the loader 'bad' of bad-plug cannot be used: ")
    assert reason in said
    assert "\n" not in said
    assert "fresh" in registry.loaders()
    assert "bad" not in registry.loaders()


def test_a_plug_in_cannot_take_the_place_of_listeds_own(plug: Plug) -> None:
    plug("usurper", "csl", "raise SystemExit('imported')")
    registry.loaders()  # would end the run


def test_two_plug_ins_of_one_name_are_both_told(plug: Plug) -> None:
    plug("one", "same")
    plug("two", "same")
    with pytest.raises(UnknownLoaderError, match=r"claimed by one \(.*\) and two \(.*\); uninstall all but one"):
        registry.loader("same")
