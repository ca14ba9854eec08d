"""Kinds of spending: those each agreement permits, and that of each purchase (R-3).

Purchases are sealed: the column comes with an empty value for those that are there, which nobody writes, and the database asks
it only of new ones. Agreements that are there go on permitting what the clauses they were made after permit.
"""

from datetime import date
from typing import Any

import django.db.models.deletion
import joinedup.core.models.records
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from joinedup.core.database import MakeTables

_KINDS = ["contract", "provision", "third_party", "approved", "default"]


def _year_began(day: date) -> date:
    return date(day.year - (day.month < 4), 4, 1)


def permit_as_before(apps: Any, schema_editor: Any) -> None:
    """What was permitted in practice until now, from the first day of each agreement; where it has none yet, from that of the
    financial year it was drafted in, for it may be signed from an earlier day than that."""
    permitted = apps.get_model("funds", "PermittedKind")
    rows = apps.get_model("funds", "PartnershipAgreement").objects.using(schema_editor.connection.alias)
    for key, starts_on, drafted_at in rows.values_list("pk", "starts_on", "drafted_at"):
        for kind in _KINDS[:4]:
            permitted.objects.using(schema_editor.connection.alias).create(
                agreement_id=key, kind=kind, starts_on=starts_on or _year_began(drafted_at.date()), recorded_at=drafted_at,
                written="As before kinds of spending were kept; name the clause.",
            )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0010_risks_and_outcomes"),
    ]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="PermittedKind",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=joinedup.core.models.records.new_id,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("kind", models.CharField(choices=[(each, each) for each in _KINDS], max_length=12)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(null=True)),
                        ("written", models.CharField(max_length=300)),
                        ("ended_written", models.CharField(blank=True, max_length=300)),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by", models.UUIDField(null=True)),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="permitted_kinds",
                                to="funds.partnershipagreement",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("ends_on__isnull", True),
                                    ("ends_on__gt", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                fields=("agreement", "kind", "starts_on"),
                                name="funds_kind_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ends_on__isnull", True)),
                                fields=("agreement", "kind"),
                                name="funds_kind_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on__isnull", True),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="funds_kind_dates",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("written", ""), _negated=True), name="funds_kind_written"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ended_written", ""), ("ends_on__isnull", False), _connector="OR"),
                                name="funds_kind_ended_dated",
                            ),
                            models.CheckConstraint(condition=models.Q(("kind__in", _KINDS)), name="funds_kind_known"),
                        ],
                    },
                ),
            ]
        ),
        migrations.AddField("purchase", "kind", models.CharField(default="", max_length=12)),
        AddConstraintNotValid(
            "purchase", models.CheckConstraint(condition=models.Q(("kind__in", _KINDS)), name="funds_purchase_kind")
        ),
        migrations.RunPython(permit_as_before, migrations.RunPython.noop),
    ]
