"""Kinds of avoided events that are one episode; what one event is worth to a benefit; which line a banked posting lowered."""

import django.db.models.deletion
from django.db import migrations, models

# The kinds that are one episode, as `realising.EPISODES` has them. A child comes into care and stays, so two lines of
# business cases cannot claim what lies within a year of each other; within one line the pieces of a year count once. Whoever
# claims holds a lock on that person and episode until the end of the transaction, so that of two sessions the second sees
# what the first has written.
GROUPS = """
CREATE FUNCTION benefits_episode_of(kind text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN kind IN ('care_entry', 'care_months') THEN 'care'
    WHEN kind IN ('emergency_attendance', 'hospital_admission') THEN 'hospital'
    ELSE kind END
$$;
CREATE OR REPLACE FUNCTION benefits_avoided_event_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  my_case uuid;
  my_key text;
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.person_id, NEW.kind, NEW.starts_on, NEW.ends_on, NEW.benefit_id, NEW.case_id)
      IS DISTINCT FROM (OLD.person_id, OLD.kind, OLD.starts_on, OLD.ends_on, OLD.benefit_id, OLD.case_id) THEN
    RAISE EXCEPTION 'what a claim is about is never changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  NEW.episode := benefits_episode_of(NEW.kind);
  IF NEW.released_at IS NOT NULL THEN
    RETURN NEW;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.person_id::text || ' ' || NEW.episode, 4417));
  SELECT b.case_id, b.key INTO my_case, my_key FROM benefits_benefit b WHERE b.id = NEW.benefit_id;
  IF EXISTS (
    SELECT 1 FROM benefits_avoidedevent e
    JOIN benefits_benefit b ON b.id = e.benefit_id
    WHERE e.person_id = NEW.person_id AND e.episode = NEW.episode AND e.released_at IS NULL AND e.id <> NEW.id
      AND (
        (e.starts_on <= NEW.ends_on AND e.ends_on >= NEW.starts_on)
        OR (NEW.episode = 'care' AND (b.case_id, b.key) IS DISTINCT FROM (my_case, my_key)
            AND e.starts_on <= NEW.ends_on + 365 AND e.ends_on >= NEW.starts_on - 365)
      )
  ) THEN
    RAISE EXCEPTION 'this event of this person is claimed already'
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'avoided_event_claimed_once';
  END IF;
  RETURN NEW;
END $$;
-- Two claims that are about one event by these groups may stand from before: they stay, the register lists them, and they
-- count once until somebody gives one up (`queries.avoided.register_of`, `queries.realising.claims_on`).
ALTER TABLE benefits_avoidedevent DISABLE TRIGGER avoided_event_once;
UPDATE benefits_avoidedevent SET episode = benefits_episode_of(kind);
ALTER TABLE benefits_avoidedevent ENABLE ALWAYS TRIGGER avoided_event_once;
UPDATE benefits_postinguse u SET line_id = p.line_id FROM funds_posting p WHERE p.id = u.posting_id;
"""


def _worth(apps, schema_editor):
    """What one event is worth to each benefit there is, from the round it was taken up from."""
    from joinedup.benefits.realising import episode_of_code, forecast_lines
    from joinedup.engines.appraisal import read

    # The owner's connection, which holds the table: another would wait for it for ever.
    benefits = apps.get_model("benefits", "Benefit").objects.using(schema_editor.connection.alias)
    rows = benefits.select_related("round", "organisation")
    for row in rows.iterator():
        lines = {(each.agency, each.key): each for each in forecast_lines(read(row.round.model))}
        line = lines.get((row.organisation.code, row.key))
        row.unit_pence, row.episode = line.unit if line else 0, episode_of_code(row.code)
        row.save(update_fields=["unit_pence", "episode"])


class Migration(migrations.Migration):
    dependencies = [
        ("benefits", "0005_signed_settlements"),
        ("funds", "0008_proposed_contributions"),
    ]

    operations = [
        migrations.AddField("benefit", "unit_pence", models.BigIntegerField(default=0)),
        migrations.AddField("benefit", "episode", models.CharField(blank=True, default="", max_length=30), False),
        migrations.AddField("avoidedevent", "episode", models.CharField(blank=True, default="", max_length=30), False),
        migrations.AddField(
            "postinguse",
            "line",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="funds.budgetline"
            ),
        ),
        migrations.RemoveIndex("avoidedevent", "avoided_events_of"),
        migrations.AddIndex("avoidedevent", models.Index(fields=["person", "episode"], name="avoided_episodes_of")),
        migrations.RunSQL(GROUPS, migrations.RunSQL.noop),
        migrations.RunPython(_worth, migrations.RunPython.noop),
    ]
