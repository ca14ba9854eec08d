import django.db.models.deletion
import joinedup.core.models.records
from django.db import migrations, models


class Migration(migrations.Migration):
    """Families that a team sent back to the front door, with the clock of the answer and the answer."""

    dependencies = [
        ("casework", "0010_letters_to_families"),
        ("organisations", "0004_finance_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="SentBack",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "With the front door"),
                            ("stays", "Stays with the team"),
                            ("moved", "Given to another team"),
                            ("taken_back", "Taken back into triage"),
                            ("withdrawn", "Settled in the team meanwhile"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField()),
                ("sent_at", models.DateTimeField()),
                ("sent_by", models.UUIDField(null=True)),
                ("answer_by", models.DateTimeField()),
                ("chased_at", models.DateTimeField(null=True)),
                ("words", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", models.UUIDField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="sentback",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sent_back", to="casework.case"
            ),
        ),
        migrations.AddField(
            model_name="sentback",
            name="decision",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="sent_back", to="casework.allocationdecision"
            ),
        ),
        migrations.AddField(
            model_name="sentback",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sent_back", to="organisations.team"
            ),
        ),
        migrations.AddField(
            model_name="sentback",
            name="to_team",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sent_back_to",
                to="organisations.team",
            ),
        ),
        migrations.AddIndex(
            model_name="sentback",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["answer_by"], name="casework_sent_back_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="sentback",
            index=models.Index(fields=["case", "-sent_at"], name="casework_sent_back_of_case"),
        ),
        migrations.AddConstraint(
            model_name="sentback",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")), fields=("case",), name="one_question_to_the_front_door"
            ),
        ),
        migrations.AddConstraint(
            model_name="sentback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "waiting"), ("answered_at__isnull", True)),
                    models.Q(models.Q(("state", "waiting"), _negated=True), ("answered_at__isnull", False)),
                    _connector="OR",
                ),
                name="sent_back_answered_has_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="sentback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "moved"), ("to_team__isnull", False)),
                    models.Q(models.Q(("state", "moved"), _negated=True), ("to_team__isnull", True)),
                    _connector="OR",
                ),
                name="sent_back_moved_has_a_team",
            ),
        ),
    ]
