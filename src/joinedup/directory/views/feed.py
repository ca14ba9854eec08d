"""The open feed: Open Referral UK 3.0, for anybody, from any page. Nothing here is kept of who asks."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.urls import reverse

from joinedup.access.middleware import viewer_of
from joinedup.core.errors import NotVisible, Refused
from joinedup.directory.describing import described
from joinedup.directory.profile import PROFILE, VERSION
from joinedup.directory.queries import feed
from joinedup.directory.queries.asked import Asked, asked_of

P = ParamSpec("P")


def answered(view: Callable[Concatenate[HttpRequest, P], Any]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """JSON with what lets pages of other sites read it; what is asked wrongly is 400 with a sentence."""

    @functools.wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response: HttpResponse
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
        elif request.method not in {"GET", "HEAD"}:
            response = JsonResponse({"message": "The feed is read with GET."}, status=405)
        else:
            response = _read(view, request, *args, **kwargs)
        response["Allow"] = "GET, HEAD, OPTIONS"
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return answer


def _read(view: Callable[..., Any], request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        found = view(request, *args, **kwargs)
        return found if isinstance(found, HttpResponse) else JsonResponse(found)
    except NotVisible:
        return JsonResponse({"message": "There is no such record."}, status=404)
    except Refused as refusal:
        return JsonResponse({"message": refusal.sentence, "rule": refusal.rule}, status=400)


def _asked(request: HttpRequest) -> Asked:
    return asked_of({name: str(request.GET[name]) for name in request.GET})


@answered
def details(request: HttpRequest) -> Any:
    """Which standard this is."""
    return {"version": VERSION, "profile": PROFILE, "openapi_url": request.build_absolute_uri(reverse("feed_openapi"))}


@answered
def services(request: HttpRequest) -> Any:
    """Services."""
    return feed.services(viewer_of(request), _asked(request))


@answered
def service(request: HttpRequest, entry_id: UUID) -> Any:
    """One service; where it was found to be the same as another, on to that."""
    viewer = viewer_of(request)
    kept = feed.kept_instead(viewer, entry_id)
    return (
        HttpResponsePermanentRedirect(reverse("feed_service", args=[kept])) if kept else feed.service(viewer, entry_id)
    )


@answered
def taxonomies(request: HttpRequest) -> Any:
    """Lists of words."""
    return feed.taxonomies(viewer_of(request), _asked(request))


@answered
def taxonomy(request: HttpRequest, taxonomy_id: UUID) -> Any:
    """One list of words."""
    return feed.taxonomy(viewer_of(request), taxonomy_id)


@answered
def taxonomy_terms(request: HttpRequest) -> Any:
    """Words."""
    return feed.taxonomy_terms(viewer_of(request), _asked(request))


@answered
def taxonomy_term(request: HttpRequest, taxonomy_term_id: UUID) -> Any:
    """One word."""
    return feed.taxonomy_term(viewer_of(request), taxonomy_term_id)


@answered
def service_at_locations(request: HttpRequest) -> Any:
    """Services at their places."""
    return feed.service_at_locations(viewer_of(request), _asked(request))


@answered
def service_at_location(request: HttpRequest, entry_place_id: UUID) -> Any:
    """One service at one place."""
    return feed.service_at_location(viewer_of(request), entry_place_id)


@answered
def organizations(request: HttpRequest) -> Any:
    """Providers."""
    return feed.organizations(viewer_of(request), _asked(request))


@answered
def organization(request: HttpRequest, provider_id: UUID) -> Any:
    """One provider."""
    is_whole = request.GET.get("full_service", "").lower() in {"true", "1"}
    return feed.organization(viewer_of(request), provider_id, with_services=is_whole)


@answered
def openapi(request: HttpRequest) -> Any:
    """What can be asked, as OpenAPI 3.1."""
    return described(request.build_absolute_uri(reverse("feed_details")))
