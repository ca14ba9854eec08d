import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("person_index", "0006_observations")]

    operations = [
        migrations.AlterField(
            model_name="searchkey",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="search_keys",
                to="person_index.person",
            ),
        ),
    ]
