"""The Jinja environment that every Joinedup page is rendered in.

Settings name :func:`environment` in their Jinja2 engine. It adds the GOV.UK macros
(``govuk_frontend_jinja/…``), the filters of ``core.formats``, ``url``, ``static`` and
``error_summary``, and a value for everything the layout reads, so that a page without the usual
context (an error page while the database is down) still renders.

A name or an attribute that does not exist is an error, not an empty string: a safety notice must
never vanish because of a typing mistake. A missing key of a dictionary is empty, because the
GOV.UK macros are written that way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined, Undefined
from jinja2.utils import missing

from joinedup.core import formats

# Names that the GOV.UK macros read without ever setting them.
READ_BY_MACROS = frozenset({"undefined", "null", "successBanner", "typeClass"})


class CarefulUndefined(StrictUndefined):
    """Refuses unknown names and attributes; lets a dictionary leave out optional keys."""

    def __new__(
        cls, hint: str | None = None, obj: Any = missing, name: str | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        """Return a lenient value where GOV.UK macros rely on one, else a strict one."""
        if hint is not None or isinstance(obj, Mapping) or name in READ_BY_MACROS:
            return Undefined(hint, obj, name, *args, **kwargs)
        return super().__new__(cls)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the address of a named page."""
    return reverse(name, args=args, kwargs=kwargs)


def url_if(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the address of a named page, or nothing when this installation leaves the page out."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


def messages_for(request: HttpRequest | None) -> list[Any]:
    """Return the one-time messages waiting for this visitor, and mark them as shown."""
    return list(get_messages(request)) if request is not None else []


LAYOUT_DEFAULTS: dict[str, Any] = {
    "request": None,
    "viewer": None,
    "navigation": (),
    "csp_nonce": "",
    "csrf_token": "",
    "csrf_input": "",
    "service_name": "Joinedup",
    "partnership_name": "",
    "demo": False,
    "emergency": None,
    "opened": None,
    "printed_at": None,
    "form": None,
    "page_has_errors": False,
}


def environment(**options: Any) -> Environment:
    """Build the environment; Django's Jinja2 backend passes the loader and its own options."""
    from joinedup.core.forms import error_summary

    options["loader"] = ChoiceLoader(
        [options["loader"], PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})]
    )
    options |= {"undefined": CarefulUndefined}
    options.pop("autoescape", None)
    env = Environment(autoescape=True, extensions=["jinja2.ext.do"], cache_size=-1, **options)
    env.filters.update(formats.FILTERS)
    env.globals.update(LAYOUT_DEFAULTS)
    env.globals.update(url=url, url_if=url_if, static=static, messages_for=messages_for, error_summary=error_summary)
    return env
