"""What the addresses of case work have in common: each is registered with the refusals it may give, and a POST with an
`Idempotency-Key` is done once however often it is sent."""

from __future__ import annotations

import functools
import hashlib
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Header, Router, Schema, Status
from ninja.responses import NinjaJSONEncoder
from pydantic import ConfigDict

from joinedup.access.actor import Actor
from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.casework import queries
from joinedup.casework.queries import allocating, audits, supervision
from joinedup.core.once import answered_once
from joinedup.funds.queries import commitments, contributions, disputes, fund_to_read, line_for_change, recharges
from joinedup.universal import queries as universal

Answers = Callable[..., dict[Any, Any]]
View = Callable[..., Any]


def taken(**example: Any) -> ConfigDict:
    """What a body may hold is what its fields say and nothing else; with an example for whoever reads the description."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


@dataclass(frozen=True)
class Addresses:
    """The addresses of one noun. `answers` says which refusals each may give."""

    router: Router
    answers: Answers

    def reads(self, path: str, schema: Any, view: View, summary: str, **more: Any) -> None:
        """A GET."""
        self.router.get(path, response=self.answers(200, schema, 404), summary=summary, **more)(view)

    def writes(self, path: str, schema: type[Schema], view: View, summary: str) -> None:
        """A POST, answered 201."""
        answers = self.answers(201, schema, 404, 409)
        self.router.post(path, response=answers, summary=summary)(_once(view, schema))

    def replaces(self, path: str, schema: type[Schema], view: View, summary: str) -> None:
        """A PUT, with the version that was read."""
        self.router.put(path, response=self.answers(200, schema, 404, 409), summary=summary)(view)


def _once(view: View, schema: type[Schema]) -> View:
    """The same view with the header `Idempotency-Key`."""

    @functools.wraps(view)
    def keyed(request: HttpRequest, *, once: schemas.Once, **values: Any) -> Any:
        key, viewer = once.idempotency_key, viewer_of(request)
        if not key or viewer.account_id is None:
            return Status(201, view(request, **values))

        def make() -> tuple[int, str]:
            said = schema.model_validate(view(request, **values)).model_dump()
            return 201, json.dumps(said, cls=NinjaJSONEncoder)

        told = answered_once(
            account_id=viewer.account_id, key=key, digest=_digest(request), at=viewer.at, make=make
        )  # fmt: skip
        if told.is_again:
            _still_seen(viewer, values)
        return HttpResponse(told.body, status=told.status, content_type="application/json; charset=utf-8")

    # The views' own modules resolve what their annotations name; here nobody could.
    seen = inspect.signature(view, eval_str=True)
    header = inspect.Parameter("once", inspect.Parameter.KEYWORD_ONLY, annotation=Header[schemas.Once])
    keyed.__dict__["__signature__"] = seen.replace(parameters=[*seen.parameters.values(), header])
    return keyed


def _digest(request: HttpRequest) -> str:
    """Of the address and of what was sent. The parts of a file are told apart by a line that is new each time."""
    made = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    if request.content_type == "multipart/form-data":
        for name, file in sorted(request.FILES.items()):
            made.update(f"{name}:{getattr(file, 'name', '')}\n".encode())
            for chunk in file.chunks():  # type: ignore[union-attr]
                made.update(chunk)
            file.seek(0)  # type: ignore[union-attr]
    else:
        made.update(request.body)
    return made.hexdigest()


def _still_seen(viewer: Actor, values: dict[str, Any]) -> None:
    """What was answered is given again only to somebody who may still see what it is about; the read is audited."""
    case_id = values.get("case_id")
    if isinstance(case_id, UUID):
        queries.case_frame(viewer, case_id, purpose="API: the same answer again")
    elif isinstance(values.get("step_id"), UUID):
        queries.step_seen(viewer, values["step_id"], purpose="API: the same answer again")
    elif isinstance(values.get("session_id"), UUID):
        universal.register(viewer, values["session_id"], purpose="API: the same answer again")
    elif isinstance(values.get("young_id"), UUID):
        universal.young_person(viewer, values["young_id"])
    for name, look in (_OVERSIGHT | _MONEY).items():
        if isinstance(values.get(name), UUID):
            look(viewer, values[name])


_OVERSIGHT: dict[str, Callable[[Actor, UUID], Any]] = {
    "panel_id": queries.panel_for_change,
    "panel_request_id": queries.request_for_change,
    "supervision_id": supervision.supervision_for_change,
    "worker_id": supervision.worker_to_supervise,
    "allocation_id": allocating.allocation_meeting,
    "audit_id": audits.audit_for_change,
}
"""By the name in an address of the panel and of the manager's half: who looks whether the account may still see it."""

_MONEY: dict[str, Callable[[Actor, UUID], Any]] = {
    "fund_id": fund_to_read,
    "line_id": line_for_change,
    "instalment_id": contributions.instalment_for_change,
    "commitment_id": commitments.commitment_for_change,
    "dispute_id": disputes.dispute_for_change,
    "recharge_id": recharges.recharge_for_change,
}
"""By the name in an address of shared money: who looks whether the account may still see it."""
