"""The forms of the directory that are kept while somebody types."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from joinedup.core.drafts import declare_form


def _of(page: str, record: str) -> Callable[[str], str]:
    return lambda about: reverse(page, kwargs={record: about})


RECORD = declare_form("directory.record", "What the directory says of a service", _of("record_edit", "entry_id"))
RECORD_NEW = declare_form("directory.record_new", "A new service", lambda about: reverse("record_new", args=["about"]))
DECISION = declare_form("directory.decision", "A change that waits", _of("record_decide", "entry_version_id"))
ASSURANCE = declare_form("directory.assurance", "Making sure of a record", _of("record_assure", "entry_id"))
CLOSURE = declare_form("directory.closure", "Closed for now", _of("record_closure", "entry_id"))
ARCHIVE = declare_form("directory.archive", "Archiving a record", _of("record_archive", "entry_id"))
CHECK = declare_form("directory.check", "A sample check", _of("sample_check", "sample_item_id"))
ANSWER = declare_form("directory.answer", "Answering what is wrong", _of("correction_answer", "correction_id"))
