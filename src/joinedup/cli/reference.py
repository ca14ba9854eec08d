"""The generated reference: who can do what, the rules, the lifecycles, the events and the partnership's settings.

Everything is read from the declarations the program itself runs on, so that a document cannot say anything else.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from joinedup.cli.reference_assessment import assessment_lines

_PACKAGE = Path(__file__).resolve().parents[1]
_FOLDER = _PACKAGE.parents[1] / "docs" / "reference"
_WRITTEN = "<!-- Written by `./run docs` from the code. Change the code, not this file. -->"
_PURPOSES = {
    "who-can-do-what.md": "Who can do what",
    "rules.md": "Rules",
    "lifecycles.md": "Lifecycles",
    "events.md": "Events of a family's journey",
    "partnership-settings.md": "Settings of the partnership",
    "assessment.md": "What the common assessment asks",
}


def write_docs(*, check: bool) -> list[str]:
    """Write the documents, or with `check` change nothing; returns the names of those that were out of date."""
    _load_everything()
    texts = {
        "who-can-do-what.md": _who_can_do_what(),
        "rules.md": _rules(),
        "lifecycles.md": _lifecycles(),
        "events.md": _events(),
        "partnership-settings.md": _settings(),
        "assessment.md": assessment_lines(_table),
    }
    stale = []
    for name, lines in texts.items():
        text = "\n".join([f"# {_PURPOSES[name]}", "", _WRITTEN, "", *lines]).rstrip() + "\n"
        path = _FOLDER / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            _FOLDER.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return stale


def _load_everything() -> None:
    """Declarations are made when a module is imported: import what the site imports, and each part's declarations."""
    import_module("joinedup.config.urls")
    import_module("joinedup.web.context")  # named in the settings of the templates, so nothing imports it by itself
    for part in _parts():
        for kind in ("permissions", "events", "settings", "rules", "lifecycle"):
            _module(part, kind)


def _parts() -> list[str]:
    return sorted(folder.name for folder in _PACKAGE.iterdir() if (folder / "apps.py").exists())


def _module(part: str, kind: str) -> ModuleType | None:
    name = f"joinedup.{part}.{kind}"
    return import_module(name) if find_spec(name) else None


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    columns = list(header)
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return [*lines, ""]


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def _words(name: str) -> str:
    return name.replace("_", " ")


# --- Who can do what.


def _who_can_do_what() -> list[str]:
    from joinedup.access.grounds import person_grounds
    from joinedup.access.permissions import declared_permissions
    from joinedup.access.roles import Role

    lines = ["## Roles", "", *_table(("role", "what it is"), ((_words(role.value), role.sentence) for role in Role))]
    lines += ["## Grounds for seeing a person", ""]
    lines += ["Nobody sees a person because of a role alone; one of these has to hold.", ""]
    lines += _table(("ground", "sentence"), ((ground.code, ground.sentence) for ground in person_grounds()))
    lines += ["## Permissions", ""]
    rows = []
    for permission in declared_permissions():
        roles = (
            "anybody, without signing in"
            if permission.public
            else ", ".join(_words(role.value) for role in Role if role in permission.roles)
        )
        rows.append((f"`{permission.name}`", f"may {permission.sentence}", roles, permission.within_sentence))
    return lines + _table(("permission", "sentence", "roles", "narrowed to"), rows)


# --- Rules.


@dataclass(frozen=True)
class _Rule:
    code: str
    sentence: str
    source: str
    is_verified: bool = True


def _rules() -> list[str]:
    lines = ["Each rule with the sentence a person reads when it refuses, and where it comes from.", ""]
    lines += ["A source marked “not verified” was quoted from memory and must be checked before it is called law.", ""]
    rows_of_a_part = {rule.code for part in _parts() for rule in _declared_rules(part)}
    for_everybody = {rule.code for rule in _rules_said_in_place("core")}
    for part in [*_parts(), "cli"]:
        # A part may say another's rule in its own words (the API does): the rule stands once, where it is kept.
        elsewhere = rows_of_a_part | (for_everybody if part != "core" else set())
        found = {rule.code: rule for rule in _rules_said_in_place(part) if rule.code not in elsewhere}
        found |= {rule.code: rule for rule in _declared_rules(part)}
        if found:
            rows = [
                (rule.code, rule.sentence, rule.source + ("" if rule.is_verified else " (not verified)"))
                for rule in sorted(found.values(), key=lambda rule: _by_number(rule.code))
            ]
            lines += [f"## {_words(part).capitalize()}", "", *_table(("rule", "sentence", "source"), rows)]
    return lines


def _by_number(code: str) -> tuple[str, int, str]:
    letters, _, number = code.partition("-")
    return letters, int(number) if number.isdigit() else 0, number


def _declared_rules(part: str) -> Iterator[_Rule]:
    module = _module(part, "rules")
    for value in vars(module).values() if module else ():
        code, sentence = getattr(value, "code", None), getattr(value, "sentence", None)
        if isinstance(code, str) and isinstance(sentence, str):
            yield _Rule(code, sentence, getattr(value, "source", "local"), getattr(value, "is_verified", True))


def _rules_said_in_place(part: str) -> Iterator[_Rule]:
    """Refusals written where they are made: `Refused("sentence", rule="AC-2")`."""
    for path in sorted((_PACKAGE / part).rglob("*.py")):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] not in {"record", "Rule"}:
                yield from _refusal(node)


def _refusal(call: ast.Call) -> Iterator[_Rule]:
    code = next((key.value for key in call.keywords if key.arg == "rule"), None)
    if isinstance(code, ast.Constant) and isinstance(code.value, str) and "-" in code.value and call.args:
        yield _Rule(code.value, _said(call.args[0]), "local")


def _said(node: ast.expr) -> str:
    """The sentence of a text, with `…` where words are filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return "…"


# --- Lifecycles.


def _lifecycles() -> list[str]:
    lines = []
    for part in _parts():
        module = _module(part, "lifecycle")
        for name, moves in _tables_of(module) if module else ():
            labels = getattr(module, name.replace("MOVES", "LABELS"), {})
            owners = getattr(module, name.replace("MOVES", "OWNERS"), {})
            title = _words(part).capitalize() + (
                f": {_words(name.removesuffix('_MOVES').lower())}" if "_" in name else ""
            )
            lines += [f"## {title}", "", "```mermaid", "stateDiagram-v2"]
            lines += [f"    {state.value}: {labels.get(state, state.value)}" for state in moves]
            first = next(iter(moves))
            lines += [f"    [*] --> {first.value}"]
            for state, ends in moves.items():
                lines += [f"    {state.value} --> {end.value}" for end in sorted(ends, key=list(moves).index)]
                lines += [] if ends - {state} else [f"    {state.value} --> [*]"]
            lines += ["```", ""]
            if owners:
                rows = ((labels.get(state, state.value), owner) for state, owner in owners.items())
                lines += _table(("state", "whose move is next"), rows)
    return lines


def _tables_of(module: ModuleType) -> Iterator[tuple[str, dict[Enum, frozenset[Enum]]]]:
    for name, value in vars(module).items():
        if name.endswith("MOVES") and isinstance(value, dict):
            yield name, value


# --- Events and settings.


def _events() -> list[str]:
    from joinedup.chronology.kinds import event_kinds

    rows = ((f"`{kind.code}`", kind.title, kind.quantity_means) for kind in event_kinds())
    return _table(("event", "what the timeline says", "quantity"), rows)


def _settings() -> list[str]:
    from joinedup.core.partnership import declared_settings

    rows = (
        (f"`{setting.key}`", setting.sentence, f"`{_shown(setting.default)}`", setting.source)
        for setting in declared_settings()
    )
    intro = ["Changed on the settings page, from a day on; what was decided before stays as it was.", ""]
    return intro + _table(("setting", "what it is for", "default", "source"), rows)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
