"""Documents that are generated are current, and every setting is described."""

from __future__ import annotations

import re
from collections.abc import Iterator

from joinedup.cli.reference import write_docs
from tests.architecture.source import ROOT, modules

_NAME = re.compile(r"\b(JOINEDUP_[A-Z][A-Z_]*[A-Z]|DATABASE_URL)\b")


def _read_by_the_program() -> Iterator[str]:
    for module in modules():
        yield from _NAME.findall(module.text)
    yield from _NAME.findall((ROOT / "run").read_text(encoding="utf-8"))
    for path in (ROOT / "tests" / "support").glob("*.py"):
        yield from _NAME.findall(path.read_text(encoding="utf-8"))


def _described() -> set[str]:
    return set(_NAME.findall((ROOT / "docs" / "settings.md").read_text(encoding="utf-8")))


def _plain(names: set[str]) -> set[str]:
    return {name.removesuffix("_FILE") for name in names}


def test_every_setting_is_described() -> None:
    assert sorted(_plain(set(_read_by_the_program())) - _described()) == []


def test_no_setting_is_described_that_nothing_reads() -> None:
    assert sorted(_described() - _plain(set(_read_by_the_program()))) == []


def test_the_reference_is_current() -> None:
    assert write_docs(check=True) == [], "run ./run docs and commit what it writes"


def test_the_reference_names_every_rule_once() -> None:
    codes = re.findall(r"^\| ([A-Z]+-\d+) \|", (ROOT / "docs/reference/rules.md").read_text(encoding="utf-8"), re.M)
    assert len(codes) > 20
    assert len(codes) == len(set(codes))


def test_every_rule_a_refusal_names_is_in_the_reference() -> None:
    text = (ROOT / "docs/reference/rules.md").read_text(encoding="utf-8")
    named = {code for module in modules() for code in re.findall(r'rule="([A-Z]+-\d+)"', module.text)}
    # 404, 422 and so on are the API's own answers about the shape of a request.
    missing = {code for code in named if f"| {code} |" not in text and not code.startswith("API-")}
    assert sorted(missing) == []


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+?)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)} -> {target}")
    assert broken == []
