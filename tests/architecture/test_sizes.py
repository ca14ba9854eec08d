"""Few, deep files, each saying what it is for; nothing of this house in the text."""

from __future__ import annotations

import ast
import statistics

from tests.architecture.source import PACKAGE, ROOT, Module, functions, modules

MOST_LINES, MOST_LINES_OF_A_FUNCTION = 500, 60


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        module.name
        for module in modules()
        if module.text.strip() and not ast.get_docstring(module.tree) and module.kind != "apps"
    ]
    assert silent == []


def test_no_module_is_too_long() -> None:
    every = [*modules(), *(Module(path) for path in sorted(PACKAGE.rglob("tests/*.py")))]
    lines = {module.name: module.text.count("\n") for module in every}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}
    assert statistics.median(lines.values()) <= 150


def test_no_function_is_too_long() -> None:
    long = [
        f"{module.name}.{function.name}: {function.end_lineno - function.lineno + 1}"
        for module in modules()
        for function in functions(module.tree)
        if function.end_lineno is not None and function.end_lineno - function.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_nothing_in_the_text_ties_it_to_one_machine() -> None:
    wrong = []
    for folder in ("src", "tests", "docs", "tools"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".md", ".jinja", ".html", ".toml", ".css", ".js", ".txt"} and path.is_file():
                text = path.read_text(encoding="utf-8")
                wrong += [
                    f"{path.relative_to(ROOT)}: {word}" for word in ("/wo" + "rk/", "/ro" + "ot/") if word in text
                ]
    assert wrong == []
