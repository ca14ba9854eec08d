from django.db import migrations, models


class Migration(migrations.Migration):
    """What the children in need census asks of a child protection plan."""

    dependencies = [("casework", "0011_sent_back_to_the_front_door")]

    operations = [
        migrations.AddField(
            model_name="statutoryplan",
            name="abuse",
            field=models.CharField(
                blank=True,
                choices=[
                    ("NEG", "Neglect"),
                    ("PHY", "Physical abuse"),
                    ("SAB", "Sexual abuse"),
                    ("EMO", "Emotional abuse"),
                    ("MUL", "More than one kind"),
                ],
                default="",
                max_length=3,
            ),
            preserve_default=False,
        ),
        migrations.AddField(model_name="statutoryplan", name="conference_on", field=models.DateField(null=True)),
    ]
