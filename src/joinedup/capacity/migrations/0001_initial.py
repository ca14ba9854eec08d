"""What was read of how cases flow, scenarios with what they came to, and testing phases."""

import django.db.models.deletion
import joinedup.core.models.records
from joinedup.core.database import MakeTables, seal_table
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0006_board_roles"),
    ]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="FlowReading",
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
                        ("name", models.CharField(max_length=120)),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("partnership", "This partnership’s own chronology"),
                                    ("file", "A file of events"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("taken_at", models.DateTimeField()),
                        ("taken_by", models.UUIDField(null=True)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        ("events", models.PositiveIntegerField()),
                        ("summary", models.JSONField()),
                        ("model", models.JSONField()),
                        ("faults", models.JSONField(default=list)),
                        ("fault_count", models.PositiveIntegerField(default=0)),
                        ("is_illustration", models.BooleanField(default=False)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["-taken_at"], name="flow_readings_newest")],
                    },
                ),
                migrations.CreateModel(
                    name="Scenario",
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
                        ("reference", models.CharField(max_length=16, unique=True)),
                        ("name", models.CharField(max_length=120)),
                        ("words", models.TextField(blank=True)),
                        ("model", models.JSONField()),
                        ("work", models.JSONField()),
                        ("seed", models.BigIntegerField()),
                        ("engine", models.CharField(max_length=40)),
                        ("digest", models.CharField(max_length=64)),
                        ("made_at", models.DateTimeField()),
                        ("made_by", models.UUIDField(null=True)),
                        ("is_illustration", models.BooleanField(default=False)),
                        ("offered_at", models.DateTimeField(null=True)),
                        ("offered_words", models.TextField(blank=True)),
                        (
                            "reading",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="scenarios",
                                to="capacity.flowreading",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ScenarioRun",
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
                                choices=[("quick", "When it was kept"), ("full", "Worked out in full")], max_length=8
                            ),
                        ),
                        ("replications", models.PositiveIntegerField()),
                        ("engine", models.CharField(max_length=40)),
                        ("checksum", models.CharField(max_length=16)),
                        ("results", models.JSONField()),
                        ("ran_at", models.DateTimeField()),
                        ("ran_by", models.UUIDField(null=True)),
                        (
                            "scenario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="capacity.scenario"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="TestingPhase",
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
                        ("reference", models.CharField(max_length=16, unique=True)),
                        ("name", models.CharField(max_length=120)),
                        ("cohort_limit", models.PositiveSmallIntegerField()),
                        ("starts_on", models.DateField()),
                        ("comparison", models.TextField()),
                        ("must_hold", models.TextField()),
                        ("continuity_percent", models.PositiveSmallIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("running", "Taking families on"),
                                    ("halted", "Intake halted"),
                                    ("full", "Cohort full"),
                                    ("scaled", "Gate opened by the board"),
                                    ("ended", "Ended"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("set_up_at", models.DateTimeField()),
                        ("set_up_by", models.UUIDField(null=True)),
                        (
                            "scenario",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="testing_phases",
                                to="capacity.scenario",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="testing_phases",
                                to="organisations.team",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PhaseStep",
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
                        ("state", models.CharField(max_length=10)),
                        ("rule", models.CharField(blank=True, max_length=10)),
                        ("reason", models.CharField(max_length=500)),
                        ("at", models.DateTimeField()),
                        ("by", models.UUIDField(null=True)),
                        (
                            "phase",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="capacity.testingphase",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PhaseIncident",
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
                        ("happened_on", models.DateField()),
                        ("words", models.CharField(max_length=400)),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by", models.UUIDField(null=True)),
                        (
                            "phase",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="incidents",
                                to="capacity.testingphase",
                            ),
                        ),
                    ],
                ),
                migrations.AddIndex(
                    model_name="scenario",
                    index=models.Index(fields=["-made_at"], name="scenarios_newest"),
                ),
                migrations.AddIndex(
                    model_name="scenariorun",
                    index=models.Index(fields=["scenario", "-ran_at"], name="runs_of_scenario"),
                ),
                migrations.AddConstraint(
                    model_name="testingphase",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("cohort_limit__range", (6, 500))), name="phase_cohort"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="testingphase",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("continuity_percent__range", (0, 100))), name="phase_continuity"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="testingphase",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state__in", ["planned", "running", "halted", "full"])),
                        fields=("team",),
                        name="one_phase_for_a_team",
                    ),
                ),
                migrations.AddIndex(
                    model_name="phasestep",
                    index=models.Index(fields=["phase", "at"], name="steps_of_phase"),
                ),
                migrations.AddIndex(
                    model_name="phaseincident",
                    index=models.Index(fields=["phase", "happened_on"], name="incidents_of_phase"),
                ),
            ]
        ),
        *seal_table("capacity_scenariorun"),
        *seal_table("capacity_phasestep"),
        *seal_table("capacity_phaseincident"),
    ]
