"""All tables of the part as one step, for a new database; one that has had the steps before keeps them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


from joinedup.core.database import MakeTables, seal_table


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("chronology", "0001_initial"),
        ("chronology", "0002_sealed_tables"),
        ("chronology", "0003_said_about_events"),
    ]

    dependencies = []

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="Event",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("kind", models.CharField(max_length=60)),
                        ("at", models.DateTimeField()),
                        ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("family_id", models.UUIDField(null=True)),
                        (
                            "people",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.UUIDField(), default=list, size=None
                            ),
                        ),
                        ("source_kind", models.CharField(max_length=60)),
                        ("source_id", models.CharField(max_length=60)),
                        ("organisation_id", models.UUIDField(null=True)),
                        ("team_id", models.UUIDField(null=True)),
                        ("actor_id", models.UUIDField(null=True)),
                        ("code", models.CharField(blank=True, max_length=60)),
                        ("quantity", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                    ],
                ),
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
                    ],
                ),
                migrations.CreateModel(
                    name="EventWords",
                    fields=[
                        (
                            "event",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="words",
                                serialize=False,
                                to="chronology.event",
                            ),
                        ),
                        ("words", models.JSONField(null=True)),
                        ("redacted_at", models.DateTimeField(null=True)),
                    ],
                ),
                migrations.AddIndex(
                    model_name="event",
                    index=django.contrib.postgres.indexes.GinIndex(fields=["people"], name="chronology_people"),
                ),
                migrations.AddIndex(
                    model_name="event",
                    index=models.Index(fields=["family_id", "-at"], name="chronology_family"),
                ),
                migrations.AddIndex(
                    model_name="event",
                    index=models.Index(fields=["source_kind", "source_id"], name="chronology_source"),
                ),
                migrations.AddIndex(
                    model_name="event",
                    index=models.Index(fields=["kind", "at"], name="chronology_kind"),
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
                migrations.AddField(
                    model_name="eventmark",
                    name="event",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="marks", to="chronology.event"
                    ),
                ),
                migrations.AddField(
                    model_name="eventmark",
                    name="instead",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stands_for",
                        to="chronology.event",
                    ),
                ),
                migrations.AddIndex(
                    model_name="eventmark",
                    index=models.Index(fields=["event", "-id"], name="chronology_marks"),
                ),
            ]
        ),
        *seal_table("chronology_event"),
        *seal_table("chronology_eventmark"),
    ]
