"""What lasts is one episode for a year, whichever line of a business case claims it: absence from school and time out of work
as well as care. Only what happens at one time may be claimed again by another line within a year."""

from django.db import migrations

# As `realising.is_one_episode` has it. Claims that stand from before stay: the register lists them as claimed twice, the first
# counts until somebody gives one up.
LASTING = """
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
        OR (NEW.episode NOT IN ('domestic_violence', 'hospital')
            AND (b.case_id, b.key) IS DISTINCT FROM (my_case, my_key)
            AND e.starts_on <= NEW.ends_on + 365 AND e.ends_on >= NEW.starts_on - 365)
      )
  ) THEN
    RAISE EXCEPTION 'this event of this person is claimed already'
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'avoided_event_claimed_once';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("benefits", "0007_delivery_versions")]

    operations = [migrations.RunSQL(LASTING, migrations.RunSQL.noop)]
