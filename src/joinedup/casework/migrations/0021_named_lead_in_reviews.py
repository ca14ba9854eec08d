"""A review says whether the family could name who leads for them when asked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0016_who_settles_it"),
    ]

    operations = [
        migrations.AddField(
            model_name="review",
            name="named_lead",
            field=models.CharField(
                blank=True,
                choices=[
                    ("yes", "Yes, they named who leads for them"),
                    ("no", "No, or they named somebody else"),
                    ("not_asked", "We did not ask this time"),
                ],
                default="",
                max_length=9,
            ),
        ),
    ]
