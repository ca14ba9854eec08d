"""The risks of a fund, and how its aims are measured, for its reports (R-5).

A fund that is there keeps them from the year now open: what its reports of earlier years never said, nobody can say now.
"""

from typing import Any

import django.db.models.deletion
import joinedup.core.models.records
from django.db import migrations, models

from joinedup.core.database import MakeTables


def from_the_open_year(apps: Any, schema_editor: Any) -> None:
    """Reports of the years before it say that neither was kept."""
    funds = apps.get_model("funds", "Fund").objects.using(schema_editor.connection.alias)
    funds.update(risks_from=models.F("year"))


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0009_next_years_lines"),
        ("organisations", "0004_finance_roles"),
    ]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="FundOutcome",
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
                        ("number", models.PositiveSmallIntegerField()),
                        ("measure", models.CharField(max_length=200)),
                        ("target", models.CharField(max_length=200)),
                        ("starts_on", models.DateField()),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by", models.UUIDField(null=True)),
                        ("ended_on", models.DateField(null=True)),
                        (
                            "fund",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="outcomes", to="funds.fund"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="FundRisk",
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
                        ("number", models.PositiveSmallIntegerField()),
                        ("cause", models.TextField()),
                        ("event", models.CharField(max_length=200)),
                        ("effect", models.TextField()),
                        (
                            "likelihood",
                            models.CharField(
                                choices=[
                                    ("low", "Unlikely"),
                                    ("medium", "Possible"),
                                    ("high", "Likely"),
                                    ("now", "It has happened"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("action", models.TextField()),
                        ("raised_on", models.DateField()),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by", models.UUIDField(null=True)),
                        ("closed_on", models.DateField(null=True)),
                        ("closed_because", models.TextField(blank=True)),
                        ("closed_by", models.UUIDField(null=True)),
                        (
                            "fund",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="risks", to="funds.fund"
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="fund_risks",
                                to="organisations.post",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="OutcomeActual",
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
                        ("year", models.PositiveSmallIntegerField()),
                        ("quarter", models.PositiveSmallIntegerField()),
                        ("actual", models.CharField(max_length=200)),
                        ("narrative", models.TextField(blank=True)),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by", models.UUIDField(null=True)),
                        (
                            "outcome",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="actuals",
                                to="funds.fundoutcome",
                            ),
                        ),
                    ],
                ),
                migrations.AddConstraint(
                    model_name="fundoutcome",
                    constraint=models.UniqueConstraint(fields=("fund", "number"), name="funds_outcome_number"),
                ),
                migrations.AddConstraint(
                    model_name="fundrisk",
                    constraint=models.UniqueConstraint(fields=("fund", "number"), name="funds_risk_number"),
                ),
                migrations.AddConstraint(
                    model_name="fundrisk",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True),
                            models.Q(("closed_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="funds_risk_closed_says_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="fundrisk",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("likelihood__in", ["low", "medium", "high", "now"])),
                        name="funds_risk_likelihood",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="outcomeactual",
                    constraint=models.UniqueConstraint(
                        fields=("outcome", "year", "quarter"), name="funds_outcome_actual_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="outcomeactual",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("quarter__gte", 1), ("quarter__lte", 4)),
                        name="funds_outcome_actual_quarter",
                    ),
                ),
            ]
        ),
        migrations.AddField("fund", "risks_from", models.PositiveSmallIntegerField(editable=False, null=True)),
        migrations.RunPython(from_the_open_year, migrations.RunPython.noop),
    ]
