from django.db import migrations


class Migration(migrations.Migration):
    """A surname of two names whose hyphen was lost (SmithJones) is found by either. What everybody is found by is worked
    out afresh where nothing is there (cli.database.migrate_database), so it goes."""

    dependencies = [("person_index", "0018_sealed_file_withdrawn")]

    operations = [
        migrations.RunSQL("DELETE FROM person_index_entry; DELETE FROM person_index_searchkey", migrations.RunSQL.noop)
    ]
