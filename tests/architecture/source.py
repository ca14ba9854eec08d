"""The source as these tests read it: parts, modules and their syntax trees."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "joinedup"

# Highest first; parts of one line never import each other. The optional ones are still to come.
ORDER: tuple[tuple[str, ...], ...] = (
    ("config",),
    ("web", "api", "cli"),
    ("governance",),
    ("benefits",),
    ("commissioning", "capacity"),
    ("front_door",),
    ("family_page",),
    ("universal",),
    ("casework",),
    ("information_sharing",),
    ("directory", "assets", "funds"),
    ("workforce", "outcomes"),
    ("chronology",),
    ("person_index",),
    ("organisations",),
    ("access",),
    ("core",),
    ("engines",),
)
HEIGHT = {part: len(ORDER) - place for place, row in enumerate(ORDER) for part in row}


@dataclass(frozen=True)
class Module:
    """One file of the package."""

    path: Path

    @property
    def name(self) -> str:
        """`front_door.services.triage`, without the package's own name."""
        parts = self.path.relative_to(PACKAGE).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def part(self) -> str:
        """`front_door`; empty for the files beside the parts."""
        relative = self.path.relative_to(PACKAGE)
        return relative.parts[0] if len(relative.parts) > 1 else ""

    @property
    def kind(self) -> str:
        """`services` for `front_door/services.py` and for everything in `front_door/services/`."""
        relative = self.path.relative_to(PACKAGE).with_suffix("")
        return relative.parts[1] if len(relative.parts) > 1 else ""

    @property
    def is_test(self) -> bool:
        """Tests and migrations are held to other rules."""
        return "tests" in self.path.parts

    @property
    def is_migration(self) -> bool:
        """Written by a program."""
        return "migrations" in self.path.parts

    @property
    def text(self) -> str:
        """The source."""
        return _text(self.path)

    @property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return _tree(self.path)


@functools.cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@functools.cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(_text(path), filename=str(path))


@functools.cache
def modules() -> tuple[Module, ...]:
    """Every module of the program: no tests, no migrations."""
    found = (Module(path) for path in sorted(PACKAGE.rglob("*.py")))
    return tuple(module for module in found if not module.is_test and not module.is_migration)


def parts() -> list[str]:
    """Every part there is, as folders say."""
    return sorted(folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").exists())


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def templates(*endings: str) -> list[Path]:
    """Every template of the package."""
    wanted = endings or (".jinja", ".html", ".txt")
    return sorted(path for path in PACKAGE.rglob("templates/**/*") if path.is_file() and path.suffix in wanted)


def strings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Every piece of text in a tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node
