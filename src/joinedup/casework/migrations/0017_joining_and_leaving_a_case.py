"""Somebody joins a case that is open, and leaves one: since when, and why no more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0021_named_lead_in_reviews"),
        ("person_index", "0019_surnames_run_together"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="caseperson", name="case_person_once"),
        migrations.AddField(model_name="caseperson", name="joined_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="caseperson", name="left_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="caseperson", name="left_on", field=models.DateField(null=True)),
        migrations.AddField(
            model_name="caseperson",
            name="left_why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("moved", "Moved to another household"),
                    ("care", "Looked after somewhere else now"),
                    ("apart", "No longer part of this family"),
                    ("died", "Has died"),
                    ("error", "Was put into this case in error"),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="caseperson",
            name="left_words",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddConstraint(
            model_name="caseperson",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at__isnull", True)), fields=("case", "person"), name="case_person_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="caseperson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("left_at__isnull", True), ("left_on__isnull", True), ("left_why", "")),
                    models.Q(
                        ("left_at__isnull", False),
                        ("left_on__isnull", False),
                        models.Q(("left_why", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="case_person_left_says_why",
            ),
        ),
    ]
