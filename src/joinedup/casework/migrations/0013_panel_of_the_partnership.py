"""A panel may belong to the whole partnership; somebody of any partner chairs it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0012_category_of_abuse"),
        ("organisations", "0004_finance_roles"),
    ]

    operations = [
        migrations.AddField(
            model_name="panel",
            name="chair",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="panels_chaired",
                to="organisations.post",
            ),
        ),
        migrations.AlterField(
            model_name="panel",
            name="team",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="panels",
                to="organisations.team",
            ),
        ),
        migrations.AddConstraint(
            model_name="panel",
            constraint=models.CheckConstraint(
                condition=models.Q(("chair__isnull", True), ("team__isnull", False))
                | models.Q(("chair__isnull", False), ("team__isnull", True)),
                name="panel_of_a_team_or_chaired",
            ),
        ),
    ]
