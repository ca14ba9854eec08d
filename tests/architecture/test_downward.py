"""Foreign keys, templates and reverse accessors point down the order of the parts, as imports do."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from django.apps import apps
from django.db.models import ForeignObjectRel

from tests.architecture.source import HEIGHT, PACKAGE, modules, templates


def _part(model: type) -> str:
    return model.__module__.split(".")[1] if model.__module__.startswith("joinedup.") else ""


def test_foreign_keys_point_down() -> None:
    wrong = []
    for model in apps.get_models():
        part = _part(model)
        for field in model._meta.get_fields():
            if part and not isinstance(field, ForeignObjectRel) and field.is_relation and field.related_model:
                other = _part(field.related_model)
                if other and other != part and HEIGHT[other] >= HEIGHT[part]:
                    wrong.append(f"{model._meta.label}.{field.name} points to {other}")
    assert wrong == []


# Rows that are worked out from others and written afresh, or that go with an entry nobody has a record of any more.
GO_WITH_IT = {
    "person_index.PersonName.person",
    "person_index.PersonAddress.person",
    "person_index.SearchKey.person",
    "person_index.Entry.person",
    # Finished work is tidied away with its receipt, a file that waited with what was said of it.
    "core.JobReceipt.job",
    "person_index.ImportUpload.file",
    "person_index.ImportUpload.job",
    "casework.GoLiveRun.file",
    "casework.GoLiveRun.job",
}


def test_nothing_is_deleted_along_a_foreign_key() -> None:
    """History hangs on these rows: a delete is refused, never followed."""
    wrong = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            remote = getattr(field, "remote_field", None)
            on_delete = getattr(remote, "on_delete", None)
            if _part(model) and on_delete is not None and on_delete.__name__ not in {"PROTECT", "RESTRICT"}:
                wrong.append(f"{model._meta.label}.{field.name}")
    assert sorted(set(wrong) - GO_WITH_IT) == []


def test_migrations_depend_downwards() -> None:
    wrong = []
    for path in sorted(PACKAGE.rglob("migrations/0*.py")):
        part = path.relative_to(PACKAGE).parts[0]
        for other in re.findall(r'\(\s*["\'](\w+)["\'],\s*["\']\d{4}_', path.read_text(encoding="utf-8")):
            if other in HEIGHT and other != part and HEIGHT[other] >= HEIGHT[part]:
                wrong.append(f"{path.name} of {part} depends on {other}")
    assert wrong == []


# What a part opens to the templates of parts above it: the head and tabs around every page of a case.
OPEN_FRAMES = {"casework/case_page.jinja", "casework/head.jinja", "casework/question.jinja"}


def test_templates_use_only_core_and_their_own_part() -> None:
    wrong = []
    for path in templates():
        part = path.relative_to(PACKAGE).parts[0]
        for used in re.findall(
            r'\{%-?\s*(?:extends|include|import|from)\s+"([^"]+)"', path.read_text(encoding="utf-8")
        ):
            owner = used.split("/")[0]
            if part == "web" or owner in {part, "core", "govuk_frontend_jinja"} or "/" not in used:
                continue
            if part == "core" and owner == "account":
                continue  # the sign-in pages' own layout
            if used in OPEN_FRAMES and HEIGHT[part] > HEIGHT[owner]:
                continue
            wrong.append(f"{path.relative_to(PACKAGE)} uses {used}")
    assert wrong == []


def _pages_of_views() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for module in modules():
        if module.kind == "views" or module.part in {"web", "api"}:
            found[module.name] = re.findall(r'"(\w+)/[\w./-]+\.(?:jinja|html)"', module.text)
    return found


def test_a_view_renders_its_own_part_s_templates() -> None:
    wrong = []
    for name, owners in _pages_of_views().items():
        part = name.split(".")[0]
        wrong += [
            f"{name} renders a page of {owner}" for owner in owners if owner not in {part, "core"} and part != "web"
        ]
    assert wrong == []


def test_reverse_accessors_are_used_only_where_the_foreign_key_lives() -> None:
    """`family.cases` belongs to casework: a lower part that used it would know a higher one."""
    owners: dict[str, set[str]] = {}
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if (
                isinstance(field, ForeignObjectRel)
                and _part(model)
                and _part(field.related_model) not in {"", _part(model)}
            ):
                name = field.get_accessor_name()
                if name:
                    owners.setdefault(name, set()).add(_part(field.related_model))
    # A name that is also an ordinary field, argument or function somewhere lower would be mistaken for one.
    plain = {field.name for model in apps.get_models() for field in model._meta.concrete_fields}
    wrong = []
    for module in modules():
        if module.part == "engines":  # they are pure: none of their objects is a row
            continue
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Attribute) or node.attr not in owners or node.attr in plain:
                continue
            above = [owner for owner in owners[node.attr] if HEIGHT[owner] > HEIGHT.get(module.part, 99)]
            is_query = isinstance(node.value, ast.Name) and node.value.id in {
                "queries",
                "services",
                "self",
                "models",
                "views",
            }
            is_module = isinstance(node.value, ast.Name) and node.value.id in _imported(module.tree)
            if above and not is_query and not is_module:
                wrong.append(f"{module.name}:{node.lineno} {ast.unparse(node)} belongs to {', '.join(above)}")
    assert wrong == []


def _imported(tree: ast.Module) -> set[str]:
    return {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def test_every_part_with_templates_is_among_the_parts_of_the_settings() -> None:
    from joinedup.config import settings

    with_templates = {Path(path).relative_to(PACKAGE).parts[0] for path in templates()}
    assert with_templates <= set(settings.PARTS)
