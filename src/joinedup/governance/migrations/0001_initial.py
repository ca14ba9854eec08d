"""Tables of boards, their meetings and their decisions."""

import django.db.models.deletion
import joinedup.core.models.records
import joinedup.governance.models.decisions
from joinedup.core.database import MakeTables, seal_table
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("benefits", "0004_realising_and_investing"),
        ("organisations", "0006_board_roles"),
    ]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="AgendaItem",
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
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("decision", "For decision"),
                                    ("report", "Report"),
                                    ("action", "Actions"),
                                    ("other", "Other business"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("title", models.CharField(max_length=200)),
                        ("words", models.TextField(blank=True)),
                        ("matter_kind", models.CharField(blank=True, max_length=30)),
                        ("matter_id", models.UUIDField(null=True)),
                        ("exempt_reason", models.CharField(blank=True, max_length=300)),
                        ("minute", models.TextField(blank=True)),
                        ("added_at", models.DateTimeField()),
                        ("added_by", models.UUIDField(null=True)),
                        ("taken_off_at", models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="CallIn",
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
                        ("reason", models.CharField(max_length=600)),
                        ("called_at", models.DateTimeField()),
                        ("called_by", models.UUIDField(null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Appointment",
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
                        ("name", models.CharField(max_length=160)),
                        ("how", models.CharField(max_length=300)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(null=True)),
                        ("end_reason", models.CharField(blank=True, max_length=300)),
                        ("made_at", models.DateTimeField()),
                        ("made_by", models.UUIDField(null=True)),
                        (
                            "post",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="board_appointments",
                                to="organisations.post",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Board",
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
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("public_services", "Public services board"),
                                    ("strategy", "Strategy board of political leaders"),
                                    ("trust", "Children’s trust board"),
                                    ("executive", "Executive of a board"),
                                    ("working_group", "Working group"),
                                    ("safeguarding", "Safeguarding partners"),
                                    ("finance", "Finance directors"),
                                    ("commissioning", "Joint commissioning unit"),
                                    ("scrutiny", "Scrutiny committee"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("set_up_at", models.DateTimeField()),
                        ("set_up_by", models.UUIDField(null=True)),
                        (
                            "host",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="boards_hosted",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="governance.board",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="BoardAction",
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
                        ("words", models.CharField(max_length=300)),
                        ("owner", models.CharField(max_length=160)),
                        ("due_on", models.DateField()),
                        ("set_at", models.DateTimeField()),
                        ("set_by", models.UUIDField(null=True)),
                        ("done_on", models.DateField(null=True)),
                        ("done_words", models.CharField(blank=True, max_length=300)),
                        ("done_by", models.UUIDField(null=True)),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="actions",
                                to="governance.agendaitem",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="BoardTerms",
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
                        ("number", models.PositiveSmallIntegerField()),
                        ("name", models.CharField(max_length=160)),
                        ("duties", models.TextField()),
                        ("legal_basis", models.CharField(blank=True, max_length=300)),
                        ("quorum_members", models.PositiveSmallIntegerField()),
                        ("quorum_bodies", models.PositiveSmallIntegerField(default=1)),
                        ("months_between", models.PositiveSmallIntegerField(default=3)),
                        ("call_in_days", models.PositiveSmallIntegerField(default=0)),
                        ("starts_on", models.DateField()),
                        ("why", models.CharField(blank=True, max_length=400)),
                        ("written_at", models.DateTimeField()),
                        ("written_by", models.UUIDField(null=True)),
                        (
                            "board",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="governance.board"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="CallInAnswer",
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
                        ("is_confirmed", models.BooleanField()),
                        ("words", models.CharField(max_length=600)),
                        ("answered_at", models.DateTimeField()),
                        ("answered_by", models.UUIDField(null=True)),
                        (
                            "call_in",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer",
                                to="governance.callin",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
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
                        ("what", models.TextField()),
                        ("why", models.TextField()),
                        ("options", models.TextField()),
                        ("effect", models.CharField(blank=True, max_length=30)),
                        ("matter_id", models.UUIDField(null=True)),
                        ("chosen", models.JSONField(default=joinedup.governance.models.decisions._nothing)),
                        ("pence", models.BigIntegerField(null=True)),
                        ("evidence", models.JSONField(default=joinedup.governance.models.decisions._nothing)),
                        ("digest", models.CharField(max_length=64)),
                        ("carried", models.BooleanField()),
                        ("vote_words", models.CharField(max_length=200)),
                        ("quorum_words", models.CharField(max_length=300)),
                        ("power_words", models.CharField(max_length=400)),
                        ("call_in_until", models.DateField(null=True)),
                        ("decided_at", models.DateTimeField()),
                        ("decided_by", models.UUIDField(null=True)),
                        (
                            "board",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="governance.board",
                            ),
                        ),
                        (
                            "item",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decision",
                                to="governance.agendaitem",
                            ),
                        ),
                        (
                            "maker",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="board_decisions_made",
                                to="organisations.organisation",
                            ),
                        ),
                    ],
                ),
                migrations.AddField(
                    model_name="callin",
                    name="decision",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="call_in", to="governance.decision"
                    ),
                ),
                migrations.CreateModel(
                    name="Approval",
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
                        ("agrees", models.BooleanField()),
                        ("body", models.CharField(max_length=160)),
                        ("approved_on", models.DateField()),
                        ("minute", models.CharField(max_length=200)),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by", models.UUIDField(null=True)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="board_approvals",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="approvals",
                                to="governance.decision",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="DecisionBody",
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
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bodies",
                                to="governance.decision",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="board_decisions_asked",
                                to="organisations.organisation",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Delegation",
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
                        ("kind", models.CharField(max_length=30)),
                        ("limit_pence", models.BigIntegerField(null=True)),
                        ("source", models.CharField(max_length=300)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(null=True)),
                        ("given_at", models.DateTimeField()),
                        ("given_by", models.UUIDField(null=True)),
                        (
                            "board",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="delegations",
                                to="governance.board",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Effected",
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
                        ("words", models.CharField(max_length=600)),
                        ("at", models.DateTimeField()),
                        ("by", models.UUIDField(null=True)),
                        (
                            "decision",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="effected",
                                to="governance.decision",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="EffectRefused",
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
                        ("rule", models.CharField(max_length=60)),
                        ("sentence", models.CharField(max_length=1000)),
                        ("at", models.DateTimeField()),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refusals",
                                to="governance.decision",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Interest",
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
                        ("words", models.CharField(max_length=400)),
                        ("has_withdrawn", models.BooleanField()),
                        ("declared_at", models.DateTimeField()),
                        ("declared_by", models.UUIDField(null=True)),
                        (
                            "appointment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="interests",
                                to="governance.appointment",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="interests",
                                to="governance.agendaitem",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Meeting",
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
                        ("starts_at", models.DateTimeField()),
                        ("minutes_long", models.PositiveSmallIntegerField(default=120)),
                        ("place", models.CharField(blank=True, max_length=200)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("called", "Called"),
                                    ("held", "Held"),
                                    ("minutes_agreed", "Minutes agreed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="planned",
                                max_length=16,
                            ),
                        ),
                        ("planned_at", models.DateTimeField()),
                        ("planned_by", models.UUIDField(null=True)),
                        (
                            "board",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="meetings",
                                to="governance.board",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Attendance",
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
                                choices=[("present", "Present"), ("apologies", "Apologies"), ("absent", "Absent")],
                                max_length=10,
                            ),
                        ),
                        (
                            "appointment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attendance",
                                to="governance.appointment",
                            ),
                        ),
                        (
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attendance",
                                to="governance.meeting",
                            ),
                        ),
                    ],
                ),
                migrations.AddField(
                    model_name="agendaitem",
                    name="meeting",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="governance.meeting"
                    ),
                ),
                migrations.CreateModel(
                    name="MeetingStep",
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
                        ("state", models.CharField(max_length=16)),
                        ("reason", models.CharField(blank=True, max_length=400)),
                        ("at", models.DateTimeField()),
                        ("by", models.UUIDField(null=True)),
                        (
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="governance.meeting",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Paper",
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
                        ("title", models.CharField(max_length=200)),
                        ("kind", models.CharField(max_length=8)),
                        ("size", models.PositiveIntegerField()),
                        ("digest", models.CharField(max_length=64)),
                        ("content", models.BinaryField()),
                        ("added_at", models.DateTimeField()),
                        ("added_by", models.UUIDField(null=True)),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="papers",
                                to="governance.agendaitem",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Recommendation",
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
                        ("words", models.TextField()),
                        ("reply_due_on", models.DateField()),
                        ("made_at", models.DateTimeField()),
                        ("made_by", models.UUIDField(null=True)),
                        ("is_accepted", models.BooleanField(null=True)),
                        ("reply", models.TextField(blank=True)),
                        ("replied_at", models.DateTimeField(null=True)),
                        ("replied_by", models.UUIDField(null=True)),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recommendations",
                                to="governance.agendaitem",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="scrutiny_recommendations",
                                to="organisations.organisation",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="RoundAcceptance",
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
                        ("digest", models.CharField(max_length=64)),
                        ("accepted_at", models.DateTimeField()),
                        (
                            "decision",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="accepted_round",
                                to="governance.decision",
                            ),
                        ),
                        (
                            "round",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="board_acceptance",
                                to="benefits.round",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Seat",
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
                        ("title", models.CharField(max_length=120)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("director", "Director"),
                                    ("lead_member", "Lead member"),
                                    ("political_leader", "Political leader"),
                                    ("chief_officer", "Chief officer"),
                                    ("finance", "Finance director"),
                                    ("non_executive", "Non-executive"),
                                    ("officer", "Officer of a partner"),
                                    ("young_people", "Representative of young people"),
                                    ("councillor", "Councillor"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("has_vote", models.BooleanField(default=True)),
                        ("is_chair", models.BooleanField(default=False)),
                        ("position", models.PositiveSmallIntegerField()),
                        ("starts_on", models.DateField()),
                        (
                            "board",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="governance.board"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="board_seats",
                                to="organisations.organisation",
                            ),
                        ),
                    ],
                ),
                migrations.AddField(
                    model_name="appointment",
                    name="seat",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="governance.seat"
                    ),
                ),
                migrations.CreateModel(
                    name="Vote",
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
                            "vote",
                            models.CharField(
                                choices=[("for", "For"), ("against", "Against"), ("abstained", "Abstained")],
                                max_length=10,
                            ),
                        ),
                        (
                            "appointment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="votes",
                                to="governance.appointment",
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="votes",
                                to="governance.decision",
                            ),
                        ),
                    ],
                ),
                migrations.AddConstraint(
                    model_name="board",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True), name="board_not_its_own_part"
                    ),
                ),
                migrations.AddIndex(
                    model_name="boardaction",
                    index=models.Index(
                        condition=models.Q(("done_on__isnull", True)), fields=["due_on"], name="board_actions_open"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="boardterms",
                    constraint=models.UniqueConstraint(fields=("board", "number"), name="board_terms_once"),
                ),
                migrations.AddConstraint(
                    model_name="boardterms",
                    constraint=models.UniqueConstraint(fields=("board", "starts_on"), name="board_terms_one_a_day"),
                ),
                migrations.AddConstraint(
                    model_name="boardterms",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("quorum_members__gte", 2)), name="board_quorum_of_two"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="boardterms",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("months_between__gte", 1)), name="board_meets"
                    ),
                ),
                migrations.AddIndex(
                    model_name="decision",
                    index=models.Index(fields=["board", "decided_at"], name="board_decisions_of"),
                ),
                migrations.AddConstraint(
                    model_name="decision",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("effect", ""), ("matter_id__isnull", True)),
                            models.Q(models.Q(("effect", ""), _negated=True), ("matter_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="decision_about_something",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="approval",
                    constraint=models.UniqueConstraint(
                        fields=("decision", "organisation"), name="decision_approval_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="decisionbody",
                    constraint=models.UniqueConstraint(fields=("decision", "organisation"), name="decision_body_once"),
                ),
                migrations.AddConstraint(
                    model_name="delegation",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True)), fields=("board", "kind"), name="board_power_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="delegation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("limit_pence__isnull", True), ("limit_pence__gt", 0), _connector="OR"),
                        name="board_power_above_nought",
                    ),
                ),
                migrations.AddIndex(
                    model_name="interest",
                    index=models.Index(fields=["item", "appointment"], name="board_interests_of"),
                ),
                migrations.AddIndex(
                    model_name="meeting",
                    index=models.Index(fields=["board", "starts_at"], name="board_meetings_of"),
                ),
                migrations.AddConstraint(
                    model_name="attendance",
                    constraint=models.UniqueConstraint(fields=("meeting", "appointment"), name="board_attendance_once"),
                ),
                migrations.AddConstraint(
                    model_name="agendaitem",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("matter_id__isnull", False), ("taken_off_at__isnull", True)),
                        fields=("meeting", "matter_kind", "matter_id"),
                        name="agenda_matter_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="recommendation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_accepted__isnull", True), ("replied_at__isnull", True)),
                            models.Q(("is_accepted__isnull", False), ("replied_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="recommendation_answered",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="seat",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("is_chair", True)), fields=("board",), name="board_one_chair"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="seat",
                    constraint=models.UniqueConstraint(fields=("board", "position"), name="board_seat_order"),
                ),
                migrations.AddIndex(
                    model_name="appointment",
                    index=models.Index(fields=["post"], name="board_appointment_of_post"),
                ),
                migrations.AddConstraint(
                    model_name="appointment",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True)), fields=("seat",), name="board_seat_held_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="appointment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="board_appointment_days",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="vote",
                    constraint=models.UniqueConstraint(fields=("decision", "appointment"), name="decision_vote_once"),
                ),
            ]
        ),
        *seal_table("governance_boardterms"),
        *seal_table("governance_meetingstep"),
        *seal_table("governance_paper"),
        *seal_table("governance_interest"),
        *seal_table("governance_decision"),
        *seal_table("governance_decisionbody"),
        *seal_table("governance_vote"),
        *seal_table("governance_approval"),
        *seal_table("governance_callin"),
        *seal_table("governance_callinanswer"),
        *seal_table("governance_effected"),
        *seal_table("governance_effectrefused"),
        *seal_table("governance_roundacceptance"),
    ]
