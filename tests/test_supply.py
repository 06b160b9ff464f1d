"""What Listed is made of and made into: licences, locked dependencies, and a wheel that anybody can build again."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.supply import ONLY_TESTED_WITH, PAGE, ROOT, SHIPPED, closure, installed, is_free, licences, roots

PACKAGE = ROOT / "listed"
LOCKS = {"run": roots(), "test": roots("test")}


def locked(name: str) -> dict[str, Version]:
    """Return what a lock holds, by canonical name."""
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    return {canonicalize_name(one): Version(version) for one, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.M)}


class TestLicences:
    @pytest.mark.parametrize("name", list(closure(roots(*SHIPPED))))
    def test_what_listed_needs_goes_with_its_licence(self, name: str) -> None:
        needed = installed()[name]
        assert is_free(needed), f"{name}: {licences(needed)}"

    def test_nothing_else_here_binds_but_what_only_tests_use(self) -> None:
        bound = {name for name, one in installed().items() if not is_free(one)}
        assert bound <= set(ONLY_TESTED_WITH)

    def test_what_only_tests_use_is_not_needed(self) -> None:
        assert not set(ONLY_TESTED_WITH) & set(closure(roots(*SHIPPED)))

    @pytest.mark.parametrize("module", ["libcovebods", "rfc3987", "stdnum", "pycountry", "text_unidecode"])
    def test_no_module_imports_what_only_tests_use(self, module: str) -> None:
        importing = re.compile(rf"^\s*(?:import|from) {module}\b", re.M)
        assert not [path for path in PACKAGE.rglob("*.py") if importing.search(path.read_text(encoding="utf-8"))]

    def test_the_page_tells_of_all_that_listed_needs(self) -> None:
        told = set(re.findall(r"^\| ([a-z0-9.-]+) \|", PAGE.read_text(encoding="utf-8"), re.M))
        assert set(closure(roots(*SHIPPED))) <= told, "write it anew: make licences"

    def test_a_licence_that_is_not_known_is_not_free(self, tmp_path: Path) -> None:
        (tmp_path / "METADATA").write_text("Metadata-Version: 2.1\nName: x\nLicense: All rights reserved\n")
        assert not is_free(Distribution.at(tmp_path))


class TestLocks:
    @pytest.mark.parametrize("name", LOCKS)
    def test_a_lock_holds_what_pyproject_asks_for(self, name: str) -> None:
        held = locked(name)
        missing = [str(one) for one in LOCKS[name] if not _holds(held, one)]
        assert not missing, "lock it anew: make lock"

    @pytest.mark.parametrize("name", [*LOCKS, "build"])
    def test_every_locked_file_has_its_hash(self, name: str) -> None:
        text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
        entries = re.split(r"\n(?=[a-zA-Z])", re.sub(r"^#.*\n", "", text, flags=re.M))
        assert [one for one in entries if "--hash=sha256:" not in one] == []

    @pytest.mark.parametrize("name", [*LOCKS, "build"])
    def test_a_lock_names_no_host(self, name: str) -> None:
        assert "://" not in (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")

    def test_a_user_gets_what_was_tested(self) -> None:
        tested = locked("test")
        assert {name: version for name, version in locked("run").items() if tested.get(name) != version} == {}


def _holds(held: dict[str, Version], one: Requirement) -> bool:
    version = held.get(canonicalize_name(one.name))
    return version is not None and one.specifier.contains(version, prereleases=True)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The wheel built twice, from two copies of the source whose files have other dates."""
    built: list[Path] = []
    for number in (1, 2):
        copy = tmp_path_factory.mktemp(f"source-{number}")
        shutil.copytree(PACKAGE, copy / "listed", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, copy / name)
        for path in copy.rglob("*"):
            os.utime(path, (10**9 * number, 10**9 * number))
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "out"]
        subprocess.run(build, cwd=copy, env=os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}, check=True,
                       capture_output=True)  # fmt: skip
        built += (copy / "out").glob("*.whl")
    return built


class TestWheel:
    def test_it_is_the_same_byte_for_byte_whenever_it_is_built(self, wheels: list[Path]) -> None:
        one, other = (path.read_bytes() for path in wheels)
        assert one == other

    def test_it_holds_every_file_of_the_package_and_no_other(self, wheels: list[Path]) -> None:
        here = {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*")
                if path.is_file() and "__pycache__" not in path.parts}  # fmt: skip
        with zipfile.ZipFile(wheels[0]) as wheel:
            inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
        assert inside == here

    def test_it_answers_from_the_wheel_alone(self, wheels: list[Path], tmp_path: Path) -> None:
        # Python imports from a zip only what needs no file of its own, so it is unpacked as pip does.
        with zipfile.ZipFile(wheels[0]) as wheel:
            wheel.extractall(tmp_path / "site")
        env = os.environ | {"PYTHONPATH": str(tmp_path / "site"), "LISTED_CACHE": str(tmp_path / "cache")}
        asked = "import listed; print(listed.__file__); from listed.cli import main; main()"
        words = [sys.executable, "-c", asked, "exposure", "Alibaba", "--graph", "bundled"]
        run = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, text=True)
        assert run.stdout.startswith(str(tmp_path)), run.stderr
        assert "SenseTime" in run.stdout
