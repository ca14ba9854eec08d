from django.db import migrations, models


class Migration(migrations.Migration):
    """Answers kept for requests that are sent twice, and drafts that were abandoned."""

    dependencies = [("core", "0005_room_for_visitors")]

    operations = [
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.UUIDField()),
                ("key", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("body", models.TextField()),
                ("kept_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["kept_at"], name="core_answer_age")],
                "constraints": [models.UniqueConstraint(fields=("account_id", "key"), name="core_answer_once")],
            },
        ),
        migrations.AddField(model_name="draft", name="aside_at", field=models.DateTimeField(null=True)),
    ]
