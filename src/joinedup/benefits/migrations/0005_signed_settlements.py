"""Settlements are signed by every partner; who was reminded of a pack."""

import django.db.models.deletion
import joinedup.core.models.records
from joinedup.core.database import MakeTables, seal_table
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("benefits", "0004_realising_and_investing"),
        ("organisations", "0005_programme_roles"),
    ]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="SettlementSignature",
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
                        ("name", models.CharField(max_length=200)),
                        ("authority", models.CharField(max_length=200)),
                        ("minute", models.CharField(max_length=500)),
                        ("signed_on", models.DateField()),
                        ("at", models.DateTimeField()),
                        ("by", models.UUIDField(null=True)),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signatures",
                                to="benefits.investmentagreement",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("agreement", "organisation"), name="settlement_signed_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("minute", ""), _negated=True), models.Q(("name", ""), _negated=True)
                                ),
                                name="settlement_signed_with_minute",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PackReminder",
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
                        ("due_on", models.DateField()),
                        ("told", models.PositiveSmallIntegerField()),
                        ("at", models.DateTimeField()),
                        (
                            "programme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pack_reminders",
                                to="benefits.programme",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("programme", "due_on"), name="pack_reminded_once")
                        ],
                    },
                ),
            ]
        ),
        # What is there was decided before signing was asked; its rows are sealed, so the new column itself says so.
        migrations.AddField("investmentagreement", "is_before_signing", models.BooleanField(default=True)),
        migrations.AlterField("investmentagreement", "is_before_signing", models.BooleanField(default=False)),
        *seal_table("benefits_settlementsignature"),
        *seal_table("benefits_packreminder"),
    ]
