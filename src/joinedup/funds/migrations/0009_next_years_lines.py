"""How next year's lines are prepared and made. What was made is never changed."""

import django.db.models.deletion
import django.db.models.expressions
import joinedup.core.models.records
from django.db import migrations, models

from joinedup.core.database import MakeTables, seal_table


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0008_proposed_contributions"),
    ]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="NextYearMade",
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
                        ("year", models.PositiveSmallIntegerField()),
                        ("before_pence", models.BigIntegerField()),
                        ("total_pence", models.BigIntegerField()),
                        ("digest", models.CharField(max_length=64)),
                        ("at", models.DateTimeField()),
                        ("by", models.UUIDField(null=True)),
                        (
                            "fund",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="next_years_made",
                                to="funds.fund",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="NextYearSaid",
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
                        ("uplift", models.IntegerField(default=0)),
                        ("efficiency", models.IntegerField(default=0)),
                        ("planned_pence", models.BigIntegerField(default=0)),
                        ("why", models.CharField(blank=True, max_length=300)),
                        ("said_at", models.DateTimeField()),
                        ("said_by", models.UUIDField(null=True)),
                        (
                            "line",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="next_year_said",
                                to="funds.budgetline",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="NextYearStep",
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
                        ("before_pence", models.BigIntegerField()),
                        ("once_pence", models.BigIntegerField()),
                        ("recurrent_pence", models.BigIntegerField()),
                        ("uplift", models.IntegerField()),
                        ("uplift_pence", models.BigIntegerField()),
                        ("planned_pence", models.BigIntegerField()),
                        ("efficiency", models.IntegerField()),
                        ("efficiency_pence", models.BigIntegerField()),
                        ("pence", models.BigIntegerField()),
                        ("why", models.CharField(blank=True, max_length=300)),
                        (
                            "before",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="next_year_steps",
                                to="funds.budgetline",
                            ),
                        ),
                        (
                            "made",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="made_from",
                                to="funds.budgetline",
                            ),
                        ),
                        (
                            "whole",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="funds.nextyearmade",
                            ),
                        ),
                    ],
                ),
                migrations.AddConstraint(
                    model_name="nextyearmade",
                    constraint=models.UniqueConstraint(fields=("fund", "year"), name="funds_next_year_made_once"),
                ),
                migrations.AddConstraint(
                    model_name="nextyearsaid",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("efficiency__gte", 0),
                            ("efficiency__lte", 10000),
                            ("uplift__gte", -10000),
                            ("uplift__lte", 10000),
                        ),
                        name="funds_next_year_rates",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="nextyearsaid",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("planned_pence", 0), models.Q(("why", ""), _negated=True), _connector="OR"),
                        name="funds_next_year_planned_says_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="nextyearstep",
                    constraint=models.UniqueConstraint(fields=("whole", "before"), name="funds_next_year_step_once"),
                ),
                migrations.AddConstraint(
                    model_name="nextyearstep",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "pence",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("before_pence"), "+", models.F("once_pence")
                                                ),
                                                "+",
                                                models.F("recurrent_pence"),
                                            ),
                                            "+",
                                            models.F("uplift_pence"),
                                        ),
                                        "+",
                                        models.F("planned_pence"),
                                    ),
                                    "+",
                                    models.F("efficiency_pence"),
                                ),
                            )
                        ),
                        name="funds_next_year_step_adds_up",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="nextyearstep",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("pence__gte", 0)), name="funds_next_year_step_not_below"
                    ),
                ),
            ]
        ),
        *seal_table("funds_nextyearmade"),
        *seal_table("funds_nextyearstep"),
    ]
