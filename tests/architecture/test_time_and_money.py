"""No clock below views, API and command; no float near money."""

from __future__ import annotations

import ast

from tests.architecture.source import Module, modules

# Where the present moment enters the program.
MAY_READ_THE_CLOCK = {
    ("access", "middleware"): "makes the viewer of a request",
    ("access", "adapter"): "django-allauth calls it without a time",
    ("access", "sign_on"): "holds a provider's token against this moment, as the library asks for it",
    ("core", "desk"): "stands for the view whose form it keeps, also before there is a viewer",
    ("core", "models"): "an identifier that sorts by time; no rule reads it",
    ("core", "partnership"): "how long settings are kept in memory, by the monotonic clock",
    ("core", "steady"): "how long a search may not be sooner than, by the monotonic clock",
    ("web", "context"): "an error page made before there is a viewer",
    ("web", "views"): "a view",
    ("api", "auth"): "makes the actor of a key",
}
CLOCKS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("timezone", "now"),
    ("timezone", "localdate"), ("timezone", "localtime"), ("time", "time"), ("time", "time_ns"), ("time", "monotonic"),
    ("time", "perf_counter"),
}  # fmt: skip


def _clocks(module: Module) -> list[str]:
    found = []
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        on = ast.unparse(node.func.value).split(".")[-1]
        reads = (on, node.func.attr) in CLOCKS
        if node.func.attr in {"localdate", "localtime"} and node.args:
            reads = False  # of a moment that was given
        if reads:
            found.append(f"{module.name}:{node.lineno} {ast.unparse(node.func)}()")
    return found


def test_nothing_below_views_api_and_command_reads_a_clock() -> None:
    wrong = []
    for module in modules():
        if module.part == "cli" or module.kind == "views" or (module.part, module.kind) in MAY_READ_THE_CLOCK:
            continue
        wrong += _clocks(module)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and (node.module, "now") in {
                (node.module, alias.name) for alias in node.names
            }:
                wrong.append(f"{module.name}:{node.lineno} imports now")
    assert wrong == []


def test_the_database_s_clock_is_only_used_to_note_when_a_row_was_written() -> None:
    wrong = []
    for module in modules():
        if module.kind != "models" and "Now()" in module.text:
            wrong.append(module.name)
        if module.kind == "models":
            wrong += [
                f"{module.name}: {line.strip()}"
                for line in module.text.splitlines()
                if "Now()" in line and not line.strip().startswith(("recorded_at", "sealed_at"))
            ]
            wrong += [f"{module.name}: auto_now" for word in ("auto_now", "auto_now_add") if word in module.text]
    assert wrong == []


MONEY = {"money", "ledger", "riskshare", "funds"}


def test_no_float_near_money() -> None:
    wrong = []
    for module in modules():
        if not MONEY & set(module.name.split(".")):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                wrong.append(f"{module.name}:{node.lineno} {node.value}")
            # Named to be refused it may be: isinstance(amount, float).
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float":
                wrong.append(f"{module.name}:{node.lineno} float()")
            if isinstance(node, ast.Attribute) and node.attr == "FloatField":
                wrong.append(f"{module.name}:{node.lineno} FloatField")
    assert wrong == []


def test_no_table_holds_a_float() -> None:
    from django.apps import apps

    floats = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("joinedup.")
        for field in model._meta.get_fields()
        if getattr(field, "get_internal_type", str)() == "FloatField"
    ]
    assert floats == []
