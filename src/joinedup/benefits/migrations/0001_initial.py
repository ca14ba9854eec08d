"""Tables of programmes, strands, business cases and their rounds."""

import django.db.models.deletion
import joinedup.core.models.records
from joinedup.core.database import MakeTables, seal_table
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("funds", "0007_ledger_set_by_set"),
        ("organisations", "0005_programme_roles"),
    ]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="BusinessCase",
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
                        ("reference", models.CharField(max_length=16, unique=True)),
                        ("title", models.CharField(max_length=200)),
                        ("model", models.JSONField(default=joinedup.benefits.models.cases._nothing)),
                        ("begun_at", models.DateTimeField()),
                        ("begun_by", models.UUIDField(null=True)),
                        ("saved_at", models.DateTimeField()),
                        ("saved_by", models.UUIDField(null=True)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Programme",
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
                        ("reference", models.CharField(max_length=16, unique=True)),
                        ("title", models.CharField(max_length=200)),
                        ("purpose", models.TextField(blank=True)),
                        ("starts_on", models.DateField()),
                        ("years", models.PositiveSmallIntegerField(default=5)),
                        ("is_illustration", models.BooleanField(default=False)),
                        ("set_up_at", models.DateTimeField()),
                        ("set_up_by", models.UUIDField(null=True)),
                        (
                            "agreement",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="programmes",
                                to="funds.partnershipagreement",
                            ),
                        ),
                        (
                            "manager",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="programmes_managed",
                                to="organisations.post",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ProgrammePartner",
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
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="programme_places",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "programme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="partners",
                                to="benefits.programme",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Round",
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
                        ("model", models.JSONField()),
                        ("results", models.JSONField()),
                        ("digest", models.CharField(max_length=64)),
                        ("changed", models.TextField(blank=True)),
                        ("why", models.TextField(blank=True)),
                        ("kept_at", models.DateTimeField()),
                        ("kept_by", models.UUIDField(null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rounds",
                                to="benefits.businesscase",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Strand",
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
                        ("code", models.SlugField(max_length=30)),
                        ("name", models.CharField(max_length=120)),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("merged", "Merged into another strand"),
                                    ("closed", "Closed"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged_from",
                                to="benefits.strand",
                            ),
                        ),
                        (
                            "officer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="strands_answered_for",
                                to="organisations.post",
                            ),
                        ),
                        (
                            "programme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="strands",
                                to="benefits.programme",
                            ),
                        ),
                        (
                            "sponsor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="strands_sponsored",
                                to="organisations.organisation",
                            ),
                        ),
                    ],
                ),
                migrations.AddField(
                    model_name="businesscase",
                    name="strand",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="benefits.strand"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="programme",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("years__gte", 1), ("years__lte", 60)), name="programme_years"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="programmepartner",
                    constraint=models.UniqueConstraint(
                        fields=("programme", "organisation"), name="programme_partner_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="round",
                    constraint=models.UniqueConstraint(fields=("case", "number"), name="business_case_round_once"),
                ),
                migrations.AddConstraint(
                    model_name="round",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="business_case_round_from_one"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="strand",
                    constraint=models.UniqueConstraint(fields=("programme", "code"), name="strand_code_once"),
                ),
                migrations.AddConstraint(
                    model_name="strand",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merged_into__isnull", False), ("state", "merged")),
                            models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into__isnull", True)),
                            _connector="OR",
                        ),
                        name="strand_merged_into_one",
                    ),
                ),
            ]
        ),
        *seal_table("benefits_round"),
    ]
