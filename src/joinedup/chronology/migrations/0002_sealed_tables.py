"""The tables that only grow are sealed by the database itself."""

from django.db import migrations

from joinedup.core.database import seal_table


class Migration(migrations.Migration):
    dependencies = [("chronology", "0001_initial")]

    operations = [
        *seal_table("chronology_event"),
    ]
