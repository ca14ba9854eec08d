"""All tables of the part as one step, for a new database; one that has had the steps before keeps them."""

import django.contrib.postgres.fields
import django.db.models.deletion
import joinedup.core.models.records
import joinedup.front_door.codes
import joinedup.front_door.lifecycle
from django.db import migrations, models


from joinedup.core.database import MakeTables


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("front_door", "0001_initial"),
        ("front_door", "0002_pages_notices_replies"),
        ("front_door", "0003_replies_owed"),
        ("front_door", "0004_comparing_notes"),
        ("front_door", "0005_asking"),
        ("front_door", "0006_asking_reviews"),
        ("front_door", "0007_links_end_when_opened"),
        ("front_door", "0008_guardian_reminders"),
        ("front_door", "0009_lead_offers"),
    ]

    dependencies = [
        ("casework", "0001_squashed_0010_letters_to_families"),
        ("core", "0001_squashed_0006_answers_and_abandoned"),
        ("information_sharing", "0001_squashed_0008_consents"),
        ("organisations", "0001_squashed_0003_data_leads"),
        ("person_index", "0001_squashed_0018_sealed_file_withdrawn"),
    ]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="Asking",
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
                        ("purpose", models.CharField(max_length=20)),
                        ("level", models.PositiveSmallIntegerField()),
                        ("footing", models.CharField(max_length=10)),
                        ("question", models.TextField()),
                        ("why_without_agreement", models.TextField(blank=True)),
                        ("news", models.TextField(blank=True)),
                        (
                            "organisations",
                            django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                        ),
                        ("people", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                        ("asked_by_account", models.UUIDField(null=True)),
                        ("asked_at", models.DateTimeField()),
                        ("waits_for_manager", models.BooleanField(default=False)),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("settled_by", models.UUIDField(null=True)),
                        ("not_agreed_reason", models.TextField(blank=True)),
                        (
                            "asked_by",
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
                    name="AskingReview",
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
                                choices=[("right", "right"), ("not_needed", "not_needed"), ("wrong", "wrong")],
                                max_length=12,
                            ),
                        ),
                        ("words", models.TextField()),
                        ("reviewed_at", models.DateTimeField()),
                        ("reviewed_by", models.UUIDField(null=True)),
                        (
                            "asking",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="review",
                                to="front_door.asking",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Contact",
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
                            "channel",
                            models.CharField(
                                choices=[("form", "form"), ("phone", "phone"), ("api", "api"), ("public", "public")],
                                max_length=8,
                            ),
                        ),
                        ("received_at", models.DateTimeField()),
                        ("source_code", models.CharField(max_length=2)),
                        ("referrer_name", models.CharField(blank=True, max_length=120)),
                        ("referrer_role", models.CharField(blank=True, max_length=120)),
                        ("referrer_phone", models.CharField(blank=True, max_length=30)),
                        ("referrer_email", models.CharField(blank=True, max_length=254)),
                        ("relationship_to_child", models.CharField(blank=True, max_length=120)),
                        ("is_anonymous", models.BooleanField(default=False)),
                        ("worry", models.TextField()),
                        ("going_well", models.TextField(blank=True)),
                        ("tried_already", models.TextField(blank=True)),
                        ("wanted", models.TextField(blank=True)),
                        ("childs_words", models.TextField(blank=True)),
                        ("need_code", models.CharField(blank=True, max_length=2)),
                        ("is_immediate_danger", models.BooleanField(default=False)),
                        ("is_safeguarding_concern", models.BooleanField(default=False)),
                        ("is_about_staff_member", models.BooleanField(default=False)),
                        (
                            "family_knows",
                            models.CharField(
                                choices=[("yes", "yes"), ("no", "no"), ("not_asked", "not_asked")],
                                default=joinedup.front_door.codes.Answer["NOT_ASKED"],
                                max_length=10,
                            ),
                        ),
                        (
                            "family_agrees",
                            models.CharField(
                                choices=[("yes", "yes"), ("no", "no"), ("not_asked", "not_asked")],
                                default=joinedup.front_door.codes.Answer["NOT_ASKED"],
                                max_length=10,
                            ),
                        ),
                        ("agreement_reason", models.TextField(blank=True)),
                        ("safe_contact_how", models.CharField(blank=True, max_length=20)),
                        ("safe_contact_details", models.CharField(blank=True, max_length=254)),
                        ("safe_contact_when", models.CharField(blank=True, max_length=200)),
                        ("safe_contact_not_through", models.CharField(blank=True, max_length=300)),
                        ("interpreter_language", models.CharField(blank=True, max_length=60)),
                        ("communication_needs", models.CharField(blank=True, max_length=300)),
                        ("idempotency_key", models.CharField(blank=True, max_length=80)),
                        ("as_supplied", models.JSONField(default=dict)),
                        (
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contacts",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contacts",
                                to="organisations.post",
                            ),
                        ),
                        (
                            "taken_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contacts_taken",
                                to="organisations.post",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ContactPerson",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("part", models.CharField(max_length=10)),
                        ("given_name", models.CharField(blank=True, max_length=100)),
                        ("family_name", models.CharField(blank=True, max_length=100)),
                        ("birth_date", models.DateField(null=True)),
                        ("expected_on", models.DateField(null=True)),
                        ("sex", models.CharField(default="U", max_length=1)),
                        ("address", models.CharField(blank=True, max_length=300)),
                        ("postcode", models.CharField(blank=True, max_length=8)),
                        ("is_no_fixed_address", models.BooleanField(default=False)),
                        ("nhs_number", models.CharField(blank=True, max_length=10)),
                        ("upn", models.CharField(blank=True, max_length=13)),
                        ("school", models.CharField(blank=True, max_length=160)),
                        ("relationship", models.CharField(blank=True, max_length=60)),
                        ("phone", models.CharField(blank=True, max_length=30)),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="people",
                                to="front_door.contact",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Confirmation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("group", models.CharField(max_length=20)),
                        ("answer", models.CharField(max_length=10)),
                        ("source_kind", models.CharField(max_length=8)),
                        ("source_id", models.UUIDField()),
                        ("source_said_on", models.DateField()),
                        ("answered_by", models.UUIDField(null=True)),
                        ("at", models.DateTimeField()),
                        (
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="confirmations",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="confirmations",
                                to="front_door.contact",
                            ),
                        ),
                        (
                            "contact_person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="confirmations",
                                to="front_door.contactperson",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="DutyPeriod",
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
                        ("starts_at", models.DateTimeField()),
                        ("ends_at", models.DateTimeField()),
                        ("order", models.PositiveSmallIntegerField(default=1)),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="duty_periods",
                                to="organisations.post",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="GuardianReminder",
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
                        ("told_at", models.DateTimeField()),
                        ("times", models.PositiveIntegerField(default=1)),
                        ("escalated_at", models.DateTimeField(null=True)),
                        (
                            "match",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reminder",
                                to="person_index.restrictedmatch",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="LeadOffer",
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
                        ("offered_at", models.DateTimeField()),
                        ("taken_as", models.CharField(blank=True, max_length=8)),
                        ("taken_at", models.DateTimeField(null=True)),
                        (
                            "contact",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lead_offer",
                                to="front_door.contact",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.post"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Prefill",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source_kind", models.CharField(max_length=8)),
                        ("source_id", models.UUIDField()),
                        ("fields", models.JSONField(default=list)),
                        (
                            "contact",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prefill",
                                to="front_door.contact",
                            ),
                        ),
                        (
                            "contact_person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prefills",
                                to="front_door.contactperson",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Referral",
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
                            "state",
                            models.CharField(
                                choices=[
                                    ("received", "received"),
                                    ("in_triage", "in_triage"),
                                    ("proposed", "proposed"),
                                    ("decided", "decided"),
                                    ("allocated", "allocated"),
                                    ("handed_over", "handed_over"),
                                    ("passed_to_case", "passed_to_case"),
                                    ("closed", "closed"),
                                ],
                                default=joinedup.front_door.lifecycle.State["RECEIVED"],
                                max_length=16,
                            ),
                        ),
                        ("received_at", models.DateTimeField()),
                        ("decide_by", models.DateTimeField()),
                        (
                            "rating",
                            models.CharField(
                                blank=True,
                                choices=[("blue", "blue"), ("green", "green"), ("amber", "amber"), ("red", "red")],
                                max_length=6,
                            ),
                        ),
                        ("is_safeguarding_concern", models.BooleanField(default=False)),
                        (
                            "family_knows",
                            models.CharField(
                                choices=[("yes", "yes"), ("no", "no"), ("not_asked", "not_asked")],
                                default=joinedup.front_door.codes.Answer["NOT_ASKED"],
                                max_length=10,
                            ),
                        ),
                        (
                            "family_agrees",
                            models.CharField(
                                choices=[("yes", "yes"), ("no", "no"), ("not_asked", "not_asked")],
                                default=joinedup.front_door.codes.Answer["NOT_ASKED"],
                                max_length=10,
                            ),
                        ),
                        ("agreement_reason", models.TextField(blank=True)),
                        ("level", models.PositiveSmallIntegerField(null=True)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("advice", "advice"),
                                    ("single_agency", "single_agency"),
                                    ("early_help", "early_help"),
                                    ("family_support", "family_support"),
                                    ("statutory", "statutory"),
                                    ("no_further_action", "no_further_action"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="casework.case",
                            ),
                        ),
                        (
                            "contact",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referral",
                                to="front_door.contact",
                            ),
                        ),
                        (
                            "family",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="person_index.family",
                            ),
                        ),
                        (
                            "held_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="held_referrals",
                                to="organisations.post",
                            ),
                        ),
                        (
                            "locality",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="organisations.locality",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="organisations.team",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="RatingGiven",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "rating",
                            models.CharField(
                                choices=[("blue", "blue"), ("green", "green"), ("amber", "amber"), ("red", "red")],
                                max_length=6,
                            ),
                        ),
                        ("reason", models.TextField(blank=True)),
                        ("decide_by", models.DateTimeField()),
                        ("at", models.DateTimeField()),
                        ("by", models.UUIDField(null=True)),
                        (
                            "referral",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ratings",
                                to="front_door.referral",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="LateAnswer",
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
                        ("said_by", models.CharField(max_length=160)),
                        ("words", models.TextField()),
                        ("as_of", models.DateField()),
                        ("came_at", models.DateTimeField()),
                        ("recorded_by", models.UUIDField(null=True)),
                        ("told", models.CharField(blank=True, max_length=300)),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="information_sharing.informationrequest",
                            ),
                        ),
                        (
                            "referral",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="late_answers",
                                to="front_door.referral",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Judgement",
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
                        ("said_by", models.CharField(max_length=160)),
                        ("level", models.PositiveSmallIntegerField()),
                        ("words", models.TextField()),
                        ("differs_because", models.TextField(blank=True)),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by", models.UUIDField(null=True)),
                        (
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "referral",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="judgements",
                                to="front_door.referral",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Handover",
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
                        ("receipt", models.CharField(max_length=20, unique=True)),
                        ("sent_at", models.DateTimeField()),
                        ("sent_by", models.UUIDField(null=True)),
                        ("content", models.JSONField()),
                        ("status", models.CharField(default="sent", max_length=20)),
                        ("statutory_reference", models.CharField(blank=True, max_length=40)),
                        ("worker", models.CharField(blank=True, max_length=120)),
                        ("received_at", models.DateTimeField(null=True)),
                        ("updated_at", models.DateTimeField(null=True)),
                        ("next_date", models.DateField(null=True)),
                        ("next_date_means", models.CharField(blank=True, max_length=80)),
                        ("closed_on", models.DateField(null=True)),
                        (
                            "referral",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handover",
                                to="front_door.referral",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="DutyPage",
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
                        ("paged_at", models.DateTimeField()),
                        ("repeat_at", models.DateTimeField()),
                        ("superseded_at", models.DateTimeField(null=True)),
                        ("accepted_at", models.DateTimeField(null=True)),
                        ("accepted_by", models.UUIDField(null=True)),
                        (
                            "message",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.outboxmessage",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pages",
                                to="organisations.post",
                            ),
                        ),
                        (
                            "referral",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pages",
                                to="front_door.referral",
                            ),
                        ),
                    ],
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
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("advice", "advice"),
                                    ("single_agency", "single_agency"),
                                    ("early_help", "early_help"),
                                    ("family_support", "family_support"),
                                    ("statutory", "statutory"),
                                    ("no_further_action", "no_further_action"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("level", models.PositiveSmallIntegerField()),
                        ("reason", models.TextField()),
                        ("look_back", models.TextField(blank=True)),
                        ("advice_given", models.TextField(blank=True)),
                        ("proposed_by", models.UUIDField(null=True)),
                        ("proposed_at", models.DateTimeField()),
                        ("decided_by", models.UUIDField(null=True)),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("sent_back_by", models.UUIDField(null=True)),
                        ("sent_back_at", models.DateTimeField(null=True)),
                        ("sent_back_reason", models.TextField(blank=True)),
                        (
                            "agency",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "referral",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="front_door.referral",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="CaseNotice",
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
                        ("sent_at", models.DateTimeField()),
                        ("acknowledge_by", models.DateTimeField()),
                        ("acknowledged_at", models.DateTimeField(null=True)),
                        ("acknowledged_by", models.UUIDField(null=True)),
                        ("response", models.TextField(blank=True)),
                        ("returned_at", models.DateTimeField(null=True)),
                        ("returned_by", models.UUIDField(null=True)),
                        ("return_reason", models.TextField(blank=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="casework.case"
                            ),
                        ),
                        (
                            "referral",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="case_notice",
                                to="front_door.referral",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddField(
                    model_name="asking",
                    name="referral",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="askings", to="front_door.referral"
                    ),
                ),
                migrations.CreateModel(
                    name="Allocation",
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
                        ("rule", models.CharField(max_length=10)),
                        ("reason", models.TextField()),
                        ("at", models.DateTimeField()),
                        ("by", models.UUIDField(null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="allocations",
                                to="casework.case",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="allocations",
                                to="organisations.team",
                            ),
                        ),
                        (
                            "referral",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="allocation",
                                to="front_door.referral",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ReferralLink",
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
                        ("email", models.CharField(max_length=254)),
                        ("digest", models.CharField(max_length=64, unique=True)),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("opened_at", models.DateTimeField(null=True)),
                        ("session_digest", models.CharField(blank=True, max_length=64)),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links",
                                to="front_door.contact",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referral_links",
                                to="organisations.organisation",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ReferralPerson",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("part", models.CharField(max_length=10)),
                        ("searched_at", models.DateTimeField(null=True)),
                        ("searched_by", models.UUIDField(null=True)),
                        ("identified_at", models.DateTimeField(null=True)),
                        ("identified_by", models.UUIDField(null=True)),
                        ("how", models.CharField(blank=True, max_length=12)),
                        (
                            "contact_person",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referral_person",
                                to="front_door.contactperson",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referral_places",
                                to="person_index.person",
                            ),
                        ),
                        (
                            "referral",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="people",
                                to="front_door.referral",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ReferralTransition",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("start", models.CharField(blank=True, max_length=16)),
                        ("end", models.CharField(max_length=16)),
                        ("at", models.DateTimeField()),
                        ("by", models.UUIDField(null=True)),
                        ("reason", models.CharField(blank=True, max_length=1000)),
                        (
                            "referral",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="transitions",
                                to="front_door.referral",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ReferrerReply",
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
                        ("may_be_told", models.CharField(max_length=12)),
                        ("why_nothing", models.CharField(blank=True, max_length=300)),
                        ("due_by", models.DateTimeField()),
                        ("subject", models.CharField(blank=True, max_length=200)),
                        ("text", models.TextField(blank=True)),
                        ("told_at", models.DateTimeField(null=True)),
                        ("told_by", models.UUIDField(null=True)),
                        ("how", models.CharField(blank=True, max_length=20)),
                        (
                            "message",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.outboxmessage",
                            ),
                        ),
                        (
                            "referral",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reply",
                                to="front_door.referral",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Repeat",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("field", models.CharField(max_length=40)),
                        ("source_kind", models.CharField(max_length=8)),
                        ("source_id", models.UUIDField(null=True)),
                        ("source_said_on", models.DateField(null=True)),
                        ("typed_by", models.UUIDField(null=True)),
                        ("at", models.DateTimeField()),
                        ("noticed", models.CharField(max_length=10)),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="repeats",
                                to="front_door.contact",
                            ),
                        ),
                        (
                            "contact_person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="repeats",
                                to="front_door.contactperson",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="repeats",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "source_organisation",
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
                    name="StaffAllegation",
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
                        ("received_at", models.DateTimeField()),
                        ("acknowledge_by", models.DateTimeField()),
                        ("state", models.CharField(default="received", max_length=12)),
                        ("taken_at", models.DateTimeField(null=True)),
                        ("taken_by", models.UUIDField(null=True)),
                        ("notes", models.TextField(blank=True)),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("closing_reason", models.TextField(blank=True)),
                        (
                            "contact",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="allegation",
                                to="front_door.contact",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddIndex(
                    model_name="contact",
                    index=models.Index(fields=["submitted_by", "-received_at"], name="front_door_own_contacts"),
                ),
                migrations.AddConstraint(
                    model_name="contact",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("idempotency_key", ""), _negated=True),
                        fields=("submitted_by", "taken_by", "idempotency_key"),
                        name="contact_once_for_a_key",
                        nulls_distinct=False,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contactperson",
                    constraint=models.UniqueConstraint(fields=("contact", "position"), name="contact_person_place"),
                ),
                migrations.AddIndex(
                    model_name="confirmation",
                    index=models.Index(fields=["-at"], name="front_door_confirmations"),
                ),
                migrations.AddConstraint(
                    model_name="confirmation",
                    constraint=models.UniqueConstraint(
                        fields=("contact", "group"), name="confirmation_once_for_a_group"
                    ),
                ),
                migrations.AddIndex(
                    model_name="dutyperiod",
                    index=models.Index(fields=["starts_at", "ends_at"], name="front_door_duty"),
                ),
                migrations.AddIndex(
                    model_name="referral",
                    index=models.Index(
                        condition=models.Q(("state__in", ["received", "in_triage", "proposed"])),
                        fields=["decide_by", "id"],
                        name="front_door_waiting",
                    ),
                ),
                migrations.AddIndex(
                    model_name="referral",
                    index=models.Index(fields=["state", "-received_at", "-id"], name="front_door_state"),
                ),
                migrations.AddIndex(
                    model_name="referral",
                    index=models.Index(fields=["held_by", "state"], name="front_door_held"),
                ),
                migrations.AddIndex(
                    model_name="referral",
                    index=models.Index(fields=["family", "-received_at"], name="front_door_household"),
                ),
                migrations.AddConstraint(
                    model_name="referral",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("level__isnull", True), models.Q(("level__gte", 1), ("level__lte", 4)), _connector="OR"
                        ),
                        name="referral_level_1_to_4",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="referral",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("decided_at__isnull", True)),
                            models.Q(models.Q(("outcome", ""), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="referral_decided_has_outcome_and_time",
                    ),
                ),
                migrations.AddIndex(
                    model_name="lateanswer",
                    index=models.Index(fields=["referral", "came_at"], name="front_door_late_answers"),
                ),
                migrations.AddIndex(
                    model_name="judgement",
                    index=models.Index(fields=["referral", "-recorded_at"], name="front_door_judgements"),
                ),
                migrations.AddConstraint(
                    model_name="judgement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("level__gte", 1), ("level__lte", 4)), name="judgement_level_1_to_4"
                    ),
                ),
                migrations.AddIndex(
                    model_name="dutypage",
                    index=models.Index(
                        condition=models.Q(("accepted_at__isnull", True), ("superseded_at__isnull", True)),
                        fields=["repeat_at"],
                        name="front_door_pages_waiting",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="decision",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("decided_at__isnull", True), ("sent_back_at__isnull", True), _connector="OR"
                        ),
                        name="decision_one_way",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="decision",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True), ("sent_back_at__isnull", True)),
                        fields=("referral",),
                        name="one_proposal_waiting",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="asking",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("level__gte", 1), ("level__lte", 4)), name="asking_level_1_to_4"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="asking",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("waits_for_manager", True)),
                        fields=("referral",),
                        name="one_asking_waits_for_a_manager",
                    ),
                ),
                migrations.AddIndex(
                    model_name="referrallink",
                    index=models.Index(fields=["email", "-created_at"], name="front_door_links_of_address"),
                ),
                migrations.AddConstraint(
                    model_name="referrallink",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(
                            ("contact__isnull", True), ("ended_at__isnull", True), ("opened_at__isnull", False)
                        ),
                        fields=("email",),
                        name="one_opened_link_for_an_address",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="referralperson",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("person__isnull", True), ("searched_at__isnull", False), _connector="OR"),
                        name="searched_before_identified",
                    ),
                ),
                migrations.AddIndex(
                    model_name="referrerreply",
                    index=models.Index(
                        condition=models.Q(("may_be_told", "decision"), ("told_at__isnull", True)),
                        fields=["due_by"],
                        name="front_door_replies_owed",
                    ),
                ),
                migrations.AddIndex(
                    model_name="repeat",
                    index=models.Index(fields=["-at", "-id"], name="front_door_repeats_newest"),
                ),
                migrations.AddConstraint(
                    model_name="repeat",
                    constraint=models.UniqueConstraint(
                        fields=("contact", "contact_person", "field"),
                        name="repeat_once_for_a_field",
                        nulls_distinct=False,
                    ),
                ),
            ]
        ),
    ]
