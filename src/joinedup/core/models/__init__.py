"""The base of every editable record, the partnership's settings, the outbox, and background work."""

from joinedup.core.models.drafts import Draft
from joinedup.core.models.jobs import Job, JobReceipt, StoredFile
from joinedup.core.models.kept_answers import KeptAnswer
from joinedup.core.models.records import (
    AnyRecord,
    OutboxMessage,
    PartnershipSetting,
    Record,
    VersionMoved,
    claim_version,
    new_id,
    new_reference,
    words_of,
)

__all__ = [
    "AnyRecord",
    "Draft",
    "Job",
    "JobReceipt",
    "KeptAnswer",
    "OutboxMessage",
    "PartnershipSetting",
    "Record",
    "StoredFile",
    "VersionMoved",
    "claim_version",
    "new_id",
    "new_reference",
    "words_of",
]
