"""Notes and visits, tasks, and help that was given."""

import django.db.models.deletion
import joinedup.core.models.records
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0005_assessments"),
        ("organisations", "0003_data_leads"),
        ("person_index", "0016_more_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("kind", models.CharField(max_length=12)),
                ("result", models.CharField(max_length=12)),
                ("happened_at", models.DateTimeField()),
                ("minutes", models.PositiveSmallIntegerField(null=True)),
                ("words", models.TextField()),
                ("child_words", models.TextField(blank=True)),
                ("next_step", models.TextField(blank=True)),
                ("written_by", models.UUIDField(null=True)),
                ("written_at", models.DateTimeField()),
                ("taken_out_at", models.DateTimeField(null=True)),
                ("destroyed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CaseTask",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("words", models.CharField(max_length=300)),
                ("due_on", models.DateField()),
                ("set_by", models.UUIDField(null=True)),
                ("set_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("done_by", models.UUIDField(null=True)),
                ("done_words", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="Intervention",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("service", models.CharField(max_length=120)),
                ("words", models.CharField(max_length=500)),
                ("delivered_by", models.CharField(max_length=120)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("hours", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                ("quantity", models.DecimalField(decimal_places=2, max_digits=10, null=True)),
                ("unit", models.CharField(blank=True, max_length=40)),
                ("recorded_by", models.UUIDField(null=True)),
                ("recorded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="InterventionFor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
        ),
        migrations.CreateModel(
            name="NoteAddition",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("is_taking_out", models.BooleanField(default=False)),
                ("words", models.TextField()),
                ("added_by", models.UUIDField(null=True)),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NoteFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("name", models.CharField(max_length=100)),
                ("kind", models.CharField(max_length=8)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("content", models.BinaryField(null=True)),
                ("added_by", models.UUIDField(null=True)),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NoteSeen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_alone", models.BooleanField(default=False)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="planaction",
            name="plan_action_ended_has_a_date",
        ),
        migrations.RemoveConstraint(
            model_name="step",
            name="one_live_step_for_a_case",
        ),
        migrations.RemoveConstraint(
            model_name="step",
            name="step_ended_has_a_moment",
        ),
        migrations.RemoveIndex(
            model_name="step",
            name="casework_steps_waiting",
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(
                condition=models.Q(("state__in", ["disagreed", "asked_again", "waiting", "refused"])),
                fields=["to_team"],
                name="casework_steps_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["done", "stopped"]), ("ended_on__isnull", False)),
                    models.Q(models.Q(("status__in", ["done", "stopped"]), _negated=True), ("ended_on__isnull", True)),
                    _connector="OR",
                ),
                name="plan_action_ended_has_a_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["disagreed", "asked_again", "waiting", "refused"])),
                fields=("case",),
                name="one_live_step_for_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["disagreed", "asked_again", "waiting", "refused"]), ("ended_at__isnull", True)
                    ),
                    models.Q(
                        models.Q(("state__in", ["disagreed", "asked_again", "waiting", "refused"]), _negated=True),
                        ("ended_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="step_ended_has_a_moment",
            ),
        ),
        migrations.AddField(
            model_name="casenote",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="casework.case"
            ),
        ),
        migrations.AddField(
            model_name="casenote",
            name="post",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="case_notes",
                to="organisations.post",
            ),
        ),
        migrations.AddField(
            model_name="casetask",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="casework.case"
            ),
        ),
        migrations.AddField(
            model_name="casetask",
            name="note",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="casework.casenote"
            ),
        ),
        migrations.AddField(
            model_name="casetask",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="case_tasks", to="organisations.post"
            ),
        ),
        migrations.AddField(
            model_name="intervention",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="interventions", to="casework.case"
            ),
        ),
        migrations.AddField(
            model_name="interventionfor",
            name="intervention",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="people", to="casework.intervention"
            ),
        ),
        migrations.AddField(
            model_name="interventionfor",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="interventions", to="person_index.person"
            ),
        ),
        migrations.AddField(
            model_name="noteaddition",
            name="note",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="additions", to="casework.casenote"
            ),
        ),
        migrations.AddField(
            model_name="notefile",
            name="note",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="files", to="casework.casenote"
            ),
        ),
        migrations.AddField(
            model_name="noteseen",
            name="note",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="seen", to="casework.casenote"
            ),
        ),
        migrations.AddField(
            model_name="noteseen",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="seen_in_notes", to="person_index.person"
            ),
        ),
        migrations.AddIndex(
            model_name="casenote",
            index=models.Index(fields=["case", "-happened_at", "-id"], name="casework_notes"),
        ),
        migrations.AddIndex(
            model_name="casetask",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True)), fields=["owner", "due_on"], name="casework_tasks_to_do"
            ),
        ),
        migrations.AddIndex(
            model_name="intervention",
            index=models.Index(fields=["case", "-starts_on"], name="casework_interventions"),
        ),
        migrations.AddConstraint(
            model_name="intervention",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="intervention_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="intervention",
            constraint=models.CheckConstraint(
                condition=models.Q(("hours__isnull", True), ("hours__gt", 0), _connector="OR"),
                name="intervention_hours",
            ),
        ),
        migrations.AddConstraint(
            model_name="intervention",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quantity__isnull", True), ("unit", "")),
                    models.Q(("quantity__gt", 0), models.Q(("unit", ""), _negated=True)),
                    _connector="OR",
                ),
                name="intervention_quantity_has_a_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="interventionfor",
            constraint=models.UniqueConstraint(fields=("intervention", "person"), name="intervention_for_once"),
        ),
        migrations.AddConstraint(
            model_name="noteseen",
            constraint=models.UniqueConstraint(fields=("note", "person"), name="seen_in_note_once"),
        ),
    ]
