"""Unfinished forms."""

from django.db import migrations, models

import joinedup.core.models


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("holder", models.CharField(max_length=80)),
                ("form", models.CharField(max_length=60)),
                ("about", models.CharField(blank=True, max_length=60)),
                ("typed", models.JSONField()),
                ("started_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["holder", "form", "about", "-saved_at"], name="core_draft_of_holder"),
                    models.Index(fields=["saved_at"], name="core_draft_age"),
                ],
            },
        ),
    ]
