"""What was taken higher: about what, to whom, and since when it was so."""

import django.db.models.deletion
import joinedup.core.models.records
from joinedup.core.database import MakeTables, seal_table
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0002_risks_and_framework"),
        ("organisations", "0006_board_roles"),
    ]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="Escalation",
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
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("action", "A board’s action is long overdue"),
                                    ("risk", "A risk is over what its board accepts"),
                                    ("benefit", "A benefit is lost"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("matter_id", models.UUIDField()),
                        ("since", models.DateField()),
                        ("told_at", models.DateTimeField()),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="escalated_to",
                                to="organisations.post",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kind", "matter_id", "since", "post"), name="escalated_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["action", "risk", "benefit"])), name="escalated_kind"
                            ),
                        ],
                    },
                ),
            ]
        ),
        *seal_table("governance_escalation"),
    ]
