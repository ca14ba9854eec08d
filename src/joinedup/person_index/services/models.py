"""The register of linkage models: which version is in use from when, and what it was measured to do."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.engines.linkage.model import Model
from joinedup.person_index.models import LinkageModel
from joinedup.person_index.permissions import RUN_LINKAGE
from joinedup.person_index.reviewing import LR_7


@service(RUN_LINKAGE)
def use_model(*, name: str, text: str, figures: dict[str, Any], by: Actor, at: datetime) -> LinkageModel:
    """Use a trained model from now on. Scores that are there keep the version that made them; what people decided goes
    with no model. Raises Refused for a text that is no model, or a name that is taken (LR-7)."""
    try:
        model = Model.from_text(text)
    except (KeyError, TypeError, ValueError) as fault:
        raise Refused(f"{LR_7.sentence} ({fault})", rule=LR_7.code, field="model") from None
    if LinkageModel.objects.filter(name=name).exists():
        raise Refused(LR_7.sentence, rule=LR_7.code, field="name")
    row = LinkageModel.objects.create(
        name=name[:60],
        digest=hashlib.sha256(text.encode()).hexdigest(),
        trained_at=None,
        trained_on=model.records,
        figures=figures,
        content=json.loads(text),
        added_at=at,
        added_by=by.account_id,
        in_use_from=at,
    )
    note(changed=("in_use_from",), words={"name": row.name, "digest": row.digest}, subject=row)
    return row
