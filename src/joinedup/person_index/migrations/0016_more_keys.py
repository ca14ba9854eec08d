from django.db import migrations


class Migration(migrations.Migration):
    """People are found by more keys (a middle name with a date of birth, an initial with a surname). What everybody is
    found by is worked out afresh where nothing is there (cli.database.migrate_database), so it goes."""

    dependencies = [("person_index", "0015_exact_shares")]

    operations = [
        migrations.RunSQL("DELETE FROM person_index_entry; DELETE FROM person_index_searchkey", migrations.RunSQL.noop)
    ]
