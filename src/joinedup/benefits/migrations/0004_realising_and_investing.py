"""Benefits from forecast to the bank, avoided events, the investment agreement, frozen quarters and packs."""

import django.db.models.deletion
import joinedup.benefits.lifecycle
import joinedup.benefits.models.realising
import joinedup.core.models.records
from joinedup.core.database import MakeTables, seal_table
from django.db import migrations, models


# One event of one person is claimed once. Whoever claims holds a lock on that person and kind until the end of the
# transaction, so that of two sessions the second sees what the first has written.
EVENTS = """
CREATE FUNCTION benefits_avoided_event_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.person_id, NEW.kind, NEW.starts_on, NEW.ends_on, NEW.benefit_id, NEW.case_id)
      IS DISTINCT FROM (OLD.person_id, OLD.kind, OLD.starts_on, OLD.ends_on, OLD.benefit_id, OLD.case_id) THEN
    RAISE EXCEPTION 'what a claim is about is never changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.released_at IS NOT NULL THEN
    RETURN NEW;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.person_id::text || ' ' || NEW.kind, 4417));
  IF EXISTS (
    SELECT 1 FROM benefits_avoidedevent
    WHERE person_id = NEW.person_id AND kind = NEW.kind AND released_at IS NULL AND id <> NEW.id
      AND starts_on <= NEW.ends_on AND ends_on >= NEW.starts_on
  ) THEN
    RAISE EXCEPTION 'this event of this person is claimed already'
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'avoided_event_claimed_once';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER avoided_event_once BEFORE INSERT OR UPDATE ON benefits_avoidedevent
  FOR EACH ROW EXECUTE FUNCTION benefits_avoided_event_once();
ALTER TABLE benefits_avoidedevent ENABLE ALWAYS TRIGGER avoided_event_once;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("benefits", "0003_activity_costs"),
        ("casework", "0012_category_of_abuse"),
        ("funds", "0008_proposed_contributions"),
        ("organisations", "0005_programme_roles"),
        ("person_index", "0019_surnames_run_together"),
    ]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="Benefit",
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
                        ("key", models.CharField(max_length=120)),
                        ("code", models.CharField(max_length=100)),
                        ("title", models.CharField(max_length=300)),
                        ("forecast", models.JSONField()),
                        ("cashable", models.JSONField()),
                        ("forecast_pence", models.BigIntegerField()),
                        ("starts_on", models.DateField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("forecast", "Forecast"),
                                    ("emerging", "Emerging"),
                                    ("realised", "Realised"),
                                    ("banked", "Banked"),
                                    ("lost", "Lost"),
                                ],
                                default=joinedup.benefits.lifecycle.BenefitState["FORECAST"],
                                max_length=10,
                            ),
                        ),
                        ("measured_pence", models.BigIntegerField(null=True)),
                        ("evidence_level", models.PositiveSmallIntegerField(null=True)),
                        ("banked_pence", models.BigIntegerField(default=0)),
                        ("taken_up_at", models.DateTimeField()),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="realised_benefits",
                                to="benefits.businesscase",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="realised_benefits",
                                to="organisations.organisation",
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="realised_benefits",
                                to="benefits.round",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="AvoidedEvent",
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
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        ("why", models.TextField()),
                        ("claimed_at", models.DateTimeField()),
                        ("claimed_by", models.UUIDField(null=True)),
                        ("released_at", models.DateTimeField(null=True)),
                        ("released_by", models.UUIDField(null=True)),
                        ("released_why", models.TextField(blank=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="avoided_events",
                                to="casework.case",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="avoided_events",
                                to="person_index.person",
                            ),
                        ),
                        (
                            "benefit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="avoided_events",
                                to="benefits.benefit",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="BenefitMove",
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
                        ("start", models.CharField(blank=True, max_length=10)),
                        ("end", models.CharField(max_length=10)),
                        ("reason", models.TextField()),
                        ("evidence", models.TextField(blank=True)),
                        ("series_id", models.UUIDField(null=True)),
                        ("measured", models.JSONField(default=joinedup.benefits.models.realising._nothing)),
                        ("level", models.PositiveSmallIntegerField(null=True)),
                        ("pence", models.BigIntegerField(null=True)),
                        ("at", models.DateTimeField()),
                        ("by", models.UUIDField(null=True)),
                        (
                            "benefit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="benefits.benefit"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="DirectorsPack",
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
                        ("number", models.PositiveSmallIntegerField()),
                        ("meeting_on", models.DateField()),
                        ("content", models.JSONField()),
                        ("digest", models.CharField(max_length=64)),
                        ("frozen_at", models.DateTimeField()),
                        ("frozen_by", models.UUIDField(null=True)),
                        (
                            "programme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="packs",
                                to="benefits.programme",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="InvestmentAgreement",
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
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("equal_return", "Equal return: everybody gets the same back for each pound"),
                                    ("equal_net_gain", "Equal net gain: everybody ends with the same pounds"),
                                    ("shapley", "Shapley: everybody gets what they add to every coalition"),
                                ],
                                max_length=16,
                            ),
                        ),
                        (
                            "basis",
                            models.CharField(
                                choices=[("forecast", "forecast"), ("measured", "measured")], max_length=10
                            ),
                        ),
                        ("is_capped", models.BooleanField(default=False)),
                        ("reason", models.TextField()),
                        ("starts_on", models.DateField()),
                        ("transfers", models.JSONField()),
                        ("unmet_pence", models.BigIntegerField(default=0)),
                        ("decided_at", models.DateTimeField()),
                        ("decided_by", models.UUIDField(null=True)),
                        (
                            "programme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="investment_agreements",
                                to="benefits.programme",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PostingUse",
                    fields=[
                        ("posting_id", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("reduced_pence", models.BigIntegerField()),
                        ("banked_pence", models.BigIntegerField(default=0)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("banked_pence__gte", 0), ("banked_pence__lte", models.F("reduced_pence"))
                                ),
                                name="posting_banked_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankEntry",
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
                        ("key", models.CharField(max_length=80, unique=True)),
                        ("pence", models.BigIntegerField()),
                        ("entry_id", models.UUIDField()),
                        ("posting_words", models.CharField(max_length=400)),
                        ("provider", models.CharField(blank=True, max_length=200)),
                        ("fixed_cost_pence", models.BigIntegerField(null=True)),
                        ("notice_months", models.PositiveSmallIntegerField(null=True)),
                        ("service_at_risk", models.TextField(blank=True)),
                        ("reason", models.TextField()),
                        ("at", models.DateTimeField()),
                        ("by", models.UUIDField(null=True)),
                        (
                            "fund",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="funds.fund"
                            ),
                        ),
                        (
                            "reverses",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="benefits.bankentry",
                            ),
                        ),
                        (
                            "benefit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="banked",
                                to="benefits.benefit",
                            ),
                        ),
                        (
                            "posting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="benefits.postinguse",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="QuarterPosition",
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
                        ("number", models.PositiveSmallIntegerField()),
                        ("year", models.PositiveSmallIntegerField()),
                        ("quarter", models.PositiveSmallIntegerField()),
                        ("content", models.JSONField()),
                        ("digest", models.CharField(max_length=64)),
                        ("frozen_at", models.DateTimeField()),
                        ("frozen_by", models.UUIDField(null=True)),
                        (
                            "programme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="positions",
                                to="benefits.programme",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Return",
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
                        ("pence", models.BigIntegerField()),
                        ("cashable_pence", models.BigIntegerField()),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="returns",
                                to="benefits.investmentagreement",
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
                    ],
                ),
                migrations.CreateModel(
                    name="Stake",
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
                        ("pence", models.BigIntegerField()),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stakes",
                                to="benefits.investmentagreement",
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
                    ],
                ),
                migrations.AddConstraint(
                    model_name="benefit",
                    constraint=models.UniqueConstraint(fields=("case", "organisation", "key"), name="benefit_once"),
                ),
                migrations.AddConstraint(
                    model_name="benefit",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    joinedup.benefits.lifecycle.BenefitState["FORECAST"],
                                    joinedup.benefits.lifecycle.BenefitState["EMERGING"],
                                    joinedup.benefits.lifecycle.BenefitState["REALISED"],
                                    joinedup.benefits.lifecycle.BenefitState["BANKED"],
                                    joinedup.benefits.lifecycle.BenefitState["LOST"],
                                ],
                            )
                        ),
                        name="benefit_state",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="benefit",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("banked_pence__gte", 0)), name="benefit_banked_not_below_nought"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="benefit",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("banked_pence", 0),
                            models.Q(
                                ("banked_pence__lte", models.F("measured_pence")), ("measured_pence__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="benefit_banked_was_measured",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="benefit",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("evidence_level__isnull", True),
                            models.Q(("evidence_level__gte", 1), ("evidence_level__lte", 5)),
                            _connector="OR",
                        ),
                        name="benefit_evidence_level",
                    ),
                ),
                migrations.AddIndex(
                    model_name="avoidedevent",
                    index=models.Index(fields=["person", "kind"], name="avoided_events_of"),
                ),
                migrations.AddConstraint(
                    model_name="avoidedevent",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="avoided_event_period"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="directorspack",
                    constraint=models.UniqueConstraint(fields=("programme", "number"), name="directors_pack_once"),
                ),
                migrations.AddConstraint(
                    model_name="investmentagreement",
                    constraint=models.UniqueConstraint(
                        fields=("programme", "number"), name="investment_agreement_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="investmentagreement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="investment_agreement_from_one"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bankentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("pence__gt", 0), ("reverses__isnull", True)),
                            models.Q(("pence__lt", 0), ("reverses__isnull", False)),
                            _connector="OR",
                        ),
                        name="bank_entry_or_reversal",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bankentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("provider", ""),
                            models.Q(
                                ("fixed_cost_pence__isnull", False),
                                ("notice_months__isnull", False),
                                models.Q(("service_at_risk", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="bank_entry_from_provider",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quarterposition",
                    constraint=models.UniqueConstraint(fields=("programme", "number"), name="quarter_position_once"),
                ),
                migrations.AddConstraint(
                    model_name="quarterposition",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("quarter__gte", 1), ("quarter__lte", 4)), name="quarter_position_quarter"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="return",
                    constraint=models.UniqueConstraint(
                        fields=("agreement", "organisation", "year"), name="return_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stake",
                    constraint=models.UniqueConstraint(fields=("agreement", "organisation", "year"), name="stake_once"),
                ),
            ]
        ),
        migrations.RunSQL(
            EVENTS,
            "DROP TRIGGER avoided_event_once ON benefits_avoidedevent; DROP FUNCTION benefits_avoided_event_once();",
        ),
        *seal_table("benefits_benefitmove"),
        *seal_table("benefits_bankentry"),
        *seal_table("benefits_investmentagreement"),
        *seal_table("benefits_stake"),
        *seal_table("benefits_return"),
        *seal_table("benefits_quarterposition"),
        *seal_table("benefits_directorspack"),
    ]
