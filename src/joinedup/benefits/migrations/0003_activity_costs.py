"""Unit costs of activity and outcomes, planned activity, and reports of what it cost."""

import django.db.models.deletion
import joinedup.benefits.models.costing
import joinedup.core.models.records
from joinedup.core.database import seal_table
from django.db import migrations, models

# A kind has one price on a day. A range over words needs no extension.
_ONE_PRICE = """
CREATE TYPE benefits_kinds AS RANGE (subtype = text);
ALTER TABLE benefits_activityprice ADD CONSTRAINT one_price_at_a_time EXCLUDE USING gist (
  benefits_kinds(kind::text, kind::text, '[]') WITH &&, daterange(starts_on, ends_on, '[]') WITH &&
);
"""
_NOT_ONE_PRICE = """
ALTER TABLE benefits_activityprice DROP CONSTRAINT one_price_at_a_time;
DROP TYPE benefits_kinds;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("benefits", "0002_strands_delivery_claims"),
        ("funds", "0007_ledger_set_by_set"),
        ("organisations", "0005_programme_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="UnitCostFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("name", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("licence", models.TextField(blank=True)),
                ("problems", models.JSONField(default=joinedup.benefits.models.costing._no_rows)),
                ("is_illustration", models.BooleanField(default=False)),
                ("read_at", models.DateTimeField()),
                ("read_by", models.UUIDField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ActivityPrice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("kind", models.CharField(max_length=140)),
                ("unit", models.CharField(max_length=8)),
                ("pence", models.BigIntegerField()),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("price_year", models.CharField(max_length=7)),
                ("source", models.CharField(max_length=300)),
                ("is_verified", models.BooleanField(default=False)),
                ("is_illustration", models.BooleanField(default=False)),
                ("entered_at", models.DateTimeField()),
                ("entered_by", models.UUIDField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.UUIDField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "starts_on"], name="benefits_prices_of_kind")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pence__gte", 0)), name="activity_price_not_below_nought"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="activity_price_dates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit__in", ["each", "month", "hour"])), name="activity_price_unit"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActivityReport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("year", models.PositiveSmallIntegerField()),
                ("quarter", models.PositiveSmallIntegerField()),
                ("number", models.PositiveSmallIntegerField()),
                ("content", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("kept_at", models.DateTimeField()),
                ("kept_by", models.UUIDField(null=True)),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="activity_reports", to="funds.fund"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("fund", "year", "quarter", "number"), name="activity_report_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quarter__gte", 1), ("quarter__lte", 4)), name="activity_report_quarter"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CostingRole",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("kind", models.CharField(blank=True, max_length=140)),
                ("role", models.CharField(max_length=8)),
                ("said_at", models.DateTimeField()),
                ("said_by", models.UUIDField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="costing_roles",
                        to="funds.account",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="costing_roles", to="funds.fund"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="costing_roles",
                        to="funds.budgetline",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("fund", "line", "account", "kind"), name="costing_role_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("account__isnull", True), ("kind", ""), ("line__isnull", False)),
                            models.Q(("account__isnull", False), ("kind", ""), ("line__isnull", True)),
                            models.Q(
                                ("account__isnull", True), ("line__isnull", True), models.Q(("kind", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="costing_role_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["overhead", "outside"])), name="costing_role_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedActivity",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("year", models.PositiveSmallIntegerField()),
                ("quarter", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=140)),
                ("volume", models.DecimalField(decimal_places=2, max_digits=12)),
                ("price_pence", models.BigIntegerField()),
                ("planned_at", models.DateTimeField()),
                ("planned_by", models.UUIDField(null=True)),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="planned_activity", to="funds.fund"
                    ),
                ),
                (
                    "locality",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="planned_activity",
                        to="organisations.locality",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("fund", "year", "quarter", "locality", "kind"),
                        name="planned_activity_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quarter__gte", 1), ("quarter__lte", 4)), name="planned_activity_quarter"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("price_pence__gte", 0), ("volume__gte", 0)), name="planned_activity_amounts"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitCost",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("category", models.CharField(blank=True, max_length=200)),
                ("topic", models.CharField(blank=True, max_length=300)),
                ("detail", models.TextField()),
                ("unit", models.CharField(blank=True, max_length=200)),
                ("agency", models.CharField(blank=True, max_length=200)),
                ("sub_agency", models.CharField(blank=True, max_length=200)),
                ("prices", models.JSONField(default=joinedup.benefits.models.costing._no_prices)),
                ("source", models.TextField(blank=True)),
                ("rag", models.CharField(blank=True, max_length=1)),
                ("caveat", models.TextField(blank=True)),
                ("sheet", models.CharField(blank=True, max_length=100)),
                ("row", models.PositiveIntegerField(default=0)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="costs", to="benefits.unitcostfile"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("file", "code"), name="unit_cost_code_once")],
            },
        ),
        migrations.RunSQL(_ONE_PRICE, _NOT_ONE_PRICE),
        *seal_table("benefits_unitcostfile"),
        *seal_table("benefits_unitcost"),
        *seal_table("benefits_activityreport"),
    ]
