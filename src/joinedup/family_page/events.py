"""What the family's page writes into a family's chronology. What was written or shown is not repeated there."""

from __future__ import annotations

from joinedup.chronology.kinds import declare_event

PAGE_OPENED = declare_event("family_page.page_opened", "Family page opened for a member of the family")
PAGE_CLOSED = declare_event("family_page.page_closed", "Family page closed")
ITEM_RELEASED = declare_event("family_page.item_released", "Shared with a member of the family")
ITEM_TAKEN_BACK = declare_event("family_page.item_taken_back", "Taken back from a member of the family")
MESSAGE_WRITTEN = declare_event("family_page.message_written", "A member of the family told us something")
MESSAGE_ANSWERED = declare_event("family_page.message_answered", "A member of the family was answered")
ABUSE_MARKED = declare_event("family_page.abuse_marked", "Recorded for the family’s pages: domestic abuse is a factor")
YOUNG_PERSON_CHOSE = declare_event("family_page.young_person_chose", "A young person decided what a parent may see")
