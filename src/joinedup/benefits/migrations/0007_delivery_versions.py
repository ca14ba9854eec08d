"""Versions of delivery models: what one said and came to when a round of review was over, and why it changed."""

import django.db.models.deletion
import joinedup.benefits.models.delivery
import joinedup.core.models.records
from joinedup.core.database import MakeTables, seal_table
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("benefits", "0006_avoided_event_groups")]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="DeliveryVersion",
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
                        ("content", models.JSONField(default=joinedup.benefits.models.delivery._no_content)),
                        ("digest", models.CharField(max_length=64)),
                        ("changed", models.TextField(blank=True)),
                        ("why", models.TextField(blank=True)),
                        ("kept_at", models.DateTimeField()),
                        ("kept_by", models.UUIDField(null=True)),
                        (
                            "delivery_model",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="benefits.deliverymodel",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("delivery_model", "number"), name="delivery_version_once")
                        ],
                    },
                ),
            ]
        ),
        *seal_table("benefits_deliveryversion"),
    ]
