"""What holds the words of a case past their time, and that they were destroyed."""

import django.db.models.deletion
from django.db import migrations, models

import joinedup.core.models.records
from joinedup.core.database import MakeTables

_ID = models.UUIDField(default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    dependencies = [("casework", "0017_joining_and_leaving_a_case")]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="WordsHold",
                    fields=[
                        ("id", _ID),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("court", "Legal proceedings"),
                                    ("complaint", "A complaint that is being looked into"),
                                    ("disclosure", "A request to see the record"),
                                    ("inquiry", "An inquiry or a learning review"),
                                    ("other", "Something else"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("reason", models.CharField(max_length=300)),
                        ("review_on", models.DateField()),
                        ("set_at", models.DateTimeField()),
                        ("set_by", models.UUIDField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("ended_by", models.UUIDField(null=True)),
                        ("ended_reason", models.CharField(blank=True, max_length=300)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="words_holds",
                                to="casework.case",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("case", "kind"),
                                name="one_hold_of_a_kind_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at__isnull", True), ("ended_reason", "")),
                                    models.Q(
                                        ("ended_at__isnull", False),
                                        models.Q(("ended_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="words_hold_ended_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WordsDestroyed",
                    fields=[
                        ("id", _ID.clone()),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("at", models.DateTimeField()),
                        ("by", models.UUIDField(null=True)),
                        ("reason", models.CharField(max_length=300)),
                        ("years", models.PositiveSmallIntegerField()),
                        ("counts", models.JSONField(default=dict)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="words_destroyed",
                                to="casework.case",
                            ),
                        ),
                    ],
                ),
            ]
        ),
    ]
