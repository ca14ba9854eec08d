"""Imports go down one order, and between parts through open doors only."""

from __future__ import annotations

import ast
from importlib import import_module

import grimp
import pytest
from importlinter import api as importlinter
from importlinter.application.use_cases import lint_imports

from tests.architecture.source import HEIGHT, ORDER, ROOT, modules, parts

# What a part opens to the parts above it, beside `services`, `queries` and `permissions`.
OPEN = {"services", "queries", "permissions"}
OPEN_TOO: dict[str, set[str]] = {
    "access": {
        "actor",
        "approvals",
        "audit",
        "background",
        "fresh",
        "grounds",
        "guard",
        "middleware",
        "navigation",
        "panels",
        "roles",
        "sign_on",
    },
    "chronology": {"kinds", "events"},
    "organisations": {"codes", "rules"},
    "person_index": {"agency_file_mapping", "codes", "facts", "leading", "observing", "open_work", "restricting"},
    "information_sharing": {"codes", "lifecycle"},
    "outcomes": {"codes", "measuring", "settings", "subjects"},
    # The API takes meetings, notes, panels, allocations and audits in the same words as the pages; the calendar file and the
    # panel's letter are the pages'.
    "casework": {
        "allocating",
        "assessing",
        "assessing_codes",
        "auditing",
        "calendar_file",
        "codes",
        "events",
        "lifecycle",
        "meeting",
        "noting",
        "panel_document",
        "panelling",
        "pathway_file",
        "pathways",
        "planning",
        "tabs",
    },
    "workforce": {"codes"},
    # The API says books, tiers and methods in the same words as the pages.
    "funds": {"case_flow", "codes", "forecasting"},
    "universal": {"codes"},
    # The command reads feeds and files, checks one, and says what came of it.
    "directory": {"checking", "reading", "sources"},
    # The command writes the report as its pages do.
    "governance": {"progress_document"},
    # The API takes a contact in the same words as the form, and says by when it is decided.
    "front_door": {"codes", "intake", "settings", "lifecycle"},
}
ALWAYS_OPEN = {"core", "engines"}
# The demo of a higher part stands on that of a lower one, and the command loads them all.
DEMO = {"demo", "demo_town"}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("joinedup", exclude_type_checking_imports=True, cache_dir=None)


def test_every_folder_has_its_place_in_the_order() -> None:
    assert [part for part in parts() if part not in HEIGHT] == []


def test_the_contracts_of_import_linter() -> None:
    import_module("importlinter.configuration").configure()
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None) is True, (
        "run .venv/bin/lint-imports to read what is wrong"
    )
    configured = importlinter.read_configuration(str(ROOT / "pyproject.toml"))
    order = next(one for one in configured["contracts_options"] if one["name"] == "The order of the parts")
    written = [tuple(part.strip(" ()") for part in row.split("|")) for row in order["layers"]]
    assert written == list(ORDER), "the order in pyproject.toml and in these tests is one"


def test_between_parts_only_open_doors(graph: grimp.ImportGraph) -> None:
    wrong = []
    for importer in sorted(graph.modules):
        if ".tests" in importer or importer in {"joinedup", "joinedup.__main__"}:
            continue
        part = importer.split(".")[1]
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            words = imported.split(".")
            if len(words) < 2 or words[1] == part or words[1] in ALWAYS_OPEN or part == "config":
                continue
            if not _is_open(importer.split("."), words) and not _by_the_door(graph, importer, imported):
                wrong.append(f"{importer} imports {imported}")
    assert wrong == []


def _by_the_door(graph: grimp.ImportGraph, importer: str, imported: str) -> bool:
    """A query that is called as its module is, taken from the folder: the graph cannot tell the two apart."""
    door, _, name = imported.rpartition(".")
    lines = [each["line_contents"] for each in graph.get_import_details(importer=importer, imported=imported)]
    return name in getattr(import_module(door), "__all__", ()) and all(f"from {door} import" in line for line in lines)


def _is_open(importer: list[str], imported: list[str]) -> bool:
    other, module = imported[1], imported[2] if len(imported) > 2 else ""
    own = importer[2] if len(importer) > 2 else ""
    if module in {"services", "queries"} and len(imported) > 3:
        return False  # a piece: what the folder hands out is the door
    if module in OPEN or module in OPEN_TOO.get(other, set()):
        return True
    if module == "models":
        return own in {"models", "migrations"}
    if module in DEMO:
        return own in DEMO or own.startswith("demo_") or importer[1] == "cli"
    return False


PURE = {"rules", "lifecycle", "codes", "roles"}


def test_rules_and_lifecycles_are_plain_python(graph: grimp.ImportGraph) -> None:
    """Nothing they import, however far away, is Django: a rule can be read and tried in a notebook."""
    wrong = []
    for module in modules():
        if module.part == "engines" or module.kind in PURE:
            name = f"joinedup.{module.name}"
            reached = graph.find_upstream_modules(name) | {name}
            for one in sorted(reached):
                wrong += [f"{name} reaches Django through {one}"] if _imports_django(one) else []
    assert wrong == []


def _imports_django(name: str) -> bool:
    module = next((one for one in modules() if f"joinedup.{one.name}" == name), None)
    if module is None:
        return False
    for node in ast.walk(module.tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        if any(one.split(".")[0] == "django" for one in names):
            return True
    return False


FORBIDDEN_NAMES = {"utils", "helpers", "managers", "mixins", "signals", "presenters", "constants", "common", "misc"}


def test_no_drawer_for_odds_and_ends() -> None:
    assert [module.name for module in modules() if FORBIDDEN_NAMES & set(module.name.split("."))] == []
