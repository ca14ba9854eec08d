import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The keys are of new kinds, so the old ones go. Whoever migrates an index that holds people has it worked out afresh
    (cli.database.migrate_database)."""

    dependencies = [("person_index", "0009_linkage_proposals")]

    operations = [
        migrations.DeleteModel(name="SearchKey"),
        migrations.CreateModel(
            name="SearchKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key", "person", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.BigIntegerField()),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_keys",
                        to="person_index.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.SmallIntegerField()),
                ("said", models.TextField()),
                ("record_id", models.UUIDField(null=True)),
                ("until", models.DateField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="person_index.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Spelling",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "cut", "name", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("cut", models.BigIntegerField()),
                ("name", models.CharField(max_length=120)),
            ],
        ),
    ]
