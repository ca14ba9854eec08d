"""Letters to several people at once: each on sheets of its own, set for an envelope with a window, as one PDF and as one
Word file. What they say is data all the way: no part of it is read as markup.

    letters = Letters("Letters for meeting M-2345-6789", sender=["Exampleshire Council"], on="23 November 2026",
                      reference="M-2345-6789", letters=[Letter(to=["Alex Testerfield", "1 Mock Lane", "ZZ1 1AA"], …)])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

# A window shows name and address in at most five lines: 35 by 90 mm, 20 mm from the left.
MOST_LINES = 5


@dataclass(frozen=True)
class Letter:
    """One letter. `to` is the name and the address as lines; an empty line in `words` begins a new paragraph; `facts` are
    set between the words and the close."""

    to: Sequence[str]
    words: str
    facts: Sequence[tuple[str, str]] = field(default_factory=tuple)
    close: str = ""
    signed: Sequence[str] = field(default_factory=tuple)

    @property
    def window(self) -> list[str]:
        """What stands in the window: no more lines than it shows."""
        lines = [line.strip() for line in self.to if line.strip()]
        if len(lines) <= MOST_LINES:
            return lines
        return [*lines[: MOST_LINES - 2], ", ".join(lines[MOST_LINES - 2 : -1]), lines[-1]]

    @property
    def dear(self) -> str:
        """Whom it addresses."""
        return f"Dear {self.window[0] if self.window else 'Sir or Madam'}"


@dataclass(frozen=True)
class Letters:
    """Letters of one sender, day and reference. Nothing stands on them but what goes to whoever opens the envelope."""

    title: str
    sender: Sequence[str]
    on: str
    reference: str
    letters: Sequence[Letter]
    printed_at: datetime

    def as_pdf(self) -> bytes:
        """A tagged PDF (PDF/UA-1), every letter on sheets of its own."""
        from joinedup.core.letters_set import pdf_of

        return pdf_of(self)

    def as_docx(self) -> bytes:
        """A Word file with the same letters, to be changed before it is printed."""
        from joinedup.core.letters_set import word_of

        return word_of(self)
