"""An index for the question "who has looked at this person's record?"."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("access", "0002_sealed_tables")]

    operations = [
        migrations.AddIndex(
            model_name="auditevent",
            index=django.contrib.postgres.indexes.GinIndex(fields=["people"], name="access_audit_people"),
        ),
    ]
