"""Where visitors' unfinished forms were typed, so that what is kept of one place and of all has an end."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0004_draft_page")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="whence",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(
                condition=models.Q(("whence", ""), _negated=True),
                fields=["whence", "saved_at"],
                name="core_draft_of_visitors",
            ),
        ),
    ]
