"""A cohort may be a group of families that another part knows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0004_everybody")]

    operations = [
        migrations.AddField("cohort", "group", models.CharField(blank=True, default="", max_length=80)),
        migrations.AddConstraint(
            "cohort",
            models.UniqueConstraint(
                condition=models.Q(("group", ""), _negated=True), fields=("group",), name="outcomes_group_once"
            ),
        ),
    ]
