"""All tables of the part as one step, for a new database; one that has had the steps before keeps them."""

import django.db.models.deletion
import joinedup.core.models.records
from django.db import migrations, models


from joinedup.core.database import MakeTables


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("core", "0001_initial"),
        ("core", "0002_drafts"),
        ("core", "0003_background_work"),
        ("core", "0004_draft_page"),
        ("core", "0005_room_for_visitors"),
        ("core", "0006_answers_and_abandoned"),
    ]

    dependencies = []

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="Job",
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
                        ("kind", models.CharField(max_length=60)),
                        ("words", models.CharField(max_length=200)),
                        ("arguments", models.JSONField(default=dict)),
                        ("started_by", models.UUIDField(null=True)),
                        ("about_kind", models.CharField(blank=True, max_length=60)),
                        ("about_id", models.CharField(blank=True, max_length=60)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("failed", "Failed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="waiting",
                                max_length=12,
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("begun_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("done", models.PositiveIntegerField(default=0)),
                        ("total", models.PositiveIntegerField(default=0)),
                        ("message", models.CharField(blank=True, max_length=300)),
                        ("result_page", models.CharField(blank=True, max_length=80)),
                        ("result_id", models.CharField(blank=True, max_length=60)),
                        ("turn", models.CharField(blank=True, max_length=100)),
                        ("queue_id", models.BigIntegerField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="KeptAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("account_id", models.UUIDField()),
                        ("key", models.CharField(max_length=80)),
                        ("digest", models.CharField(max_length=64)),
                        ("status", models.PositiveSmallIntegerField()),
                        ("body", models.TextField()),
                        ("kept_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="OutboxMessage",
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
                        ("to", models.CharField(max_length=254)),
                        ("subject", models.CharField(max_length=200)),
                        ("body", models.TextField()),
                        ("about_kind", models.CharField(blank=True, max_length=60)),
                        ("about_id", models.CharField(blank=True, max_length=60)),
                        ("created_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("problem", models.CharField(blank=True, max_length=300)),
                        ("next_try_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="PartnershipSetting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=80)),
                        ("value", models.JSONField()),
                        ("starts_on", models.DateField()),
                        ("set_by", models.UUIDField(null=True)),
                        ("set_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="StoredFile",
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
                        ("name", models.CharField(max_length=200)),
                        ("content", models.BinaryField()),
                        ("size", models.PositiveIntegerField()),
                        ("digest", models.CharField(max_length=64)),
                        ("stored_by", models.UUIDField(null=True)),
                        ("stored_at", models.DateTimeField()),
                        ("goes_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Draft",
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
                        ("holder", models.CharField(max_length=80)),
                        ("form", models.CharField(max_length=60)),
                        ("about", models.CharField(blank=True, max_length=60)),
                        ("typed", models.JSONField()),
                        ("page", models.CharField(blank=True, max_length=32)),
                        ("whence", models.CharField(blank=True, max_length=64)),
                        ("started_at", models.DateTimeField()),
                        ("saved_at", models.DateTimeField()),
                        ("aside_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["holder", "form", "about", "-saved_at"], name="core_draft_of_holder"),
                            models.Index(fields=["saved_at"], name="core_draft_age"),
                            models.Index(
                                condition=models.Q(("whence", ""), _negated=True),
                                fields=["whence", "saved_at"],
                                name="core_draft_of_visitors",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="JobReceipt",
                    fields=[
                        (
                            "job",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="receipt",
                                serialize=False,
                                to="core.job",
                            ),
                        ),
                        ("written_at", models.DateTimeField()),
                    ],
                ),
                migrations.AddIndex(
                    model_name="job",
                    index=models.Index(fields=["started_by", "-id"], name="core_job_mine"),
                ),
                migrations.AddIndex(
                    model_name="job",
                    index=models.Index(
                        condition=models.Q(("about_id", ""), _negated=True),
                        fields=["about_kind", "about_id"],
                        name="core_job_about",
                    ),
                ),
                migrations.AddIndex(
                    model_name="job",
                    index=models.Index(
                        condition=models.Q(("state__in", ("waiting", "running"))),
                        fields=["asked_at"],
                        name="core_job_under_way",
                    ),
                ),
                migrations.AddIndex(
                    model_name="job",
                    index=models.Index(
                        condition=models.Q(("ended_at", None), _negated=True),
                        fields=["ended_at"],
                        name="core_job_ended_at",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="job",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "failed", "cancelled"])),
                        name="core_job_state",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="job",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state__in", ("waiting", "running"))),
                            models.Q(
                                models.Q(("state__in", ("waiting", "running")), _negated=True),
                                models.Q(("ended_at", None), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="core_job_ended",
                    ),
                ),
                migrations.AddIndex(
                    model_name="keptanswer",
                    index=models.Index(fields=["kept_at"], name="core_answer_age"),
                ),
                migrations.AddConstraint(
                    model_name="keptanswer",
                    constraint=models.UniqueConstraint(fields=("account_id", "key"), name="core_answer_once"),
                ),
                migrations.AddIndex(
                    model_name="outboxmessage",
                    index=models.Index(
                        condition=models.Q(("sent_at__isnull", True)),
                        fields=["next_try_at"],
                        name="core_outbox_waiting",
                    ),
                ),
                migrations.AddIndex(
                    model_name="outboxmessage",
                    index=models.Index(fields=["-created_at", "-id"], name="core_outbox_newest"),
                ),
                migrations.AddIndex(
                    model_name="partnershipsetting",
                    index=models.Index(fields=["key", "-starts_on", "-id"], name="core_setting_in_force"),
                ),
                migrations.AddIndex(
                    model_name="storedfile",
                    index=models.Index(fields=["goes_at"], name="core_stored_file_goes"),
                ),
            ]
        ),
    ]
