"""That whoever answers was told of a late answer. The conditions over states say what they said, in one order for good."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

_LIVE = ["asked_again", "disagreed", "refused", "waiting"]
_ENDED = ["done", "stopped"]
_WAITING = ["asked", "complete", "disagreed", "listed", "more_information"]


class Migration(migrations.Migration):
    dependencies = [("casework", "0014_qualified_lead")]

    operations = [
        migrations.CreateModel(
            name="LateAnswerChased",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("step", "step"),
                            ("stage", "stage"),
                            ("withdrawal", "withdrawal"),
                            ("check", "check"),
                        ],
                        max_length=12,
                    ),
                ),
                ("about_id", models.UUIDField()),
                ("due_at", models.DateTimeField()),
                ("chased_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="late_answers_chased",
                        to="casework.case",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "about_id", "due_at"), name="late_answer_chased_once")
                ],
            },
        ),
        # The database keeps the constraints and indexes it has: only the order in which their states are written differs.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint(model_name="panelrequest", name="one_panel_request_for_a_child"),
                migrations.RemoveConstraint(model_name="planaction", name="plan_action_ended_has_a_date"),
                migrations.RemoveConstraint(model_name="step", name="one_live_step_for_a_case"),
                migrations.RemoveConstraint(model_name="step", name="step_ended_has_a_moment"),
                migrations.RemoveIndex(model_name="panelrequest", name="casework_panel_waiting"),
                migrations.RemoveIndex(model_name="step", name="casework_steps_waiting"),
                migrations.AddIndex(
                    model_name="panelrequest",
                    index=models.Index(
                        condition=Q(state__in=_WAITING), fields=["due_at"], name="casework_panel_waiting"
                    ),
                ),
                migrations.AddIndex(
                    model_name="step",
                    index=models.Index(condition=Q(state__in=_LIVE), fields=["to_team"], name="casework_steps_waiting"),
                ),
                migrations.AddConstraint(
                    model_name="panelrequest",
                    constraint=models.UniqueConstraint(
                        condition=Q(state__in=_WAITING), fields=("case", "child"), name="one_panel_request_for_a_child"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="planaction",
                    constraint=models.CheckConstraint(
                        condition=(Q(status__in=_ENDED) & Q(ended_on__isnull=False))
                        | (~Q(status__in=_ENDED) & Q(ended_on__isnull=True)),
                        name="plan_action_ended_has_a_date",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="step",
                    constraint=models.UniqueConstraint(
                        condition=Q(state__in=_LIVE), fields=("case",), name="one_live_step_for_a_case"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="step",
                    constraint=models.CheckConstraint(
                        condition=(Q(state__in=_LIVE) & Q(ended_at__isnull=True))
                        | (~Q(state__in=_LIVE) & Q(ended_at__isnull=False)),
                        name="step_ended_has_a_moment",
                    ),
                ),
            ]
        ),
    ]
