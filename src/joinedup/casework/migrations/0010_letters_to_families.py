import django.db.models.deletion
from django.db import migrations, models

import joinedup.core.models.records


class Migration(migrations.Migration):
    """The letter that asks a family to a meeting, and to whom it went."""

    dependencies = [("casework", "0009_help_taken_back")]

    operations = [
        migrations.CreateModel(
            name="MeetingLetter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("words", models.TextField()),
                ("written_by", models.UUIDField(null=True)),
                ("written_at", models.DateTimeField()),
                (
                    "meeting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="letter", to="casework.meeting"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="LetterSent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("how", models.CharField(max_length=8)),
                ("words", models.TextField()),
                ("times_changed", models.PositiveSmallIntegerField()),
                ("sent_by", models.UUIDField(null=True)),
                ("sent_at", models.DateTimeField()),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="casework.meetingplace"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("place", "how", "times_changed"), name="letter_sent_once_for_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ("letter", "email"))), name="letter_sent_how"
                    ),
                ]
            },
        ),
    ]
