import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("person_index", "0011_name_shares"),
    ]

    operations = [
        migrations.AddField(
            model_name="importupload",
            name="holds",
            field=models.CharField(
                choices=[("records", "Records"), ("observations", "Observations")], default="records", max_length=12
            ),
        ),
        migrations.AddField(model_name="observationrun", name="undone_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="observationrun", name="undone_by", field=models.UUIDField(null=True)),
        migrations.AddField(model_name="observationrun", name="undone", field=models.JSONField(default=dict)),
        migrations.AddField(
            model_name="observation",
            name="replaced_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced",
                to="person_index.observationrun",
            ),
        ),
        migrations.AddField(model_name="observation", name="withdrawn_by", field=models.UUIDField(null=True)),
        migrations.AddField(
            model_name="observation", name="withdrawal_reason", field=models.CharField(blank=True, max_length=300)
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.CheckConstraint(
                condition=Q(withdrawal_reason="") | Q(replaced_at__isnull=False), name="observation_withdrawn_is_gone"
            ),
        ),
        migrations.AddIndex(model_name="observation", index=models.Index(fields=["run"], name="observation_of_a_run")),
        migrations.AddIndex(
            model_name="observation",
            index=models.Index(
                fields=["replaced_by"], name="observation_replaced_by", condition=Q(replaced_by__isnull=False)
            ),
        ),
    ]
