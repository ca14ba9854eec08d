"""All tables of the part as one step, for a new database; one that has had the steps before keeps them."""

import django.contrib.postgres.fields
import django.db.models.deletion
import joinedup.core.models.records
import joinedup.information_sharing.indicators
import joinedup.information_sharing.lifecycle
from django.db import migrations, models


from joinedup.core.database import MakeTables


def add(apps, schema_editor):
    from joinedup.information_sharing.codes import STARTING_BASES

    basis = apps.get_model("information_sharing", "LawfulBasis").objects.using(schema_editor.connection.alias)
    for each in STARTING_BASES:
        facts = {"name": each.name, "words": each.words, "source": each.source}
        basis.get_or_create(code=each.code, defaults=facts)


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("information_sharing", "0001_initial"),
        ("information_sharing", "0002_starting_bases"),
        ("information_sharing", "0003_indicators"),
        ("information_sharing", "0004_nothing_deleted_along"),
        ("information_sharing", "0005_agreements_brought_over"),
        ("information_sharing", "0006_proposals"),
        ("information_sharing", "0007_basis_for_its_questions"),
        ("information_sharing", "0008_consents"),
    ]

    dependencies = [
        ("organisations", "0001_squashed_0003_data_leads"),
        ("person_index", "0001_squashed_0018_sealed_file_withdrawn"),
    ]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="Indicator",
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
                        ("name", models.CharField(max_length=120, unique=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Agreement",
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
                        ("title", models.CharField(max_length=200)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "draft"),
                                    ("signed", "signed"),
                                    ("in_force", "in_force"),
                                    ("expired", "expired"),
                                    ("ended", "ended"),
                                ],
                                default=joinedup.information_sharing.lifecycle.AgreementState["DRAFT"],
                                max_length=10,
                            ),
                        ),
                        (
                            "purposes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=20), size=None
                            ),
                        ),
                        ("purpose_words", models.TextField(blank=True)),
                        ("impact_assessment", models.CharField(blank=True, max_length=60)),
                        ("impact_assessed_on", models.DateField(null=True)),
                        ("starts_on", models.DateField(null=True)),
                        ("review_on", models.DateField(null=True)),
                        ("expires_on", models.DateField(null=True)),
                        ("kept_for", models.CharField(blank=True, max_length=300)),
                        ("how_to_object", models.CharField(blank=True, max_length=500)),
                        ("drafted_at", models.DateTimeField()),
                        ("ended_on", models.DateField(null=True)),
                        ("reminded_of", models.DateField(null=True)),
                        (
                            "replaces",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="information_sharing.agreement",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="AgreementBroughtOver",
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
                        ("reference", models.CharField(max_length=60, unique=True)),
                        ("as_supplied", models.JSONField()),
                        ("digest", models.CharField(max_length=64)),
                        ("brought_at", models.DateTimeField()),
                        (
                            "agreement",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="brought_over",
                                to="information_sharing.agreement",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AgreementParty",
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
                        ("signatory", models.CharField(blank=True, max_length=120)),
                        ("signatory_title", models.CharField(blank=True, max_length=120)),
                        ("signed_on", models.DateField(null=True)),
                        ("recorded_by", models.UUIDField(null=True)),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parties",
                                to="information_sharing.agreement",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="agreement_places",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "records_from",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="AgreementItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30)),
                        ("name", models.CharField(max_length=160)),
                        ("is_allowed", models.BooleanField(default=True)),
                        ("justification", models.CharField(max_length=500)),
                        ("minimum_age", models.PositiveSmallIntegerField(null=True)),
                        ("maximum_age", models.PositiveSmallIntegerField(null=True)),
                        ("years_back", models.PositiveSmallIntegerField(null=True)),
                        (
                            "levels",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(), default=list, size=None
                            ),
                        ),
                        ("column", models.CharField(blank=True, max_length=60)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        (
                            "party",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="information_sharing.agreementparty",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="AgreementPost",
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
                        ("part", models.CharField(choices=[("asks", "asks"), ("answers", "answers")], max_length=8)),
                        ("named_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="posts",
                                to="information_sharing.agreement",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="agreement_places",
                                to="organisations.post",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="AgreementReview",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reviewed_at", models.DateTimeField()),
                        ("by", models.UUIDField(null=True)),
                        ("words", models.TextField()),
                        ("next_review_on", models.DateField()),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reviews",
                                to="information_sharing.agreement",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="AgreementTransition",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("start", models.CharField(blank=True, max_length=10)),
                        ("end", models.CharField(max_length=10)),
                        ("at", models.DateTimeField()),
                        ("by", models.UUIDField(null=True)),
                        ("reason", models.CharField(blank=True, max_length=500)),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="transitions",
                                to="information_sharing.agreement",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Answer",
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
                        ("number", models.PositiveSmallIntegerField(default=1)),
                        ("correction_reason", models.CharField(blank=True, max_length=500)),
                        ("answered_at", models.DateTimeField()),
                        (
                            "involvement",
                            models.CharField(
                                choices=[
                                    ("current", "current"),
                                    ("historic", "historic"),
                                    ("none_found", "none_found"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("service", models.CharField(blank=True, max_length=160)),
                        ("worker", models.CharField(blank=True, max_length=120)),
                        ("worker_role", models.CharField(blank=True, max_length=120)),
                        ("phone", models.CharField(blank=True, max_length=30)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("started_on", models.DateField(null=True)),
                        ("last_contact_on", models.DateField(null=True)),
                        ("as_of", models.DateField()),
                        ("coverage_from", models.DateField(null=True)),
                        ("coverage_to", models.DateField(null=True)),
                        ("coverage_area", models.CharField(blank=True, max_length=160)),
                        ("proportionality", models.TextField()),
                        ("level_of_need", models.PositiveSmallIntegerField(null=True)),
                        ("judgement", models.TextField(blank=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.post",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="AnswerItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30)),
                        ("name", models.CharField(max_length=160)),
                        ("words", models.TextField()),
                        ("happened_on", models.DateField(null=True)),
                        ("source", models.CharField(blank=True, max_length=160)),
                        ("source_day", models.DateField(null=True)),
                        (
                            "answer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="information_sharing.answer",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="BasisGiven",
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
                        ("reason", models.TextField()),
                        (
                            "people",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.UUIDField(), default=list, size=None
                            ),
                        ),
                        (
                            "organisations",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.UUIDField(), default=list, size=None
                            ),
                        ),
                        ("ends_on", models.DateField(null=True)),
                        ("given_at", models.DateTimeField()),
                        ("given_by", models.UUIDField(null=True)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        (
                            "post",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.post",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="HelpAgreed",
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
                        ("given_by", models.CharField(blank=True, max_length=160)),
                        (
                            "capacity",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("parental_responsibility", "parental_responsibility"),
                                    ("competent_young_person", "competent_young_person"),
                                    ("sixteen_and_over", "sixteen_and_over"),
                                    ("themselves", "themselves"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("reasons", models.TextField(blank=True)),
                        (
                            "evidence",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("signed", "signed"),
                                    ("in_person", "in_person"),
                                    ("by_phone", "by_phone"),
                                    ("in_writing", "in_writing"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        ("given_on", models.DateField()),
                        ("expires_on", models.DateField(null=True)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        ("withdrawn_reason", models.CharField(blank=True, max_length=500)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="person_index.person"
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.post",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="IndicatorLook",
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
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("offered_help", "offered_help"),
                                    ("already_helped", "already_helped"),
                                    ("false_positive", "false_positive"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("reason", models.TextField()),
                        ("looked_at", models.DateTimeField()),
                        ("looked_by", models.UUIDField(null=True)),
                        (
                            "observations",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.UUIDField(), default=list, size=None
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="indicator_looks",
                                to="person_index.person",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.post",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="IndicatorVersion",
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
                        ("number", models.PositiveSmallIntegerField(default=1)),
                        ("wording", models.CharField(max_length=300)),
                        (
                            "weight",
                            models.CharField(
                                choices=[("strong", "strong"), ("moderate", "moderate"), ("slight", "slight")],
                                max_length=10,
                            ),
                        ),
                        ("conditions", models.JSONField()),
                        (
                            "joined",
                            models.CharField(
                                choices=[("all", "all"), ("any", "any")],
                                default=joinedup.information_sharing.indicators.Joined["ALL"],
                                max_length=3,
                            ),
                        ),
                        ("window_days", models.PositiveSmallIntegerField()),
                        ("minimum_age", models.PositiveSmallIntegerField(null=True)),
                        ("maximum_age", models.PositiveSmallIntegerField(null=True)),
                        ("agreed_by", models.CharField(max_length=200)),
                        ("agreed_on", models.DateField()),
                        ("review_on", models.DateField()),
                        ("declared_at", models.DateTimeField()),
                        ("declared_by", models.UUIDField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("ended_by", models.UUIDField(null=True)),
                        ("end_reason", models.CharField(blank=True, max_length=500)),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="indicators",
                                to="information_sharing.agreement",
                            ),
                        ),
                        (
                            "indicator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="information_sharing.indicator",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="IndicatorLookReason",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "look",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reasons",
                                to="information_sharing.indicatorlook",
                            ),
                        ),
                        (
                            "indicator_version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="looks",
                                to="information_sharing.indicatorversion",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="InformationRequest",
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
                        ("purpose", models.CharField(max_length=20)),
                        ("subject_kind", models.CharField(max_length=60)),
                        ("subject_id", models.CharField(max_length=60)),
                        ("family_id", models.UUIDField(null=True)),
                        ("level", models.PositiveSmallIntegerField()),
                        ("rating", models.CharField(blank=True, max_length=10)),
                        ("family_agrees", models.BooleanField(default=False)),
                        ("reason", models.TextField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("asked", "asked"),
                                    ("opened", "opened"),
                                    ("answered", "answered"),
                                    ("refused", "refused"),
                                    ("withdrawn", "withdrawn"),
                                    ("closed", "closed"),
                                ],
                                default=joinedup.information_sharing.lifecycle.RequestState["ASKED"],
                                max_length=10,
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("opened_at", models.DateTimeField(null=True)),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="requests",
                                to="information_sharing.agreement",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="asked_requests",
                                to="organisations.post",
                            ),
                        ),
                        (
                            "basis_given",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="requests",
                                to="information_sharing.basisgiven",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.post",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="information_requests",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="information_requests",
                                to="person_index.person",
                            ),
                        ),
                    ],
                ),
                migrations.AddField(
                    model_name="answer",
                    name="request",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="information_sharing.informationrequest",
                    ),
                ),
                migrations.CreateModel(
                    name="LawfulBasis",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30, unique=True)),
                        ("name", models.CharField(max_length=120)),
                        ("words", models.CharField(max_length=600)),
                        ("source", models.CharField(max_length=300)),
                        ("is_verified", models.BooleanField(default=False)),
                        ("verified_by", models.UUIDField(null=True)),
                        ("verified_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_verified", False), ("verified_at__isnull", False), _connector="OR"
                                ),
                                name="basis_verified_at_a_time",
                            )
                        ],
                    },
                ),
                migrations.AddField(
                    model_name="indicatorversion",
                    name="basis",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="indicators",
                        to="information_sharing.lawfulbasis",
                    ),
                ),
                migrations.CreateModel(
                    name="IndicatorProposal",
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
                        ("wording", models.CharField(max_length=300)),
                        ("reason", models.CharField(blank=True, max_length=500)),
                        ("conditions", models.JSONField(default=list)),
                        (
                            "joined",
                            models.CharField(
                                choices=[("all", "all"), ("any", "any")],
                                default=joinedup.information_sharing.indicators.Joined["ALL"],
                                max_length=3,
                            ),
                        ),
                        ("window_days", models.PositiveSmallIntegerField(null=True)),
                        ("minimum_age", models.PositiveSmallIntegerField(null=True)),
                        ("maximum_age", models.PositiveSmallIntegerField(null=True)),
                        (
                            "weight",
                            models.CharField(
                                blank=True,
                                choices=[("strong", "strong"), ("moderate", "moderate"), ("slight", "slight")],
                                max_length=10,
                            ),
                        ),
                        ("review_on", models.DateField(null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "draft"),
                                    ("proposed", "proposed"),
                                    ("agreed", "agreed"),
                                    ("declined", "declined"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                default=joinedup.information_sharing.lifecycle.ProposalState["DRAFT"],
                                max_length=9,
                            ),
                        ),
                        ("begun_at", models.DateTimeField()),
                        ("begun_by", models.UUIDField(null=True)),
                        ("proposed_at", models.DateTimeField(null=True)),
                        ("proposed_by", models.UUIDField(null=True)),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("decided_by", models.UUIDField(null=True)),
                        ("decision_reason", models.CharField(blank=True, max_length=500)),
                        (
                            "agreement",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="information_sharing.agreement",
                            ),
                        ),
                        (
                            "indicator",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposals",
                                to="information_sharing.indicator",
                            ),
                        ),
                        (
                            "made",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposal",
                                to="information_sharing.indicatorversion",
                            ),
                        ),
                        (
                            "basis",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="information_sharing.lawfulbasis",
                            ),
                        ),
                    ],
                ),
                migrations.AddField(
                    model_name="basisgiven",
                    name="basis",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="information_sharing.lawfulbasis",
                    ),
                ),
                migrations.AddField(
                    model_name="answer",
                    name="basis",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="information_sharing.lawfulbasis",
                    ),
                ),
                migrations.CreateModel(
                    name="AgreementBasis",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bases",
                                to="information_sharing.agreement",
                            ),
                        ),
                        (
                            "basis",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="agreements",
                                to="information_sharing.lawfulbasis",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Refusal",
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
                        ("item_code", models.CharField(blank=True, max_length=30)),
                        ("item_name", models.CharField(blank=True, max_length=160)),
                        (
                            "reason_code",
                            models.CharField(
                                choices=[
                                    ("more_harm", "more_harm"),
                                    ("not_proportionate", "not_proportionate"),
                                    ("no_basis", "no_basis"),
                                    ("live_investigation", "live_investigation"),
                                    ("confidence", "confidence"),
                                    ("cannot_identify", "cannot_identify"),
                                    ("not_held", "not_held"),
                                    ("other", "other"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("words", models.TextField(blank=True)),
                        ("refused_at", models.DateTimeField()),
                        ("refused_by", models.UUIDField(null=True)),
                        (
                            "answer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refusals",
                                to="information_sharing.answer",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sharing_refusals",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.post",
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refusals",
                                to="information_sharing.informationrequest",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="RequestTransition",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("start", models.CharField(blank=True, max_length=10)),
                        ("end", models.CharField(max_length=10)),
                        ("at", models.DateTimeField()),
                        ("by", models.UUIDField(null=True)),
                        ("reason", models.CharField(blank=True, max_length=500)),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="transitions",
                                to="information_sharing.informationrequest",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="SharingBasis",
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
                        ("given_by", models.CharField(blank=True, max_length=160)),
                        (
                            "capacity",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("parental_responsibility", "parental_responsibility"),
                                    ("competent_young_person", "competent_young_person"),
                                    ("sixteen_and_over", "sixteen_and_over"),
                                    ("themselves", "themselves"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("reasons", models.TextField(blank=True)),
                        (
                            "evidence",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("signed", "signed"),
                                    ("in_person", "in_person"),
                                    ("by_phone", "by_phone"),
                                    ("in_writing", "in_writing"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "organisations",
                            django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                        ),
                        (
                            "information",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=30), size=None
                            ),
                        ),
                        ("reason", models.TextField(blank=True)),
                        ("starts_on", models.DateField()),
                        ("expires_on", models.DateField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("ended_reason", models.CharField(blank=True, max_length=500)),
                        (
                            "basis",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="information_sharing.lawfulbasis",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="person_index.person"
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.post",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="SharingDeclined",
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
                        ("given_by", models.CharField(blank=True, max_length=160)),
                        (
                            "capacity",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("parental_responsibility", "parental_responsibility"),
                                    ("competent_young_person", "competent_young_person"),
                                    ("sixteen_and_over", "sixteen_and_over"),
                                    ("themselves", "themselves"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("reasons", models.TextField(blank=True)),
                        (
                            "evidence",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("signed", "signed"),
                                    ("in_person", "in_person"),
                                    ("by_phone", "by_phone"),
                                    ("in_writing", "in_writing"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "organisations",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.UUIDField(), default=list, size=None
                            ),
                        ),
                        (
                            "information",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=30), default=list, size=None
                            ),
                        ),
                        ("declined_on", models.DateField()),
                        ("words", models.TextField()),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="person_index.person"
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.post",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Withdrawal",
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
                        ("given_by", models.CharField(blank=True, max_length=160)),
                        (
                            "capacity",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("parental_responsibility", "parental_responsibility"),
                                    ("competent_young_person", "competent_young_person"),
                                    ("sixteen_and_over", "sixteen_and_over"),
                                    ("themselves", "themselves"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("reasons", models.TextField(blank=True)),
                        (
                            "evidence",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("signed", "signed"),
                                    ("in_person", "in_person"),
                                    ("by_phone", "by_phone"),
                                    ("in_writing", "in_writing"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        ("withdrew_help", models.BooleanField()),
                        ("withdrew_sharing", models.BooleanField()),
                        ("words", models.TextField()),
                        ("ended", models.JSONField(default=dict)),
                        ("due_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "decision",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("stop", "stop"),
                                    ("continue_agreed", "continue_agreed"),
                                    ("other_basis", "other_basis"),
                                    ("statutory", "statutory"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("decision_reason", models.TextField(blank=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.post",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="person_index.person"
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.post",
                            ),
                        ),
                    ],
                ),
                migrations.AddConstraint(
                    model_name="agreement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on__isnull", True),
                            ("expires_on__isnull", True),
                            ("expires_on__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="agreement_starts_before_it_expires",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "ended"]),
                            models.Q(("expires_on__isnull", False), ("starts_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="agreement_signed_has_dates",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ended"), _negated=True), ("ended_on__isnull", False), _connector="OR"
                        ),
                        name="agreement_ended_on_a_day",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreementparty",
                    constraint=models.UniqueConstraint(
                        fields=("agreement", "organisation"), name="agreement_party_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreementparty",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("signed_on__isnull", True), models.Q(("signatory", ""), _negated=True), _connector="OR"
                        ),
                        name="agreement_signed_by_somebody",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreementitem",
                    constraint=models.UniqueConstraint(fields=("party", "code"), name="agreement_item_once"),
                ),
                migrations.AddConstraint(
                    model_name="agreementitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("justification", ""), _negated=True), name="agreement_item_justified"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreementitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_age__isnull", True),
                            ("maximum_age__isnull", True),
                            ("maximum_age__gte", models.F("minimum_age")),
                            _connector="OR",
                        ),
                        name="agreement_item_ages_run_up",
                    ),
                ),
                migrations.AddIndex(
                    model_name="agreementpost",
                    index=models.Index(fields=["post", "part"], name="sharing_post_named"),
                ),
                migrations.AddConstraint(
                    model_name="agreementpost",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("agreement", "post", "part", "organisation"),
                        name="agreement_post_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="answeritem",
                    constraint=models.UniqueConstraint(fields=("answer", "code"), name="answer_item_once"),
                ),
                migrations.AddIndex(
                    model_name="helpagreed",
                    index=models.Index(fields=["subject_kind", "subject_id", "person"], name="sharing_help_agreed"),
                ),
                migrations.AddConstraint(
                    model_name="helpagreed",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("capacity", "competent_young_person"), _negated=True),
                            models.Q(("reasons", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="help_agreed_competence_reasoned",
                    ),
                ),
                migrations.AddIndex(
                    model_name="indicatorlook",
                    index=models.Index(fields=["person", "-looked_at"], name="sharing_look_newest"),
                ),
                migrations.AddConstraint(
                    model_name="indicatorlook",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="indicator_look_has_a_reason"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="indicatorlookreason",
                    constraint=models.UniqueConstraint(
                        fields=("look", "indicator_version"), name="indicator_look_once"
                    ),
                ),
                migrations.AddIndex(
                    model_name="informationrequest",
                    index=models.Index(fields=["subject_kind", "subject_id"], name="sharing_request_subject"),
                ),
                migrations.AddIndex(
                    model_name="informationrequest",
                    index=models.Index(fields=["asked_by", "-asked_at"], name="sharing_request_asked"),
                ),
                migrations.AddIndex(
                    model_name="informationrequest",
                    index=models.Index(
                        condition=models.Q(("state__in", ["asked", "opened"])),
                        fields=["organisation", "due_at"],
                        name="sharing_request_waiting",
                    ),
                ),
                migrations.AddIndex(
                    model_name="informationrequest",
                    index=models.Index(
                        condition=models.Q(("state__in", ["withdrawn", "closed"]), _negated=True),
                        fields=["agreement"],
                        name="sharing_request_live",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="informationrequest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("level__gte", 1), ("level__lte", 4)), name="request_level_1_to_4"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="informationrequest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("level", 4), ("family_agrees", True), ("basis_given__isnull", False), _connector="OR"
                        ),
                        name="request_agreed_or_based",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="informationrequest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["withdrawn", "closed"]), ("ended_at__isnull", False)),
                            models.Q(
                                models.Q(("state__in", ["withdrawn", "closed"]), _negated=True),
                                ("ended_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="request_ended_has_a_time",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="informationrequest",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state__in", ["withdrawn", "closed"]), _negated=True),
                        fields=("organisation", "person", "purpose", "subject_kind", "subject_id"),
                        name="request_asked_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="indicatorversion",
                    constraint=models.UniqueConstraint(
                        fields=("indicator", "number"), name="indicator_version_numbered"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="indicatorversion",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("indicator",),
                        name="indicator_one_version_now",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="indicatorversion",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("review_on__gt", models.F("agreed_on"))),
                        name="indicator_reviewed_after_agreed",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="indicatorversion",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agreed_by", ""), _negated=True), models.Q(("wording", ""), _negated=True)
                        ),
                        name="indicator_agreed_and_worded",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="indicatorversion",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), models.Q(("end_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="indicator_ends_with_a_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="indicatorproposal",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(
                            ("indicator__isnull", False),
                            (
                                "state__in",
                                [
                                    joinedup.information_sharing.lifecycle.ProposalState["DRAFT"],
                                    joinedup.information_sharing.lifecycle.ProposalState["PROPOSED"],
                                ],
                            ),
                        ),
                        fields=("indicator",),
                        name="indicator_one_change_at_a_time",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="indicatorproposal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", joinedup.information_sharing.lifecycle.ProposalState["AGREED"]), _negated=True
                            ),
                            ("made__isnull", False),
                            _connector="OR",
                        ),
                        name="indicator_agreed_is_in_use",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="indicatorproposal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", joinedup.information_sharing.lifecycle.ProposalState["AGREED"]), _negated=True
                            ),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="indicator_agreed_by_another",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="basisgiven",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("subject_kind", "subject_id"),
                        name="one_basis_given_for_a_matter",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="answer",
                    constraint=models.UniqueConstraint(fields=("request", "number"), name="answer_numbered"),
                ),
                migrations.AddConstraint(
                    model_name="answer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("number", 1), models.Q(("correction_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="answer_corrected_for_a_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="answer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("level_of_need__isnull", True),
                            models.Q(("level_of_need__gte", 1), ("level_of_need__lte", 4)),
                            _connector="OR",
                        ),
                        name="answer_level_1_to_4",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="answer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("coverage_from__isnull", True),
                            ("coverage_to__isnull", True),
                            ("coverage_to__gte", models.F("coverage_from")),
                            _connector="OR",
                        ),
                        name="answer_coverage_runs_forward",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreementbasis",
                    constraint=models.UniqueConstraint(fields=("agreement", "basis"), name="agreement_basis_once"),
                ),
                migrations.AddIndex(
                    model_name="refusal",
                    index=models.Index(
                        fields=["organisation", "reason_code", "-refused_at"], name="sharing_refusal_counted"
                    ),
                ),
                migrations.AddIndex(
                    model_name="refusal",
                    index=models.Index(fields=["-refused_at"], name="sharing_refusal_newest"),
                ),
                migrations.AddConstraint(
                    model_name="refusal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("item_code", ""), ("answer__isnull", True)),
                            models.Q(models.Q(("item_code", ""), _negated=True), ("answer__isnull", False)),
                            _connector="OR",
                        ),
                        name="refusal_of_a_request_or_of_an_item",
                    ),
                ),
                migrations.AddIndex(
                    model_name="sharingbasis",
                    index=models.Index(fields=["subject_kind", "subject_id", "person"], name="sharing_bases_of"),
                ),
                migrations.AddIndex(
                    model_name="sharingbasis",
                    index=models.Index(fields=["person"], name="sharing_bases_person"),
                ),
                migrations.AddConstraint(
                    model_name="sharingbasis",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis__isnull", True), models.Q(("capacity", ""), _negated=True)),
                            models.Q(("basis__isnull", False), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="sharing_agreed_or_reasoned",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="sharingbasis",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("expires_on__gte", models.F("starts_on"))),
                        name="sharing_ends_after_it_begins",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="sharingbasis",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("capacity", "competent_young_person"), _negated=True),
                            models.Q(("reasons", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="sharing_competence_reasoned",
                    ),
                ),
                migrations.AddIndex(
                    model_name="sharingdeclined",
                    index=models.Index(fields=["subject_kind", "subject_id", "person"], name="sharing_declined"),
                ),
                migrations.AddIndex(
                    model_name="withdrawal",
                    index=models.Index(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=["due_at"],
                        name="sharing_withdrawal_waiting",
                    ),
                ),
                migrations.AddIndex(
                    model_name="withdrawal",
                    index=models.Index(fields=["subject_kind", "subject_id"], name="sharing_withdrawal_of"),
                ),
                migrations.AddConstraint(
                    model_name="withdrawal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", ""), ("decided_at__isnull", True)),
                            models.Q(models.Q(("decision", ""), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="withdrawal_decided_at_a_time",
                    ),
                ),
            ]
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
