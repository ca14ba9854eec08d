"""Tables of the risk register, of what proposals mean, of the integration framework and of the reports on it."""

import django.db.models.deletion
import joinedup.core.models.records
import joinedup.governance.models.framework
from joinedup.core.database import MakeTables, seal_table
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0001_initial"),
        ("organisations", "0006_board_roles"),
    ]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="Layer",
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
                        ("name", models.CharField(max_length=80)),
                        ("position", models.PositiveSmallIntegerField(unique=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="OtherReport",
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
                        ("partnership", models.CharField(max_length=160)),
                        ("period", models.CharField(max_length=80)),
                        ("ends_on", models.DateField()),
                        ("file_name", models.CharField(max_length=200)),
                        ("digest", models.CharField(max_length=64)),
                        ("source", models.CharField(blank=True, max_length=300)),
                        ("imported_at", models.DateTimeField()),
                        ("imported_by", models.UUIDField(null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Element",
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
                        ("letter", models.CharField(max_length=3)),
                        ("name", models.CharField(max_length=160)),
                        ("words", models.TextField(blank=True)),
                        ("judged", models.TextField(blank=True)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(null=True)),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="framework_elements",
                                to="organisations.post",
                            ),
                        ),
                        (
                            "layer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="elements",
                                to="governance.layer",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Implications",
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
                        ("financial", models.TextField()),
                        ("environmental", models.TextField()),
                        ("written_at", models.DateTimeField()),
                        ("written_by", models.UUIDField(null=True)),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="implications",
                                to="governance.agendaitem",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="OtherEntry",
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
                        ("letter", models.CharField(max_length=3)),
                        ("name", models.CharField(max_length=160)),
                        (
                            "colour",
                            models.CharField(
                                choices=[
                                    ("green", "Green"),
                                    ("green_amber", "Green/amber"),
                                    ("amber", "Amber"),
                                    ("amber_red", "Amber/red"),
                                    ("red", "Red"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("reason", models.TextField(blank=True)),
                        (
                            "report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="governance.otherreport",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ProgressReport",
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
                        ("state", models.CharField(max_length=10)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        ("purpose", models.TextField(blank=True)),
                        ("background", models.TextField(blank=True)),
                        ("environmental", models.TextField(blank=True)),
                        ("risks", models.TextField(blank=True)),
                        ("financial", models.TextField(blank=True)),
                        ("options", models.TextField(blank=True)),
                        ("proposal", models.TextField(blank=True)),
                        ("is_illustration", models.BooleanField(default=False)),
                        ("begun_at", models.DateTimeField()),
                        ("begun_by", models.UUIDField(null=True)),
                        (
                            "board",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="progress_reports",
                                to="governance.board",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PublishedReport",
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
                        ("content", models.JSONField(default=joinedup.governance.models.framework._nothing)),
                        ("evidence_digest", models.CharField(max_length=64)),
                        ("digest", models.CharField(max_length=64)),
                        ("published_at", models.DateTimeField()),
                        ("published_by", models.UUIDField(null=True)),
                        (
                            "report",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="published",
                                to="governance.progressreport",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ReportEntry",
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
                        ("done", models.TextField(blank=True)),
                        ("remains", models.TextField(blank=True)),
                        ("compared", models.TextField(blank=True)),
                        (
                            "colour",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("green", "Green"),
                                    ("green_amber", "Green/amber"),
                                    ("amber", "Amber"),
                                    ("amber_red", "Amber/red"),
                                    ("red", "Red"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("reason", models.TextField(blank=True)),
                        ("second_reason", models.TextField(blank=True)),
                        ("written_at", models.DateTimeField(null=True)),
                        ("written_by", models.UUIDField(null=True)),
                        (
                            "element",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="governance.element",
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="governance.progressreport",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Risk",
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
                                    ("children", "Individual children and young people"),
                                    ("partnership", "Partnership working"),
                                    ("policy", "Government policy"),
                                    ("staff", "Staff expertise and training"),
                                    ("governance", "Governance"),
                                    ("inspection", "Inspection demands and outcomes"),
                                    ("other", "Other"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("kind_words", models.CharField(blank=True, max_length=80)),
                        ("title", models.CharField(max_length=160)),
                        ("cause", models.TextField()),
                        ("event", models.TextField()),
                        ("effect", models.TextField()),
                        ("review_months", models.PositiveSmallIntegerField()),
                        ("next_review_on", models.DateField()),
                        ("review_told_on", models.DateField(null=True)),
                        ("raised_at", models.DateTimeField()),
                        ("raised_by", models.UUIDField(null=True)),
                        ("closed_on", models.DateField(null=True)),
                        ("closed_why", models.CharField(blank=True, max_length=400)),
                        (
                            "board",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="risks", to="governance.board"
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="risks_owned",
                                to="organisations.post",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ImplicatedRisk",
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
                            "implications",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="risks",
                                to="governance.implications",
                            ),
                        ),
                        (
                            "risk",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposals",
                                to="governance.risk",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="RiskAction",
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
                        ("due_on", models.DateField()),
                        ("set_at", models.DateTimeField()),
                        ("set_by", models.UUIDField(null=True)),
                        ("told_on", models.DateField(null=True)),
                        ("done_on", models.DateField(null=True)),
                        ("done_words", models.CharField(blank=True, max_length=400)),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="risk_actions",
                                to="organisations.post",
                            ),
                        ),
                        (
                            "risk",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="actions",
                                to="governance.risk",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="RiskAppetite",
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
                                choices=[
                                    ("children", "Individual children and young people"),
                                    ("partnership", "Partnership working"),
                                    ("policy", "Government policy"),
                                    ("staff", "Staff expertise and training"),
                                    ("governance", "Governance"),
                                    ("inspection", "Inspection demands and outcomes"),
                                    ("other", "Other"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("most", models.PositiveSmallIntegerField()),
                        ("words", models.CharField(blank=True, max_length=300)),
                        ("source", models.CharField(max_length=300)),
                        ("starts_on", models.DateField()),
                        ("set_at", models.DateTimeField()),
                        ("set_by", models.UUIDField(null=True)),
                        (
                            "board",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appetites",
                                to="governance.board",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="RiskControl",
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
                        (
                            "works",
                            models.CharField(
                                choices=[
                                    ("works", "Works"),
                                    ("partly", "Works in part"),
                                    ("not_yet", "Not in place yet"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(null=True)),
                        ("end_reason", models.CharField(blank=True, max_length=300)),
                        (
                            "risk",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="controls",
                                to="governance.risk",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="RiskReview",
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
                        ("inherent_likelihood", models.PositiveSmallIntegerField()),
                        ("inherent_impact", models.PositiveSmallIntegerField()),
                        ("current_likelihood", models.PositiveSmallIntegerField()),
                        ("current_impact", models.PositiveSmallIntegerField()),
                        ("target_likelihood", models.PositiveSmallIntegerField()),
                        ("target_impact", models.PositiveSmallIntegerField()),
                        ("why", models.TextField()),
                        ("reviewed_on", models.DateField()),
                        ("next_review_on", models.DateField()),
                        ("reviewed_at", models.DateTimeField()),
                        ("reviewed_by", models.UUIDField(null=True)),
                        (
                            "risk",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reviews",
                                to="governance.risk",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="SignedReason",
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
                        ("colour", models.CharField(max_length=12)),
                        ("banded", models.CharField(max_length=60)),
                        ("words", models.TextField()),
                        ("name", models.CharField(max_length=160)),
                        ("signed_at", models.DateTimeField()),
                        ("signed_by", models.UUIDField(null=True)),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signed",
                                to="governance.reportentry",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ElementFigure",
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
                        ("figure", models.CharField(max_length=40)),
                        (
                            "element",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="figures",
                                to="governance.element",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("element", "figure"), name="framework_figure_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FigureBand",
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
                        ("figure", models.CharField(max_length=40)),
                        ("green_from", models.DecimalField(decimal_places=2, max_digits=16)),
                        ("amber_from", models.DecimalField(decimal_places=2, max_digits=16)),
                        ("source", models.CharField(max_length=300)),
                        ("starts_on", models.DateField()),
                        ("set_on", models.DateField()),
                        ("set_at", models.DateTimeField()),
                        ("set_by", models.UUIDField(null=True)),
                        (
                            "board",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="framework_bands",
                                to="governance.board",
                            ),
                        ),
                        (
                            "element",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bands",
                                to="governance.element",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("element", "figure", "starts_on"), name="framework_band_one_a_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("set_on__lte", models.F("starts_on"))), name="framework_band_before"
                            ),
                        ],
                    },
                ),
                migrations.AddConstraint(
                    model_name="implications",
                    constraint=models.UniqueConstraint(fields=("item", "number"), name="implications_once"),
                ),
                migrations.AddConstraint(
                    model_name="element",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True)), fields=("letter",), name="framework_letter_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="element",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="framework_element_days",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="otherentry",
                    constraint=models.UniqueConstraint(fields=("report", "letter"), name="other_entry_once"),
                ),
                migrations.AddConstraint(
                    model_name="progressreport",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="progress_period"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="progressreport",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state", "draft")), fields=("board",), name="progress_one_draft"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reportentry",
                    constraint=models.UniqueConstraint(fields=("report", "element"), name="progress_entry_once"),
                ),
                migrations.AddIndex(
                    model_name="risk",
                    index=models.Index(
                        condition=models.Q(("closed_on__isnull", True)),
                        fields=["next_review_on"],
                        name="risk_reviews_due",
                    ),
                ),
                migrations.AddIndex(
                    model_name="risk",
                    index=models.Index(
                        condition=models.Q(("closed_on__isnull", True)), fields=["board"], name="risks_of_board_open"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="risk",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("review_months__range", (1, 12))), name="risk_reviewed"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="risk",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "other"), _negated=True),
                            models.Q(("kind_words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="risk_other_named",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="implicatedrisk",
                    constraint=models.UniqueConstraint(fields=("implications", "risk"), name="implicated_risk_once"),
                ),
                migrations.AddIndex(
                    model_name="riskaction",
                    index=models.Index(
                        condition=models.Q(("done_on__isnull", True)), fields=["due_on"], name="risk_actions_open"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="riskappetite",
                    constraint=models.UniqueConstraint(
                        fields=("board", "kind", "starts_on"), name="risk_appetite_one_a_day"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="riskappetite",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("most__range", (1, 25))), name="risk_appetite_on_grid"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="riskreview",
                    constraint=models.UniqueConstraint(fields=("risk", "number"), name="risk_review_once"),
                ),
                migrations.AddConstraint(
                    model_name="riskreview",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("inherent_impact__range", (1, 5)),
                            ("inherent_likelihood__range", (1, 5)),
                            ("current_impact__range", (1, 5)),
                            ("current_likelihood__range", (1, 5)),
                            ("target_impact__range", (1, 5)),
                            ("target_likelihood__range", (1, 5)),
                        ),
                        name="risk_review_on_grid",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="riskreview",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("next_review_on__gt", models.F("reviewed_on"))), name="risk_review_next"
                    ),
                ),
            ]
        ),
        *seal_table("governance_riskreview"),
        *seal_table("governance_riskappetite"),
        *seal_table("governance_implications"),
        *seal_table("governance_implicatedrisk"),
        *seal_table("governance_figureband"),
        *seal_table("governance_signedreason"),
        *seal_table("governance_publishedreport"),
        *seal_table("governance_otherreport"),
        *seal_table("governance_otherentry"),
    ]
