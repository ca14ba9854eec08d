from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """A sealed file that should never have been made is withdrawn by two people."""

    dependencies = [("person_index", "0017_one_look_a_night")]

    operations = [
        migrations.AddField("sealedfile", "withdrawal_asked_at", models.DateTimeField(null=True)),
        migrations.AddField("sealedfile", "withdrawal_asked_by", models.UUIDField(null=True)),
        migrations.AddConstraint(
            "sealedfile",
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True) | ~Q(withdrawn_by=F("withdrawal_asked_by")),
                name="unsealed_by_two_people",
            ),
        ),
    ]
