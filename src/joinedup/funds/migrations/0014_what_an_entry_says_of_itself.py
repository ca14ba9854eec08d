"""What an entry says of itself, the database holds it to: that it closes a year only in the year's last month (FU-223), and when
it was recorded by the database's own clock (FU-209). Both ask nothing of an entry that says neither."""

from django.db import migrations

_CHECKS = r"""
CREATE FUNCTION funds_entry_said() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.recorded_at IS DISTINCT FROM statement_timestamp() THEN
    RAISE EXCEPTION 'FU-209: when entry % was recorded is what the database''s clock says', NEW.key
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.kind = 'closing' AND (SELECT number FROM public.funds_period WHERE id = NEW.period_id) IS DISTINCT FROM 12 THEN
    RAISE EXCEPTION 'FU-223: entry % closes a year before its last month', NEW.key
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER funds_said BEFORE INSERT ON funds_entry FOR EACH ROW
  WHEN (NEW.kind = 'closing' OR NEW.recorded_at IS DISTINCT FROM statement_timestamp())
  EXECUTE FUNCTION funds_entry_said();
ALTER TABLE funds_entry ENABLE ALWAYS TRIGGER funds_said;
"""

_AWAY = "DROP TRIGGER funds_said ON funds_entry; DROP FUNCTION funds_entry_said();"


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0013_lines_stay_in_their_fund"),
    ]

    operations = [migrations.RunSQL(_CHECKS, _AWAY)]
