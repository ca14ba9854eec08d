"""Every read of the family's page, the viewer first."""

from joinedup.family_page.queries.guarding import Guard, reader_actor
from joinedup.family_page.queries.messages import (
    Waiting,
    is_covering,
    messages_waiting,
)
from joinedup.family_page.queries.pages import (
    FamilyPages,
    MessageRow,
    Opening,
    PageSeen,
    ReaderRow,
    ReleaseRow,
    family_pages,
    message_for_change,
    opening,
    page_for_change,
    page_seen,
    release_for_change,
)
from joinedup.family_page.queries.reader import (
    Decidable,
    Decisions,
    OwnMessage,
    ReaderPage,
    Shown,
    Visit,
    as_reader,
    decisions,
    read_page,
    visit_held,
)
from joinedup.family_page.queries.suggestions import KINDS, OWN_WORDS, Suggestion

__all__ = [
    "KINDS",
    "OWN_WORDS",
    "Decidable",
    "Decisions",
    "FamilyPages",
    "Guard",
    "MessageRow",
    "Opening",
    "OwnMessage",
    "PageSeen",
    "ReaderPage",
    "ReaderRow",
    "ReleaseRow",
    "Shown",
    "Suggestion",
    "Visit",
    "Waiting",
    "as_reader",
    "decisions",
    "family_pages",
    "is_covering",
    "message_for_change",
    "messages_waiting",
    "opening",
    "page_for_change",
    "page_seen",
    "read_page",
    "reader_actor",
    "release_for_change",
    "visit_held",
]
