"""Version 1 of the API: referrals in, what became of them, the front door's worklist. Every refusal has one shape."""

from __future__ import annotations

import functools
import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header, NinjaAPI, Query, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from joinedup import __version__
from joinedup.access.middleware import record_refused_read, viewer_of
from joinedup.access.permissions import READ_OWN_ACCOUNT, check
from joinedup.api import (
    agreements,
    allocations,
    assessments,
    benefits,
    benefits_money,
    board,
    case_audits,
    chronology,
    fund_ledger,
    fund_money,
    funds,
    governance,
    letters,
    match,
    meetings,
    notes,
    observations,
    outcomes,
    panels,
    pathways,
    plan_changes,
    plans,
    reviews,
    schemas,
    sessions,
    sharing,
    steps,
    supervisions,
    team,
)
from joinedup.api.auth import Key, SignedIn
from joinedup.api.profile import ProfileOut, profile_out
from joinedup.core.emergency import emergency
from joinedup.core.errors import NotVisible, Refused
from joinedup.front_door import queries as front_door
from joinedup.front_door.codes import Answer, Channel
from joinedup.front_door.intake import NewContact, NewContactPerson
from joinedup.front_door.services import submit_referral
from joinedup.front_door.settings import decide_by
from joinedup.organisations.queries import open_organisations


class Described(NinjaAPI):
    """The API, whose description is worked out once in each process: it does not change while one runs."""

    @functools.cached_property
    def _description(self) -> OpenAPISchema:
        return super().get_openapi_schema()

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        """The same for everybody."""
        return self._description


api = Described(
    title="Joinedup",
    version=__version__,
    description="One way in for every agency that is worried about a child or asks for help for a family.",
    docs_url=None,
    urls_namespace="api-v1",
    auth=[Key(), SignedIn()],
)


_WHY = {
    400: "The request could not be read.",
    401: "No key, or a key that is wrong, expired or revoked.",
    403: "The posts of this account do not allow it.",
    404: "There is nothing at this address for this account.",
    409: "The state of things does not allow it now.",
    422: "Something in it is wrong; `extra.faults` says what.",
    429: "Too many requests in a minute.",
    503: "The service is away for a moment; try again.",
}


def _answers(status: int, schema: Any, *refusals: int) -> dict[Any, Any]:
    return {status: schema} | dict.fromkeys((*refusals, 400, 401, 403, 422, 429, 503), schemas.Problem)


@api.post("/referrals", response=_answers(201, schemas.ReferralTaken, 409), summary="Send a referral")
def send_referral(
    request: HttpRequest,
    referral: schemas.ReferralIn,
    once: Header[schemas.Once],
) -> Status[dict[str, Any]]:
    """Send a request for help to the front door. With an `Idempotency-Key`, sending it again gives the first receipt
    and makes no second referral. The answer never says whether anybody is known."""
    viewer = viewer_of(request)
    contact = submit_referral(contact=_contact(referral, once.idempotency_key), by=viewer, at=viewer.at)
    receipt = {
        "id": contact.pk,
        "reference": contact.reference,
        "received_at": contact.received_at,
        "what_happens_next": (
            "The front door reads it and decides within one working day, sooner when a child is at risk. "
            "You will be told who will be in touch."
        ),
        "decided_by": decide_by(contact.received_at, ""),
        "in_danger_now": emergency(on=timezone.localdate(viewer.at))["text"],
    }
    return Status(201, receipt)


def _contact(referral: schemas.ReferralIn, once: str) -> NewContact:
    given = referral.model_dump(exclude={"people", "family_knows", "family_agrees"})
    return NewContact(
        channel=Channel.API,
        people=tuple(NewContactPerson(**person.model_dump()) for person in referral.people),
        family_knows=Answer(referral.family_knows),
        family_agrees=Answer(referral.family_agrees),
        idempotency_key=once,
        as_supplied=referral.model_dump(mode="json", exclude_unset=True),
        **given,
    )


@api.get("/referrals", response=_answers(200, schemas.SentPage), summary="What this account has sent")
def sent_referrals(request: HttpRequest, page: Query[schemas.PageQuery]) -> dict[str, Any]:
    """What the posts of this account sent, newest first."""
    rows, following = front_door.sent_contacts(viewer_of(request), page.after or None)
    return {"referrals": [row.__dict__ for row in rows], "next": following}


@api.get("/referrals/{uuid:contact_id}", response=_answers(200, schemas.SentReferral, 404), summary="One of them")
def sent_referral(request: HttpRequest, contact_id: UUID) -> dict[str, Any]:
    """Exactly what was sent, and what the sender may be told of it."""
    found = front_door.sent_contact(viewer_of(request), contact_id)
    return found.__dict__ | {
        "people": [person.__dict__ for person in found.people],
        "answers": [{"question": question, "answer": answer} for question, answer in found.answers],
    }


@api.get(
    "/referrals/{uuid:referral_id}/profile",
    response=_answers(200, ProfileOut, 404),
    summary="What partners know about a referral’s people",
)
def profile(request: HttpRequest, referral_id: UUID) -> dict[str, Any]:
    """The answers of every partner asked, beside what the index holds: for the front door in full, for the receiving
    team's manager and the lead professional who is involved and how to reach them."""
    return profile_out(front_door.profile(viewer_of(request), referral_id, purpose="API: compare notes"))


@api.get("/worklist", response=_answers(200, schemas.WorkPage), summary="The front door's worklist")
def worklist(request: HttpRequest, wanted: Query[schemas.WorkQuery]) -> dict[str, Any]:
    """A page of a worklist, soonest clock first. Unknown codes are ignored, as on the page."""
    filters = front_door.WorklistFilters.of({"list": wanted.list, "rating": wanted.rating, "state": wanted.state})
    page = front_door.worklist(viewer_of(request), filters, wanted.after or None)
    return {"counts": page.counts, "referrals": [row.__dict__ for row in page.rows], "next": page.next_cursor}


@api.get("/me", response=_answers(200, schemas.Me), summary="Who this key or session acts for")
def me(request: HttpRequest) -> dict[str, Any]:
    """The account and the posts it holds at this moment."""
    viewer = viewer_of(request)
    check(viewer, READ_OWN_ACCOUNT)
    posts = [
        {"role": held.role, "title": held.title, "organisation": held.organisation_name, "ends_at": held.ends_at}
        for held in viewer.standings
    ]
    return {"name": viewer.name, "via": viewer.via, "posts": posts}


@api.get("/organisations", response=_answers(200, list[schemas.OrganisationOut]), summary="The partners")
def organisations(request: HttpRequest) -> list[dict[str, Any]]:
    """Every organisation of the partnership that is open today."""
    viewer = viewer_of(request)
    found = open_organisations(viewer, on=timezone.localdate(viewer.at))
    return [{"code": one.code, "name": one.name, "kind": one.kind} for one in found]


api.add_router("/information-requests", sharing.router(_answers))
api.add_router("/observations", observations.router(_answers))
api.add_router("/people", match.router(_answers))
api.add_router("/cases", assessments.router(_answers))
api.add_router("/cases", plan_changes.router(_answers))
for each in (notes, chronology, reviews, meetings, letters, team, agreements, steps):
    api.add_router("/cases", each.router(_answers))
for each in (pathways, panels, supervisions, case_audits):
    api.add_router("/cases", each.router(_answers))
api.add_router("/panels", panels.panels_router(_answers))
api.add_router("/supervisions", supervisions.supervisions_router(_answers))
api.add_router("/allocation", allocations.router(_answers))
api.add_router("/case-audits", case_audits.audits_router(_answers))
api.add_router("/my-work", board.router(_answers))
api.add_router("/lead-offers", team.offers_router(_answers))
api.add_router("/posts", team.posts_router(_answers))
api.add_router("/steps", steps.steps_router(_answers))
api.add_router("/sessions", sessions.sessions_router(_answers))
api.add_router("/participation", sessions.participation_router(_answers))
for shared_money in (funds, fund_ledger, fund_money):
    api.add_router("/funds", shared_money.router(_answers))
api.add_router("/programmes", benefits.programmes_router(_answers))
api.add_router("/programmes", benefits_money.investment_router(_answers))
api.add_router("/activity", benefits_money.activity_router(_answers))
api.add_router("/outcomes", outcomes.router(_answers))
api.add_router("/governance", governance.router(_answers))


@api.get("/measures", response=_answers(200, list[plans.MeasureOut]), summary="What outcomes are measured by")
def measures(request: HttpRequest) -> list[dict[str, Any]]:
    """Every measure in use, with its unit and which way is better."""
    return plans.measures(viewer_of(request))


@api.get("/assessment-specs", response=_answers(200, list[assessments.SpecOut]), summary="What an assessment asks")
def assessment_specs(request: HttpRequest) -> list[dict[str, Any]]:
    """Every version of the common assessment: the questions, their codes, and what each score means."""
    check(viewer_of(request), READ_OWN_ACCOUNT)
    return assessments.specs()


def _problem(status: int, message: str, rule: str = "", extra: dict[str, Any] | None = None) -> HttpResponse:
    body = {"message": message, "rule": rule or f"http:{status}", "extra": extra or {}}
    response = HttpResponse(json.dumps(body, default=str), status=status, content_type="application/json")
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if status == 429:
        response["Retry-After"] = "60"
    return response


@api.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A rule says no: the sentence, the rule, and every fault."""
    record_refused_read(request, refusal)
    extra = dict(refusal.extra)
    if "faults" in extra:
        extra["faults"] = [
            {"field": fault["field"], "message": fault["sentence"], "rule": fault["rule"]} for fault in extra["faults"]
        ]
    elif refusal.field:
        extra["faults"] = [{"field": refusal.field, "message": refusal.sentence, "rule": refusal.rule}]
    status = 422 if refusal.status == 409 and "faults" in extra else refusal.status
    return _problem(status, refusal.sentence, refusal.rule, extra)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The shape of the request is wrong: every fault at once, by the name of its field."""
    faults = [
        {"field": _field(fault["loc"]), "message": str(fault["msg"]).removeprefix("Value error, "), "rule": "API-422"}
        for fault in error.errors
    ]
    return _problem(422, "Some of what was sent is missing or wrong.", "API-422", {"faults": faults})


def _field(place: Any) -> str:
    """`people.0.birth_date` from ("body", "referral", "people", 0, "birth_date")."""
    words = [str(word) for word in place]
    skip = 2 if words[:1] == ["body"] and words[1:2] in (["referral"], ["answer"], ["refusal"], ["sent"]) else 1
    return ".".join(words[skip:]) or words[-1]


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """No key, or one that does not work."""
    return _problem(401, _WHY[401], "API-401")


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Not JSON, or a missing anti-forgery token."""
    return _problem(error.status_code, str(error), f"API-{error.status_code}")


@api.exception_handler(Http404)
def nothing_here(request: HttpRequest, error: Http404) -> HttpResponse:
    """As for people: nothing is given away."""
    return _problem(404, NotVisible().sentence, "AC-404")
