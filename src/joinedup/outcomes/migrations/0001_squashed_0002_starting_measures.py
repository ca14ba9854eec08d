"""All tables of the part as one step, for a new database; one that has had the steps before keeps them."""

import django.db.models.deletion
import joinedup.core.models.records
from django.db import migrations, models


from joinedup.core.database import MakeTables


def add(apps, schema_editor):
    from joinedup.outcomes.codes import HEADINGS, MEASURES

    alias = schema_editor.connection.alias
    entries = apps.get_model("outcomes", "FrameworkEntry").objects.using(alias)
    measures = apps.get_model("outcomes", "Measure").objects.using(alias)
    told = apps.get_model("outcomes", "MeasureEntry").objects.using(alias)
    for position, each in enumerate(HEADINGS, start=1):
        facts = {"framework": each.framework, "name": each.name, "position": position, "is_verified": each.is_verified}
        entries.get_or_create(code=each.code, defaults=facts)
    same = ("name", "question", "unit", "least", "most", "places")
    for each in MEASURES:
        facts = {name: getattr(each, name) for name in same} | {"direction": each.direction.value}
        made, _ = measures.get_or_create(code=each.code, defaults=facts)
        for entry in entries.filter(code__in=each.entries):
            told.get_or_create(measure=made, entry=entry)


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("outcomes", "0001_initial"),
        ("outcomes", "0002_starting_measures"),
    ]

    dependencies = [
        ("person_index", "0001_squashed_0018_sealed_file_withdrawn"),
    ]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="FrameworkEntry",
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
                            "framework",
                            models.CharField(
                                choices=[
                                    ("every_child_matters", "Every Child Matters: the five outcomes"),
                                    ("supporting_families", "Supporting Families: the headline outcomes"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("code", models.CharField(max_length=12, unique=True)),
                        ("name", models.CharField(max_length=120)),
                        ("position", models.PositiveSmallIntegerField()),
                        ("is_verified", models.BooleanField(default=False)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Measure",
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
                        ("code", models.CharField(max_length=20, unique=True)),
                        ("name", models.CharField(max_length=120)),
                        ("question", models.CharField(max_length=200)),
                        ("unit", models.CharField(max_length=60)),
                        (
                            "direction",
                            models.CharField(
                                choices=[("up", "More is better"), ("down", "Less is better")], max_length=4
                            ),
                        ),
                        ("least", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                        ("most", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                        ("places", models.PositiveSmallIntegerField(default=0)),
                        ("ends_on", models.DateField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("least__isnull", True),
                                    ("most__isnull", True),
                                    ("most__gt", models.F("least")),
                                    _connector="OR",
                                ),
                                name="measure_scale",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("direction__in", ["up", "down"])), name="measure_direction"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Baseline",
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
                        ("subject_kind", models.CharField(max_length=60)),
                        ("subject_id", models.CharField(max_length=60)),
                        ("value", models.DecimalField(decimal_places=2, max_digits=8)),
                        ("on", models.DateField()),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by", models.UUIDField(null=True)),
                        (
                            "person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="baselines",
                                to="person_index.person",
                            ),
                        ),
                        (
                            "measure",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="baselines",
                                to="outcomes.measure",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="MeasureEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="measures",
                                to="outcomes.frameworkentry",
                            ),
                        ),
                        (
                            "measure",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="outcomes.measure",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Reading",
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
                        ("value", models.DecimalField(decimal_places=2, max_digits=8)),
                        ("on", models.DateField()),
                        ("words", models.CharField(blank=True, max_length=2000)),
                        ("source_kind", models.CharField(blank=True, max_length=60)),
                        ("source_id", models.CharField(blank=True, max_length=60)),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by", models.UUIDField(null=True)),
                        (
                            "baseline",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="readings",
                                to="outcomes.baseline",
                            ),
                        ),
                    ],
                ),
                migrations.AddConstraint(
                    model_name="baseline",
                    constraint=models.UniqueConstraint(fields=("subject_kind", "subject_id"), name="baseline_once"),
                ),
                migrations.AddConstraint(
                    model_name="measureentry",
                    constraint=models.UniqueConstraint(fields=("measure", "entry"), name="measure_entry_once"),
                ),
                migrations.AddIndex(
                    model_name="reading",
                    index=models.Index(fields=["baseline", "on", "recorded_at"], name="outcomes_reading_order"),
                ),
            ]
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
