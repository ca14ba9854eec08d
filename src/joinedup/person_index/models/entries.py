"""What people are found by. Every row is worked out from what was said of a person, and written afresh with it.

The keys and entries have no constraint to the person: checking each of a million would double the time of an import, and
whoever removes a person removes them.
"""

from __future__ import annotations

from django.db import models

from joinedup.person_index.models.people import Person


class Entry(models.Model):
    """One thing said of a person (entries.py): a name and an address with what else is known, in one line, as the linkage
    engine compares it."""

    pk = models.CompositePrimaryKey("person", "number")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="entries", db_constraint=False, db_index=False
    )
    number = models.SmallIntegerField()
    said = models.TextField()
    record_id = models.UUIDField(null=True)  # the agency's record that says it
    until = models.DateField(null=True)

    def __str__(self) -> str:
        return f"entry {self.number} of {self.person_id}"


class SearchKey(models.Model):
    """A key a person can be found by (engines.linkage.keys), as 64 bits of its hash, so that the table holds no name."""

    pk = models.CompositePrimaryKey("key", "person")
    key = models.BigIntegerField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="search_keys", db_constraint=False)

    def __str__(self) -> str:
        return f"a key of {self.person_id}"


class Spelling(models.Model):
    """A forename or surname in the index, under the hash of it and of it with each letter left out, so that a name typed
    with one slip is found. It belongs to nobody."""

    pk = models.CompositePrimaryKey("cut", "name")
    cut = models.BigIntegerField()
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class NameShare(models.Model):
    """How common a forename or surname is among the entries, so that a rare one in common says more; only those that are
    not rare. The row of part `n` holds how many people there are. Counted now and then; it changes no answer's order by
    more than a day may."""

    pk = models.CompositePrimaryKey("part", "name")
    part = models.CharField(max_length=1, choices=[("f", "Forename"), ("s", "Surname"), ("n", "Number of people")])
    name = models.CharField(max_length=120)
    share = models.DecimalField(max_digits=24, decimal_places=12)

    def __str__(self) -> str:
        return self.name
