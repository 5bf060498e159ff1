"""pyproject.toml, requirements.lock, environment.yml and the running environment agree."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from jupyter_client.manager import KernelManager
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version
from rattler import MatchSpec

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")

RUNTIME = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
DEVELOPMENT = [Requirement(line) for line in PROJECT["project"]["optional-dependencies"]["dev"]]
OCR = [Requirement(line) for line in PROJECT["project"]["optional-dependencies"]["ocr"]]
BROWSER = [Requirement(line) for line in PROJECT["project"]["optional-dependencies"]["browser"]]
CLUSTER = [Requirement(line) for line in PROJECT["project"]["optional-dependencies"]["cluster"]]
DIRECT = RUNTIME + DEVELOPMENT + OCR + BROWSER + CLUSTER
#: What conda calls otherwise.
CONDA_NAMES = {"python-duckdb": "duckdb"}
CONDA_LINES = [line for line in CONDA["dependencies"] if isinstance(line, str)]


def locked() -> list[tuple[Requirement, list[str]]]:
    """Requirements of the lock, each with its hashes."""
    lines = LOCK.replace("\\\n", " ").splitlines()
    entries = (line.split("--hash=sha256:") for line in lines if not line.startswith("#"))
    return [(Requirement(entry), hashes) for entry, *hashes in entries]


def imported_modules(path: Path) -> set[str]:
    """Top-level names of all modules that a file imports, by absolute name."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    plain = {alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    members = {n.module or "" for n in nodes if isinstance(n, ast.ImportFrom) and n.level == 0}
    return {name.partition(".")[0] for name in plain | members}


def ranges(specifiers: SpecifierSet) -> set[tuple[str, Version]]:
    """The bounds of a range; two spellings of one bound (4 and 4.0) are the same."""
    return {(bound.operator, Version(bound.version)) for bound in specifiers}


def test_conda_and_pyproject_name_the_same_packages_and_ranges() -> None:
    conda = {
        CONDA_NAMES.get(spec.name.normalized, canonicalize_name(spec.name.normalized)): ranges(
            SpecifierSet(str(spec.version or ""))
        )
        for spec in (MatchSpec(line, strict=True) for line in CONDA_LINES)
        if spec.name is not None
    }
    assert conda.pop("python") == ranges(SpecifierSet(PROJECT["project"]["requires-python"]))
    # conda needs pip itself to install the package, and only that, from the checkout.
    assert conda.pop("pip") == set()
    # The extras come from PyPI.
    assert CONDA["dependencies"][-1] == {"pip": ["-e .[ocr,browser,cluster]"]}
    assert conda == {canonicalize_name(r.name): ranges(r.specifier) for r in RUNTIME + DEVELOPMENT}


@pytest.mark.parametrize("direct", DIRECT, ids=lambda requirement: requirement.name)
def test_every_direct_dependency_is_locked_within_its_range(direct: Requirement) -> None:
    name = canonicalize_name(direct.name)
    pins = [pin.specifier for pin, _ in locked() if canonicalize_name(pin.name) == name]
    assert pins
    for pin in pins:
        (bound,) = pin
        assert bound.operator == "=="
        assert Version(bound.version) in direct.specifier


@pytest.mark.parametrize("folder", ["qy_finance", "tests", "tools"])
def test_every_import_is_declared(folder: str) -> None:
    """What comes along with another package today may not tomorrow."""
    needed = RUNTIME + OCR + CLUSTER if folder == "qy_finance" else DIRECT
    names = {canonicalize_name(requirement.name) for requirement in needed}
    own = {"qy_finance", "tests", *(path.stem for path in (ROOT / "tests").iterdir())}
    distributions = packages_distributions()
    undeclared = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in (ROOT / folder).rglob("*.py")
        for module in imported_modules(path) - own - set(sys.stdlib_module_names)
        if names.isdisjoint(map(canonicalize_name, distributions.get(module, [])))
    }
    assert undeclared == set()


def test_every_locked_requirement_has_hashes() -> None:
    sha256 = re.compile(r"[0-9a-f]{64} *")
    assert [
        requirement.name
        for requirement, hashes in locked()
        if not hashes or not all(map(sha256.fullmatch, hashes))
    ] == []


def test_lock_says_nothing_about_where_packages_come_from() -> None:
    assert re.findall(r"\S*/\S*|--\S*index\S*|--find-links\S*| @ .*", LOCK) == []


def test_build_backend_is_locked() -> None:
    """The editable install then needs nothing beside the lock."""
    (backend,) = (Requirement(line) for line in PROJECT["build-system"]["requires"])
    assert str(backend) in {str(requirement) for requirement in DIRECT}


def test_notebooks_run_in_this_environment() -> None:
    """The kernel `python3` is this interpreter, whatever kernels the user has installed."""
    kernel = KernelManager(kernel_name="python3")
    assert Path(kernel.format_kernel_cmd()[0]) == Path(sys.executable)
