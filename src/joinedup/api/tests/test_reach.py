"""Every write of case work is reached by the API, or the table here says why not: nothing is forgotten when one is added.

What an address calls is read from the program itself: the view of each operation that writes, and what it calls within the
API, down to the services."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import joinedup.api
import joinedup.casework.services
from joinedup.api.v1 import api

_FRONT_DOOR = "the front door begins a case when it allocates a referral, and that is decided on its own pages"
_PROGRAM = "the program itself does it, with nobody asking"
_OLD_SYSTEM = "done once, when an old system is brought over: from the command line, beside its reconciliation"
_NOT_YET_JOINING = "not yet: whoever does it sees on the page who reads the person's record from then on, or what stops"
_NOT_YET_HOLDS = "not yet: whoever answers for information does it on its own pages"
_SESSIONS = "follows from the register of a session, which the API writes under /sessions"

NOT_BY_API: dict[str, str] = {
    "cases.open_case": _FRONT_DOOR,
    "sent_back.settle_sent_back": "the front door answers a team on its own pages, where it gives the family to another",
    "sent_back.chase_answer": _PROGRAM,
    "duty.chase_review": _PROGRAM,
    "duty.end_places_of_leaver": _PROGRAM,
    "duty.chase_qualified_lead": _PROGRAM,
    "late_answers.chase_late_answer": _PROGRAM,
    "duty.set_next_review": "the decision of a review and the minutes of a meeting set it; no page does it alone",
    "golive.bring_cases_over": _OLD_SYSTEM,
    "golive_work.bring_work_over": _OLD_SYSTEM,
    "golive_runs.start_golive_run": _OLD_SYSTEM,
    "golive_runs.sign_off_run": "somebody answers for a reconciliation by name, having read it on its page",
    "attended.give_attended_help": _SESSIONS,
    "attended.take_back_attended_help": _SESSIONS,
    "pathways.load_pathway": "a pathway is added from a file by whoever runs the installation",
    "joining.join_case": _NOT_YET_JOINING,
    "joining.join_baby": _NOT_YET_JOINING,
    "joining.leave_case": _NOT_YET_JOINING,
    "joining.take_in_referred": _FRONT_DOOR,
    "keeping.hold_words": _NOT_YET_HOLDS,
    "keeping.review_hold": _NOT_YET_HOLDS,
    "keeping.destroy_words": "cannot be undone: it is asked twice of a person, who types the case's reference",
}
"""By module and name: why a service is not reached."""


def _services() -> Iterator[tuple[str, Any]]:
    """Every guarded service of casework, by the module that defines it."""
    for found in pkgutil.iter_modules(joinedup.casework.services.__path__):
        module = importlib.import_module(f"joinedup.casework.services.{found.name}")
        for name, value in vars(module).items():
            is_own = getattr(value, "__module__", "") == module.__name__
            if is_own and inspect.isfunction(value) and hasattr(value, "__wrapped__") and not name.startswith("_"):
                yield f"{found.name}.{name}", value


def _names_in(function: ast.FunctionDef) -> set[str]:
    """What a function mentions: names, and the parts of dotted ones."""
    found = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    return found | {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}


def _functions(module: ModuleType) -> dict[str, set[str]]:
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    return {node.name: _names_in(node) for node in tree.body if isinstance(node, ast.FunctionDef)}


def _reached_from(module: ModuleType, view: str) -> set[str]:
    """Everything that a view and the helpers it calls in its own module mention."""
    known, seen, waiting = _functions(module), set[str](), [view]
    mentioned: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in known:
            continue
        seen.add(name)
        mentioned |= known[name]
        waiting += known[name]
    return mentioned


def _writes() -> Iterator[tuple[str, ModuleType, str]]:
    """Every operation that writes: its address, and the module and name of its view."""
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                if set(operation.methods) - {"GET"}:
                    function = inspect.unwrap(operation.view_func)
                    yield f"{prefix}{path}", importlib.import_module(function.__module__), function.__name__


def test_the_views_are_found_with_what_they_call() -> None:
    """So that the walk below cannot pass because it looks at nothing."""
    writes = {(module.__name__, name): path for path, module, name in _writes()}
    assert len(writes) > 100
    notes = importlib.import_module("joinedup.api.notes")
    assert ("joinedup.api.notes", "_write") in writes
    assert "write_note" in _reached_from(notes, "_write")
    assert "write_note" not in _reached_from(notes, "_correct")
    letters = importlib.import_module("joinedup.api.letters")
    assert "email_letters" in _reached_from(letters, "_email")  # through a helper it is handed to


def test_every_service_is_reached_or_the_table_says_why_not() -> None:
    services = dict(_services())
    assert len(services) > 80
    mentioned: set[str] = set()
    for _, module, name in _writes():
        mentioned |= _reached_from(module, name)
    unreached = {key for key in services if key.partition(".")[2] not in mentioned}
    assert unreached == set(NOT_BY_API)
    assert all(len(reason) > 20 for reason in NOT_BY_API.values())
