"""What is said about an event afterwards is sealed like the event itself."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from joinedup.core.database import seal_table


class Migration(migrations.Migration):
    dependencies = [
        ("chronology", "0002_sealed_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="EventMark",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("taken_out", "Taken Out"),
                            ("put_back", "Put Back"),
                            ("significant", "Significant"),
                            ("ordinary", "Ordinary"),
                        ],
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=30)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("actor_id", models.UUIDField(null=True)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="marks", to="chronology.event"
                    ),
                ),
                (
                    "instead",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stands_for",
                        to="chronology.event",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EventMarkWords",
            fields=[
                (
                    "mark",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="chronology.eventmark",
                    ),
                ),
                ("words", models.TextField(null=True)),
                ("redacted_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name="eventmark",
            index=models.Index(fields=["event", "-id"], name="chronology_marks"),
        ),
        *seal_table("chronology_eventmark"),
    ]
