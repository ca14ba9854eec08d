"""Which opened page saved a draft last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0003_background_work")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="page",
            field=models.CharField(blank=True, default="", max_length=32),
            preserve_default=False,
        ),
    ]
