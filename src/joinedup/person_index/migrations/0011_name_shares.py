from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("person_index", "0010_entries")]

    operations = [
        migrations.CreateModel(
            name="NameShare",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "part", "name", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[("f", "Forename"), ("s", "Surname"), ("n", "Number of people")], max_length=1
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("share", models.FloatField()),
            ],
        ),
    ]
