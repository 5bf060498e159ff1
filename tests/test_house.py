"""Names of the house: one class for one name, and no module reaches into another's private parts."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import qy_finance

HOUSE = Path(qy_finance.__file__).parent
MODULES = {
    path.relative_to(HOUSE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(HOUSE.rglob("*.py"))
}


def _twice() -> dict[str, list[str]]:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for module, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(module)
    return {name: found for name, found in places.items() if len(found) > 1}


def _private() -> Iterator[str]:
    """``module: name`` for each private name that a module takes from another, or of a thing that is not its own."""
    for module, tree in MODULES.items():
        own = {node.attr for node in ast.walk(tree) if _is_of_self(node)} | {
            node.name
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        }
        own |= {
            node.target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        }
        for node in ast.walk(tree):
            names: list[str] = []
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("qy_finance"):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.Attribute) and not _is_of_self(node):
                names = [] if node.attr in own else [node.attr]
            yield from (f"{module}: {name}" for name in names if _is_private(name))


def _is_of_self(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in ("self", "cls")
    )


#: Public for all their underscore: of named tuples, the way out of a process, and openpyxl's cells that are there (its
#: other ways make every cell up to the farthest).
_PUBLIC = frozenset({"_asdict", "_fields", "_make", "_replace", "_exit", "_cells"})


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in _PUBLIC


def test_no_two_public_classes_share_a_name() -> None:
    assert _twice() == {}


def test_no_module_uses_a_private_name_of_another() -> None:
    assert list(_private()) == []
