"""Keeping versions of a delivery model: what a round of review left, what changed and why."""

from __future__ import annotations

from datetime import datetime

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.benefits import delivery_versions, rules
from joinedup.benefits.models import DeliveryModel, DeliveryVersion
from joinedup.benefits.permissions import RUN_PROGRAMME
from joinedup.benefits.queries.delivery_versions import _names, content_of
from joinedup.core.models import claim_version

CHOSEN = "It was chosen."


@service(RUN_PROGRAMME, on="model")
def keep_delivery_version(*, model: DeliveryModel, why: str, version: int, by: Actor, at: datetime) -> DeliveryVersion:
    """Keep a delivery model as it stands as its next version. Refuses one in which nothing changed (BN-160), a change without
    a reason (BN-161), and a model that somebody changed since it was looked at (CO-1)."""
    claim_version(model, version)
    before = model.versions.order_by("-number").first()
    if before is not None and before.content == _plain(model):
        raise rules.DELIVERY_SAME.refused(number=before.number)
    if before is not None and not why.strip():
        raise rules.DELIVERY_WHY.refused()
    made = _keep(model, why.strip(), by, at)
    note(changed=("version",), words={"number": made.number, "why": made.why, "hash": made.digest})
    return made


def _keep_if_changed(model: DeliveryModel, why: str, by: Actor, at: datetime) -> DeliveryVersion | None:
    """Called inside guarded services: the next version, where something is otherwise than in the newest."""
    before = model.versions.order_by("-number").first()
    return None if before is not None and before.content == _plain(model) else _keep(model, why, by, at)


def _plain(model: DeliveryModel) -> object:
    """What is there now, read again: rows may have come or gone since `model` was read."""
    return content_of(_fresh(model))


def _fresh(model: DeliveryModel) -> DeliveryModel:
    rows = DeliveryModel.objects.select_related("strand__programme").prefetch_related(
        "staff__agency", "costs", "shares", "strand__programme__partners__organisation", "strand__programme__pay_rates"
    )
    return rows.get(pk=model.pk)


def _keep(model: DeliveryModel, why: str, by: Actor, at: datetime) -> DeliveryVersion:
    row = _fresh(model)
    before = model.versions.order_by("-number").first()
    content = content_of(row)
    changed = delivery_versions.differences(before.content, content, _names(row)) if before else []
    return DeliveryVersion.objects.create(
        delivery_model=model, number=before.number + 1 if before else 1, content=content,
        digest=delivery_versions.digest_of(content), changed="\n".join(changed), why=why, kept_at=at, kept_by=by.account_id,
    )  # fmt: skip
