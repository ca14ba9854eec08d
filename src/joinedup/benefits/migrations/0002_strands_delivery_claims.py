"""Sponsorship and families of strands, delivery models, and the register of claims."""

import django.db.models.deletion
import joinedup.benefits.models.delivery
import joinedup.benefits.models.strands
import joinedup.core.models.records
from django.db import migrations, models

from joinedup.core.database import seal_table


class Migration(migrations.Migration):
    dependencies = [
        ("benefits", "0001_initial"),
        ("organisations", "0005_programme_roles"),
        ("person_index", "0019_surnames_run_together"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClaimSubject",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("title", models.CharField(max_length=200)),
                ("explains", models.TextField(blank=True)),
                ("explained_at", models.DateTimeField(null=True)),
                ("explained_by", models.UUIDField(null=True)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.UUIDField(null=True)),
                (
                    "programme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claim_subjects",
                        to="benefits.programme",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CohortRule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("criteria", models.JSONField(default=joinedup.benefits.models.strands._nothing)),
                ("expected", models.PositiveIntegerField(null=True)),
                ("expected_source", models.CharField(blank=True, max_length=300)),
                ("set_at", models.DateTimeField()),
                ("set_by", models.UUIDField(null=True)),
                ("refreshed_at", models.DateTimeField(null=True)),
                (
                    "strand",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cohort_rule", to="benefits.strand"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DeliveryModel",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("name", models.CharField(max_length=160)),
                ("words", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Being drawn up"), ("chosen", "Chosen"), ("dropped", "Not taken further")],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("grade", models.PositiveSmallIntegerField(default=3)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.UUIDField(null=True)),
                (
                    "strand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delivery_models",
                        to="benefits.strand",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DeliveryCost",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("feasibility", "Feasibility"),
                            ("building", "Building"),
                            ("training", "Training"),
                            ("training_cover", "Cover while staff are trained"),
                            ("technology", "Technology"),
                            ("other", "Other cost of changing over"),
                            ("running", "Running cost beside staff"),
                        ],
                        max_length=14,
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                ("amounts", models.JSONField(default=joinedup.benefits.models.delivery._no_amounts)),
                ("is_unfunded", models.BooleanField(default=False)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "delivery_model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="costs", to="benefits.deliverymodel"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DeliveryShare",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("year", models.PositiveSmallIntegerField()),
                ("basis_points", models.PositiveIntegerField()),
                (
                    "delivery_model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="benefits.deliverymodel"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delivery_shares",
                        to="organisations.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DeliveryStaff",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("grade", models.CharField(max_length=60)),
                ("base", models.CharField(max_length=120)),
                ("people", models.PositiveSmallIntegerField()),
                ("full_time_equivalent", models.DecimalField(decimal_places=2, max_digits=7)),
                ("first_year", models.PositiveSmallIntegerField(default=0)),
                ("last_year", models.PositiveSmallIntegerField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delivery_staff",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "delivery_model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="staff", to="benefits.deliverymodel"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PayRate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("grade", models.CharField(max_length=60)),
                ("annual_pence", models.PositiveBigIntegerField()),
                ("starts_on", models.DateField()),
                ("source", models.CharField(max_length=300)),
                ("set_at", models.DateTimeField()),
                ("set_by", models.UUIDField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pay_rates", to="benefits.programme"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Sponsorship",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("reason", models.CharField(max_length=400)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("said_at", models.DateTimeField()),
                ("said_by", models.UUIDField(null=True)),
                (
                    "officer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sponsorships",
                        to="organisations.post",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sponsorships",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "strand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sponsorships", to="benefits.strand"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StrandStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("added", "Added to the programme"),
                            ("renamed", "Renamed"),
                            ("sponsored", "Sponsored by"),
                            ("cohort", "Who is in it was settled"),
                            ("families", "Families were put in or taken out"),
                            ("merged", "Merged into another strand"),
                            ("joined", "Another strand was merged into it"),
                            ("unmerged", "The merger was undone"),
                            ("parted", "A strand merged into it stands alone again"),
                            ("closed", "Closed"),
                            ("reopened", "Taken up again"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("words", models.JSONField(default=joinedup.benefits.models.strands._nothing)),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField(null=True)),
                (
                    "other",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps_beside",
                        to="benefits.strand",
                    ),
                ),
                (
                    "strand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="benefits.strand"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("pence", models.BigIntegerField(null=True)),
                ("number", models.DecimalField(decimal_places=4, max_digits=14, null=True)),
                ("unit", models.CharField(blank=True, max_length=80)),
                ("what", models.CharField(max_length=200)),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("gross", "Gross"),
                            ("net", "Net"),
                            ("cost", "Cost"),
                            ("ratio", "Return for each £1"),
                            ("size", "How many"),
                        ],
                        max_length=5,
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[("measured", "Measured"), ("forecast", "Forecast"), ("unknown", "Not said")],
                        max_length=9,
                    ),
                ),
                ("price_year", models.CharField(blank=True, max_length=20)),
                ("period", models.CharField(blank=True, max_length=80)),
                ("area", models.CharField(blank=True, max_length=120)),
                ("source", models.CharField(max_length=300)),
                ("published", models.CharField(blank=True, max_length=60)),
                ("words", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_by", models.UUIDField(null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=400)),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="benefits.claim",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="benefits.claimsubject"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number__isnull", True), ("pence__isnull", False)),
                            models.Q(("number__isnull", False), ("pence__isnull", True)),
                            _connector="OR",
                        ),
                        name="claim_money_or_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True), name="claim_has_a_source"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CohortMember",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "source",
                    models.CharField(
                        choices=[("rule", "By rule"), ("file", "From a list"), ("hand", "By hand")], max_length=4
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("added_at", models.DateTimeField()),
                ("added_by", models.UUIDField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.UUIDField(null=True)),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="strands", to="person_index.family"
                    ),
                ),
                (
                    "strand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="families", to="benefits.strand"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True)),
                        fields=("strand", "family"),
                        name="family_in_strand_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="family_in_strand_dates",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="deliverymodel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "chosen")), fields=("strand",), name="delivery_one_chosen"
            ),
        ),
        migrations.AddConstraint(
            model_name="deliverymodel",
            constraint=models.CheckConstraint(
                condition=models.Q(("grade__gte", 1), ("grade__lte", 6)), name="delivery_grade_1_to_6"
            ),
        ),
        migrations.AddConstraint(
            model_name="deliveryshare",
            constraint=models.UniqueConstraint(
                fields=("delivery_model", "organisation", "year"), name="delivery_share_once_a_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="deliveryshare",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis_points__lte", 10000)), name="delivery_share_of_a_hundred"
            ),
        ),
        migrations.AddConstraint(
            model_name="deliverystaff",
            constraint=models.CheckConstraint(
                condition=models.Q(("full_time_equivalent__gt", 0), ("people__gte", 1)), name="delivery_staff_somebody"
            ),
        ),
        migrations.AddConstraint(
            model_name="deliverystaff",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_year__gte", models.F("first_year"))), name="delivery_staff_years"
            ),
        ),
        migrations.AddConstraint(
            model_name="payrate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at__isnull", True)),
                fields=("programme", "grade", "starts_on"),
                name="pay_rate_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="sponsorship",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on__isnull", True)), fields=("strand",), name="strand_one_sponsor"
            ),
        ),
        *seal_table("benefits_strandstep"),
    ]
