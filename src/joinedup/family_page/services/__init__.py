"""Every write of the family's page. Others import from here."""

from joinedup.family_page.services.keeping import close_family_pages, close_if_it_must, tidy_page_links
from joinedup.family_page.services.messages import (
    MOST_CHARACTERS,
    answer_message,
    chase_family_messages,
    chase_message,
    read_by,
    read_message,
    write_message,
)
from joinedup.family_page.services.pages import close_page, end_abuse_mark, mark_abuse, open_page, send_link
from joinedup.family_page.services.reading import (
    ask_for_link,
    choose_for_parents,
    enter,
    leave,
    note_reading,
    send_code,
)
from joinedup.family_page.services.releases import Chosen, release_items, take_back

__all__ = [
    "MOST_CHARACTERS",
    "Chosen",
    "answer_message",
    "ask_for_link",
    "chase_family_messages",
    "chase_message",
    "choose_for_parents",
    "close_family_pages",
    "close_if_it_must",
    "close_page",
    "end_abuse_mark",
    "enter",
    "leave",
    "mark_abuse",
    "note_reading",
    "open_page",
    "read_by",
    "read_message",
    "release_items",
    "send_code",
    "send_link",
    "take_back",
    "tidy_page_links",
    "write_message",
]
