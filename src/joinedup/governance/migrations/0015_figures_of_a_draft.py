"""The figures of a draft report as they were counted last."""

import django.db.models.deletion
import joinedup.core.models.records
import joinedup.governance.models.framework
from joinedup.core.database import MakeTables
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0011_children_plan"),
    ]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="ReportCount",
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
                        ("readings", models.JSONField(default=joinedup.governance.models.framework._nothing)),
                        ("counted_at", models.DateTimeField()),
                        (
                            "report",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="counted",
                                to="governance.progressreport",
                            ),
                        ),
                    ],
                    options={"abstract": False},
                ),
            ]
        ),
    ]
