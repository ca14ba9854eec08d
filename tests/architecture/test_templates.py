"""Nothing inline, nothing from elsewhere, every form protected, nothing marked safe."""

from __future__ import annotations

import re

from tests.architecture.source import PACKAGE, modules, templates

# An address of another site in a link people choose to follow is not a thing the page loads.
_LOADED = re.compile(r"""(?:src|href|action|poster|data)=["'](?:https?:)?//[^"']+""")
_FORM = re.compile(r"<form\b[^>]*method=[\"']post[\"'][^>]*>(.*?)</form>", re.S | re.I)
_INLINE = re.compile(
    r"""\sstyle=|\son(?:click|change|submit|load|input|key\w+)=|<style\b|javascript:|<script(?![^>]*\bsrc=)""", re.I
)
_COMMENT = re.compile(r"\{#.*?#\}", re.S)


def _texts() -> list[tuple[str, str]]:
    return [
        (str(path.relative_to(PACKAGE)), _COMMENT.sub("", path.read_text(encoding="utf-8"))) for path in templates()
    ]


def test_every_form_that_posts_carries_the_anti_forgery_token() -> None:
    naked = [
        name
        for name, text in _texts()
        for body in _FORM.findall(text)
        if "csrf_input" not in body and "csrf_token" not in body
    ]
    assert naked == []


def test_nothing_is_inline() -> None:
    assert [f"{name}: {found.group()}" for name, text in _texts() for found in _INLINE.finditer(text)] == []


def test_nothing_comes_from_another_site() -> None:
    wrong = [f"{name}: {found}" for name, text in _texts() for found in _LOADED.findall(text)]
    for path in sorted(PACKAGE.rglob("static/**/*")):
        if path.suffix in {".css", ".js"}:
            text = path.read_text(encoding="utf-8")
            wrong += [
                f"{path.name}: {found}" for found in re.findall(r"url\([\"']?(?:https?:)?//[^)]*|@import[^;]*", text)
            ]
            wrong += [f"{path.name}: {found}" for found in re.findall(r"(?:fetch|import)\([\"']https?:[^)]*", text)]
    assert wrong == []


def test_every_script_carries_the_page_s_nonce() -> None:
    scripts = [(name, tag) for name, text in _texts() for tag in re.findall(r"<script\b[^>]*>", text)]
    assert [f"{name}: {tag}" for name, tag in scripts if "nonce=" not in tag] == []


def test_nothing_people_typed_is_marked_safe() -> None:
    """`|safe` is for words of the template itself; in Python only `format_html` makes markup."""
    wrong = [
        f"{name}: {found}"
        for name, text in _texts()
        for found in re.findall(r"\{\{[^}]*\|\s*safe[^}]*\}\}", text)
        if not re.search(r'"[^"]*"\s*\|\s*safe', found)
    ]
    # A form renders itself through a template, which has escaped what it holds; a figure was escaped where it was drawn.
    may = {"core.forms", "core.figures"}
    wrong += [module.name for module in modules() if "mark_safe(" in module.text and module.name not in may]
    assert wrong == []


def test_nothing_sensitive_is_kept_in_the_browser() -> None:
    wrong = []
    for path in sorted(PACKAGE.rglob("static/**/*.js")):
        if "govuk" not in path.parts:
            text = path.read_text(encoding="utf-8")
            wrong += [
                f"{path.name}: {word}" for word in ("localStorage", "sessionStorage", "indexedDB") if word in text
            ]
    assert wrong == []


def test_pages_are_jinja_and_named_so() -> None:
    """Names ending in .html are those Django and django-allauth ask for."""
    asked_for = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"}
    wrong = [
        str(path.relative_to(PACKAGE))
        for path in templates(".html")
        if path.name not in asked_for and path.parent.name != "account"
    ]
    assert wrong == []
