from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("person_index", "0013_keys_go_with_their_person")]
    operations = [
        migrations.AlterField(
            model_name="linkproposal",
            name="probability",
            field=models.DecimalField(decimal_places=10, max_digits=11, null=True),
        ),
        migrations.AlterField(
            model_name="linkproposal",
            name="bits",
            field=models.DecimalField(decimal_places=6, max_digits=10, null=True),
        ),
    ]
