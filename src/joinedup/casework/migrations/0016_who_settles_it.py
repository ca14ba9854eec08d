"""Whoever settles a step of a disagreement is somebody in post."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0015_late_answers_chased"),
        ("organisations", "0006_board_roles"),
    ]

    operations = [
        migrations.AddField(
            model_name="disagreement",
            name="holder",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="disagreements_to_settle",
                to="organisations.post",
            ),
        ),
    ]
