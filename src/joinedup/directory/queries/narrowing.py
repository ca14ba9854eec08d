"""What narrows a search beside words and place, what makes it wider, and what somebody may have meant to type."""

from __future__ import annotations

import re
from datetime import time
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Exists, FloatField, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from joinedup.directory.finding_models import PlainWord
from joinedup.directory.models import Entry, Opening, Term
from joinedup.directory.plain_words import phrases_in, plain
from joinedup.directory.spelling import suggested

_WEB = "websearch_to_tsquery('english', %s)"
_SOME = "replace(plainto_tsquery('english', %s)::text, '&', '|')::tsquery"
_MOST_MEANINGS, _MOST_NEEDS = 6, 60


class Words:
    """What was typed, with what it means in the words of records. `rows` are the rows of the table it matched."""

    def __init__(self, text: str, rows: list[tuple[str, str, str]]) -> None:
        self.text, self.rows = text, rows

    @property
    def means(self) -> list[str]:
        """What is searched beside the words themselves."""
        return list(dict.fromkeys(row[1] for row in self.rows))[:_MOST_MEANINGS]

    @property
    def topics(self) -> list[str]:
        """What it is counted under."""
        return list(dict.fromkeys(row[2] for row in self.rows))

    def matched(self, column: str, *, is_wider: bool) -> tuple[RawSQL, RawSQL]:
        """Whether a searched column has all the words, or one of their meanings (where wider: some of the words); and how well."""
        values = [self.text, *self.means]
        query = f"({' || '.join([_SOME if is_wider else _WEB, *[_WEB] * len(self.means)])})"
        # Words and values never meet: only the fixed pieces above are joined.
        is_meant = RawSQL(f"{column} @@ {query}", values, output_field=BooleanField())  # noqa: S611
        rank = RawSQL(f"ts_rank({column}, {query})", values, output_field=FloatField())  # noqa: S611
        return is_meant, rank


def words_of(text: str) -> Words:
    """Words with their meanings. One statement."""
    said = text.replace("\x00", " ").strip()[:300]
    if not plain(said):
        return Words("", [])
    known = tuple(PlainWord.objects.values_list("phrase", "means", "topic"))
    return Words(said, phrases_in(said, known))


def open_at(rows: QuerySet[Entry], day: str, when: str) -> QuerySet[Entry]:
    """Open on a day of the week, or in the morning, afternoon or evening, or both; as `fitting.is_at` says it."""
    if not day and not when:
        return rows
    opening = Opening.objects.filter(entry=OuterRef("pk"))
    if day:
        opening = opening.filter(weekday=day)
    noon, five = time(12), time(17)
    if when == "morning":
        opening = opening.filter(opens__lt=noon)
    elif when == "afternoon":
        opening = opening.filter(Q(closes__gt=noon) | Q(opens__gte=noon), opens__lt=five)
    elif when == "evening":
        opening = opening.filter(Q(opens__gte=five) | Q(closes__gt=five), opens__isnull=False)
    return rows.filter(Exists(opening))


def of_need(rows: QuerySet[Entry], need: UUID) -> QuerySet[Entry]:
    """Services with a word of a list, or one under it. One statement beside the search."""
    inside = Term.objects.filter(Q(pk=need) | Q(parent=need) | Q(parent__parent=need)).values_list("pk", flat=True)
    return rows.filter(terms__overlap=list(inside))


def needs_to_choose() -> list[tuple[str, str]]:
    """The words at the top of our own lists, which have others under them; a list taken in from elsewhere has none."""
    rows = Term.objects.filter(parent=None, children__isnull=False).order_by("name").distinct()
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")[:_MOST_NEEDS]]


def meant_instead(words: Words) -> str:
    """The words mended, where one of them stands in no record and another is much like it; else "". Two statements."""
    if words.means:
        return ""
    typed = sorted({each.lower() for each in re.findall(r"[^\W\d_]{4,}", words.text)})
    unknown = set(_column(
        "SELECT w FROM unnest(%s::text[]) w WHERE numnode(plainto_tsquery('english', w)) > 0 AND NOT EXISTS ("
        " SELECT 1 FROM directory_entry e WHERE e.searched @@ plainto_tsquery('english', w))", typed,
    )) if typed else set()  # fmt: skip
    if not unknown:
        return ""
    vocabulary = _column(
        "SELECT DISTINCT w FROM (SELECT regexp_split_to_table(lower(name), '[^a-z]+') w FROM directory_entry"
        " WHERE approved_id IS NOT NULL UNION SELECT regexp_split_to_table(lower(name), '[^a-z]+') FROM directory_term"
        " UNION SELECT regexp_split_to_table(phrase, ' ') FROM directory_plainword) s WHERE length(w) >= 4"
    )
    return suggested(words.text, unknown, vocabulary)


def _column(statement: str, *values: Any) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return [row[0] for row in cursor.fetchall()]
