"""What postings hang on stays where it was when they were made: a budget line in its fund and year, a service in its fund, a
partner and a fund under their agreement. Moved, it would take what is posted into another fund's figures (FU-214)."""

from django.db import migrations

_STAYS = {
    "funds_budgetline": ("fund_id", "year"),
    "funds_scheme": ("fund_id",),
    "funds_agreementpartner": ("agreement_id",),
    "funds_fund": ("agreement_id",),
}

_FUNCTION = """
CREATE FUNCTION funds_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'FU-214: a row of % stays where what is posted under it belongs', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def _trigger(table: str, columns: tuple[str, ...]) -> str:
    moved = " OR ".join(f"OLD.{each} IS DISTINCT FROM NEW.{each}" for each in columns)
    return f"""
    CREATE TRIGGER stays BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({moved}) EXECUTE FUNCTION funds_stays();
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER stays;
    """


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0012_kinds_of_entries"),
    ]

    operations = [
        migrations.RunSQL(_FUNCTION, "DROP FUNCTION funds_stays();"),
        *(
            migrations.RunSQL(_trigger(table, columns), f"DROP TRIGGER stays ON {table};")
            for table, columns in _STAYS.items()
        ),
    ]
