import django.db.models.deletion
import joinedup.casework.lifecycle
import joinedup.core.models.records
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0003_the_team_around_the_child"),
        ("organisations", "0003_data_leads"),
        ("outcomes", "0002_starting_measures"),
        ("person_index", "0016_more_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("reference", models.CharField(max_length=16, unique=True)),
                ("state", models.CharField(choices=[("open", "Open"), ("closed", "Closed")], max_length=8)),
                ("family_words", models.TextField(blank=True)),
                ("contingency", models.TextField(blank=True)),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.UUIDField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="casework.case"
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="person_index.family"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("RC1", "Adopted"),
                            ("RC2", "Died"),
                            ("RC3", "Child arrangements order"),
                            ("RC4", "Special guardianship order"),
                            ("RC5", "Moved to another local authority’s services"),
                            ("RC6", "Moved to adult social care"),
                            ("RC7", "Ended for another reason, such as no longer in need"),
                            ("RC8", "Closed after assessment, no further action"),
                            ("RC9", "Closed after assessment, referred to early help"),
                        ],
                        max_length=3,
                    ),
                ),
                ("words", models.TextField()),
                ("closed_at", models.DateTimeField()),
                ("closed_by", models.UUIDField(null=True)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="closure", to="casework.case"
                    ),
                ),
                (
                    "plan",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closure",
                        to="casework.plan",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PlanChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("kind", models.CharField(max_length=12)),
                ("target_id", models.UUIDField()),
                ("what", models.CharField(max_length=200)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="casework.plan"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanChild",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("words", models.TextField(blank=True)),
                ("leads", models.BooleanField(default=False)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_sections",
                        to="person_index.person",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sections", to="casework.plan"
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
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("N1", "Abuse, neglect or exploitation"),
                            ("N2", "Child’s disability or illness"),
                            ("N3", "Parent’s disability or illness"),
                            ("N4", "Family in acute stress"),
                            ("N5", "Family dysfunction"),
                            ("N6", "Socially unacceptable behaviour"),
                            ("N7", "Low income"),
                            ("N8", "Absent parenting"),
                            ("N9", "Other than children in need"),
                            ("N0", "Not stated"),
                        ],
                        max_length=2,
                    ),
                ),
                ("words", models.TextField()),
                (
                    "end_code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("met", "Met"),
                            ("partly_met", "Partly met"),
                            ("not_met", "Not met"),
                            ("no_longer", "No longer there"),
                            ("passed_on", "Passed on to another service"),
                        ],
                        max_length=12,
                    ),
                ),
                ("end_words", models.TextField(blank=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="needs", to="casework.plan"
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="casework.planchild",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanOutcome",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("words", models.TextField()),
                ("target", models.DecimalField(decimal_places=2, max_digits=8)),
                ("target_on", models.DateField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plan_outcomes", to="outcomes.measure"
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outcomes", to="casework.planneed"
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
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("words", models.TextField()),
                ("service", models.CharField(blank=True, max_length=160)),
                ("due_on", models.DateField()),
                ("evidence", models.TextField(blank=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("to_do", "To do"),
                            ("under_way", "Under way"),
                            ("done", "Done"),
                            ("stopped", "Stopped"),
                        ],
                        max_length=12,
                    ),
                ),
                ("status_words", models.TextField(blank=True)),
                ("ended_on", models.DateField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_actions",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_actions",
                        to="person_index.person",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_actions",
                        to="organisations.post",
                    ),
                ),
                (
                    "outcome",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="casework.planoutcome"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReReferral",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("months", models.PositiveSmallIntegerField()),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="re_referral", to="casework.case"
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="re_referrals", to="casework.case"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Review",
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
                        choices=[("begun", "Begun, not decided yet"), ("decided", "Decided")], max_length=8
                    ),
                ),
                ("held_on", models.DateField()),
                ("begun_at", models.DateTimeField()),
                ("begun_by", models.UUIDField(null=True)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("continue", "Carry on with the plan"),
                            ("step_up", "Step up to a higher level"),
                            ("step_down", "Step down to a lower level"),
                            ("close", "Close: the family needs no more of this"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.UUIDField(null=True)),
                ("next_review_on", models.DateField(null=True)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="casework.plan"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReviewPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("came", models.BooleanField()),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_places",
                        to="person_index.person",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_places",
                        to="organisations.post",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="casework.review"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReviewVoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("said", "They said it themselves"),
                            ("shown", "They drew, wrote or showed it"),
                            ("through", "Through somebody they chose"),
                            ("observed", "They are too young to say; we watched and listened"),
                            ("not_heard", "Not heard this time"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.TextField()),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="voices", to="casework.review"
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="voices", to="casework.planchild"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StatutoryPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("child_in_need", "Child in need plan"),
                            ("child_protection", "Child protection plan"),
                            ("section_47", "Section 47 enquiry"),
                            ("strategy_discussion", "Strategy discussion"),
                            ("care", "Care plan (looked after)"),
                            ("pathway", "Pathway plan (care leaver)"),
                            ("education_health_care", "Education, health and care plan"),
                            ("youth_justice", "Youth justice plan"),
                            ("pre_proceedings", "Pre-proceedings"),
                        ],
                        max_length=30,
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=40)),
                ("holder", models.CharField(max_length=160)),
                ("worker", models.CharField(blank=True, max_length=120)),
                ("status", models.CharField(max_length=120)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("next_on", models.DateField(null=True)),
                ("next_means", models.CharField(blank=True, max_length=120)),
                ("read_at", models.DateTimeField()),
                ("read_by", models.UUIDField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statutory_plans",
                        to="casework.planchild",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Step",
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
                            ("waiting", "Waiting for the receiving team"),
                            ("refused", "Refused once"),
                            ("asked_again", "Asked again"),
                            ("disagreed", "The teams disagree"),
                            ("accepted", "Accepted"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=12,
                    ),
                ),
                ("from_level", models.PositiveSmallIntegerField()),
                ("to_level", models.PositiveSmallIntegerField()),
                ("is_immediate", models.BooleanField(default=False)),
                ("reason", models.TextField()),
                ("refusals", models.PositiveSmallIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.UUIDField(null=True)),
                ("answer_by", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="casework.case"
                    ),
                ),
                (
                    "from_team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps_sent", to="organisations.team"
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="casework.review",
                    ),
                ),
                (
                    "to_team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps_received",
                        to="organisations.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Disagreement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("who", models.CharField(max_length=160)),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("moves", "Agreed: the family moves"),
                            ("stays", "Agreed: the family stays where it is"),
                            ("onwards", "Not agreed: the next step"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.UUIDField(null=True)),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="disagreements", to="casework.step"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StepAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for the receiving team"),
                            ("refused", "Refused once"),
                            ("asked_again", "Asked again"),
                            ("disagreed", "The teams disagree"),
                            ("accepted", "Accepted"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField(null=True)),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="casework.step"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SustainedCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("due_on", models.DateField()),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("lasted", "The change has lasted"),
                            ("partly", "Some of it has lasted"),
                            ("not", "It has not lasted"),
                            ("unknown", "We could not find out"),
                        ],
                        max_length=8,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("checked_by", models.UUIDField(null=True)),
                (
                    "closure",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_afterwards",
                        to="casework.closure",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", joinedup.casework.lifecycle.PlanState["OPEN"])),
                fields=("family",),
                name="one_open_plan_for_a_family",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", joinedup.casework.lifecycle.PlanState["OPEN"])),
                fields=("case",),
                name="one_open_plan_for_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", joinedup.casework.lifecycle.PlanState["CLOSED"]), ("closed_at__isnull", False)),
                    models.Q(("state", joinedup.casework.lifecycle.PlanState["OPEN"]), ("closed_at__isnull", True)),
                    _connector="OR",
                ),
                name="plan_closed_has_a_date",
            ),
        ),
        migrations.AddIndex(
            model_name="planchange",
            index=models.Index(fields=["plan", "-at"], name="casework_plan_changes"),
        ),
        migrations.AddConstraint(
            model_name="planchild",
            constraint=models.UniqueConstraint(fields=("plan", "person"), name="plan_child_once"),
        ),
        migrations.AddConstraint(
            model_name="planchild",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), ("leads", True)),
                fields=("person",),
                name="one_lead_for_a_child",
            ),
        ),
        migrations.AddConstraint(
            model_name="planneed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_code", ""), ("ended_at__isnull", True)),
                    models.Q(models.Q(("end_code", ""), _negated=True), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="plan_need_ended_has_an_outcome",
            ),
        ),
        migrations.AddIndex(
            model_name="planaction",
            index=models.Index(
                condition=models.Q(("removed_at__isnull", True), ("status__in", ["to_do", "under_way"])),
                fields=["post", "due_on"],
                name="casework_plan_actions_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("person__isnull", True), ("post__isnull", False)),
                    models.Q(("person__isnull", False), ("post__isnull", True)),
                    _connector="OR",
                ),
                name="plan_action_has_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["stopped", "done"]), ("ended_on__isnull", False)),
                    models.Q(models.Q(("status__in", ["stopped", "done"]), _negated=True), ("ended_on__isnull", True)),
                    _connector="OR",
                ),
                name="plan_action_ended_has_a_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", joinedup.casework.lifecycle.ReviewState["BEGUN"])),
                fields=("plan",),
                name="one_review_under_way_for_a_plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", joinedup.casework.lifecycle.ReviewState["DECIDED"]),
                        models.Q(("decision", ""), _negated=True),
                        ("next_review_on__isnull", False),
                    ),
                    models.Q(
                        ("state", joinedup.casework.lifecycle.ReviewState["BEGUN"]),
                        ("decision", ""),
                        ("decided_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="review_decided_says_what_next_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewplace",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("person__isnull", True), ("post__isnull", False)),
                    models.Q(("person__isnull", False), ("post__isnull", True)),
                    _connector="OR",
                ),
                name="review_place_of_a_post_or_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewvoice",
            constraint=models.UniqueConstraint(fields=("review", "section"), name="review_voice_once"),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(
                condition=models.Q(("state__in", ["asked_again", "disagreed", "refused", "waiting"])),
                fields=["to_team"],
                name="casework_steps_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["asked_again", "disagreed", "refused", "waiting"])),
                fields=("case",),
                name="one_live_step_for_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["asked_again", "disagreed", "refused", "waiting"]), ("ended_at__isnull", True)
                    ),
                    models.Q(
                        models.Q(("state__in", ["asked_again", "disagreed", "refused", "waiting"]), _negated=True),
                        ("ended_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="step_ended_has_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("from_level", models.F("to_level")), _negated=True),
                    ("to_level__gte", 2),
                    ("to_level__lte", 4),
                ),
                name="step_levels",
            ),
        ),
        migrations.AddConstraint(
            model_name="disagreement",
            constraint=models.UniqueConstraint(fields=("step", "number"), name="disagreement_stage_once"),
        ),
        migrations.AddConstraint(
            model_name="disagreement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("step",),
                name="one_disagreement_stage_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="sustainedcheck",
            index=models.Index(condition=models.Q(("result", "")), fields=["due_on"], name="casework_checks_due"),
        ),
        migrations.AddConstraint(
            model_name="sustainedcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("result", ""), ("checked_at__isnull", True)),
                    models.Q(models.Q(("result", ""), _negated=True), ("checked_at__isnull", False)),
                    _connector="OR",
                ),
                name="sustained_check_has_a_result",
            ),
        ),
    ]
