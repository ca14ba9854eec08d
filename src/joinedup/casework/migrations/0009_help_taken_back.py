"""Help given for a session can be taken back when the register is corrected."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0008_pathways_panel_and_brought_work"),
    ]

    operations = [
        migrations.AddField(
            model_name="intervention",
            name="taken_back_at",
            field=models.DateTimeField(null=True),
        ),
    ]
