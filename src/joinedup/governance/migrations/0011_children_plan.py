"""The children and young people’s plan: its parts, its history, and the plan as it was adopted."""

import django.db.models.deletion
import joinedup.core.models.records
import joinedup.governance.models.plans
from joinedup.core.database import MakeTables, seal_table
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0014_what_an_entry_says_of_itself"),
        ("governance", "0010_escalation"),
        ("organisations", "0006_board_roles"),
        ("outcomes", "0005_cohorts_of_groups"),
    ]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="ChildrenPlan",
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
                        ("title", models.CharField(max_length=160)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("consultation", "In consultation"),
                                    ("proposed", "Proposed"),
                                    ("adopted", "Adopted"),
                                    ("superseded", "Superseded"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "framework",
                            models.CharField(
                                choices=[
                                    ("every_child_matters", "Every Child Matters: the five outcomes"),
                                    ("own", "The partnership’s own outcomes"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        ("vision", models.TextField(blank=True)),
                        ("summary", models.TextField(blank=True)),
                        ("is_illustration", models.BooleanField(default=False)),
                        ("begun_at", models.DateTimeField()),
                        ("begun_by", models.UUIDField(null=True)),
                        (
                            "begins_from",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="began",
                                to="governance.childrenplan",
                            ),
                        ),
                        (
                            "board",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children_plans",
                                to="governance.board",
                            ),
                        ),
                        (
                            "supersedes",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="superseded_by",
                                to="governance.childrenplan",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="AdoptedPlan",
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
                        ("content", models.JSONField(default=joinedup.governance.models.plans._nothing)),
                        ("digest", models.CharField(max_length=64)),
                        ("adopted_at", models.DateTimeField()),
                        (
                            "decision",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adopted_plan",
                                to="governance.decision",
                            ),
                        ),
                        (
                            "plan",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adopted",
                                to="governance.childrenplan",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PlanAction",
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
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("written_at", models.DateTimeField()),
                        ("written_by", models.UUIDField(null=True)),
                        ("words", models.CharField(max_length=400)),
                        ("owner_title", models.CharField(blank=True, max_length=120)),
                        ("due_on", models.DateField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("not_begun", "Not begun"),
                                    ("on_course", "On course"),
                                    ("behind", "Behind"),
                                    ("done", "Done"),
                                    ("stopped", "Stopped"),
                                ],
                                default="not_begun",
                                max_length=12,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children_plan_actions",
                                to="organisations.post",
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children_plan_actions",
                                to="organisations.organisation",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PlanActionStep",
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
                        ("state", models.CharField(max_length=12)),
                        ("words", models.CharField(max_length=600)),
                        ("at", models.DateTimeField()),
                        ("by", models.UUIDField(null=True)),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="governance.planaction",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PlanAlignment",
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
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("written_at", models.DateTimeField()),
                        ("written_by", models.UUIDField(null=True)),
                        ("name", models.CharField(max_length=200)),
                        ("body", models.CharField(max_length=160)),
                        ("link", models.URLField(blank=True, max_length=300)),
                        ("words", models.TextField()),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="alignments",
                                to="governance.childrenplan",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PlanConsultation",
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
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("written_at", models.DateTimeField()),
                        ("written_by", models.UUIDField(null=True)),
                        ("title", models.CharField(max_length=160)),
                        ("method", models.TextField()),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consultations",
                                to="governance.childrenplan",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ConsultedGroup",
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
                            "group",
                            models.CharField(
                                choices=[
                                    ("children", "Children"),
                                    ("young_people", "Young people"),
                                    ("parents", "Parents and carers"),
                                    ("partners", "Partners and staff"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("asked", models.PositiveIntegerField()),
                        ("answered", models.PositiveIntegerField()),
                        (
                            "consultation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="groups",
                                to="governance.planconsultation",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PlanNeed",
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
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("written_at", models.DateTimeField()),
                        ("written_by", models.UUIDField(null=True)),
                        ("title", models.CharField(max_length=160)),
                        ("words", models.TextField(blank=True)),
                        ("figure", models.CharField(blank=True, max_length=40)),
                        ("stated", models.CharField(blank=True, max_length=300)),
                        ("source", models.CharField(blank=True, max_length=300)),
                        ("stated_on", models.DateField(null=True)),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="needs",
                                to="governance.childrenplan",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PlanPartner",
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
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children_plans",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="partners",
                                to="governance.childrenplan",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PlanPriority",
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
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("written_at", models.DateTimeField()),
                        ("written_by", models.UUIDField(null=True)),
                        ("title", models.CharField(max_length=160)),
                        ("words", models.TextField(blank=True)),
                        ("needs", models.ManyToManyField(related_name="priorities", to="governance.planneed")),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children_plan_priorities",
                                to="organisations.post",
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="priorities",
                                to="governance.childrenplan",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PlanOutcome",
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
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("written_at", models.DateTimeField()),
                        ("written_by", models.UUIDField(null=True)),
                        ("words", models.CharField(max_length=400)),
                        ("own_name", models.CharField(blank=True, max_length=120)),
                        ("stated_measure", models.CharField(blank=True, max_length=200)),
                        ("baseline", models.CharField(blank=True, max_length=120)),
                        ("target", models.CharField(blank=True, max_length=120)),
                        ("target_on", models.DateField(null=True)),
                        ("source", models.CharField(blank=True, max_length=300)),
                        (
                            "entry",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plan_outcomes",
                                to="outcomes.frameworkentry",
                            ),
                        ),
                        (
                            "measure",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plan_outcomes",
                                to="outcomes.partnershipmeasure",
                            ),
                        ),
                        (
                            "priority",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="outcomes",
                                to="governance.planpriority",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PlanMoney",
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
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("written_at", models.DateTimeField()),
                        ("written_by", models.UUIDField(null=True)),
                        ("pence", models.BigIntegerField(null=True)),
                        ("source", models.CharField(blank=True, max_length=300)),
                        (
                            "line",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plan_money",
                                to="funds.budgetline",
                            ),
                        ),
                        (
                            "priority",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="money",
                                to="governance.planpriority",
                            ),
                        ),
                    ],
                ),
                migrations.AddField(
                    model_name="planaction",
                    name="priority",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="governance.planpriority",
                    ),
                ),
                migrations.CreateModel(
                    name="PlanStep",
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
                        ("state", models.CharField(max_length=12)),
                        ("words", models.CharField(blank=True, max_length=400)),
                        ("at", models.DateTimeField()),
                        ("by", models.UUIDField(null=True)),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="governance.childrenplan",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PlanTheme",
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
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("written_at", models.DateTimeField()),
                        ("written_by", models.UUIDField(null=True)),
                        (
                            "group",
                            models.CharField(
                                choices=[
                                    ("children", "Children"),
                                    ("young_people", "Young people"),
                                    ("parents", "Parents and carers"),
                                    ("partners", "Partners and staff"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("said", models.TextField()),
                        (
                            "answer",
                            models.CharField(
                                choices=[
                                    ("open", "Not answered yet"),
                                    ("did", "We did"),
                                    ("did_not", "We did not, because"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("words", models.TextField(blank=True)),
                        (
                            "action",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="themes",
                                to="governance.planaction",
                            ),
                        ),
                        (
                            "consultation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="themes",
                                to="governance.planconsultation",
                            ),
                        ),
                        (
                            "priority",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="themes",
                                to="governance.planpriority",
                            ),
                        ),
                    ],
                ),
                migrations.AddConstraint(
                    model_name="childrenplan",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="children_plan_period"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="childrenplan",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "consultation", "proposed", "adopted", "superseded", "withdrawn"])
                        ),
                        name="children_plan_state",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="childrenplan",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "consultation", "proposed"])),
                        fields=("board",),
                        name="children_plan_one_open",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="planconsultation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="plan_consultation_days"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="consultedgroup",
                    constraint=models.UniqueConstraint(fields=("consultation", "group"), name="plan_group_once"),
                ),
                migrations.AddConstraint(
                    model_name="consultedgroup",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("answered__lte", models.F("asked"))), name="plan_group_answered"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="planneed",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("figure", ""), _negated=True),
                            models.Q(
                                models.Q(("stated", ""), _negated=True),
                                models.Q(("source", ""), _negated=True),
                                ("stated_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="plan_need_has_evidence",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="planpartner",
                    constraint=models.UniqueConstraint(
                        fields=("plan", "organisation"), name="children_plan_partner_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="planmoney",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("line__isnull", False), ("pence__isnull", True)),
                            models.Q(("line__isnull", True), ("pence__gt", 0), models.Q(("source", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="plan_money_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="planmoney",
                    constraint=models.UniqueConstraint(fields=("priority", "line"), name="plan_money_line_once"),
                ),
                migrations.AddConstraint(
                    model_name="planaction",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("owner__isnull", False), models.Q(("owner_title", ""), _negated=True), _connector="OR"
                        ),
                        name="plan_action_owner",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="plantheme",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("answer", "open"), models.Q(("words", ""), _negated=True), _connector="OR"),
                        name="plan_theme_answered",
                    ),
                ),
            ]
        ),
        *seal_table("governance_planstep"),
        *seal_table("governance_planactionstep"),
        *seal_table("governance_adoptedplan"),
    ]
