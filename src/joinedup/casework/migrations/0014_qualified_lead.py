"""Since when a statutory plan is known here, and that managers were told that a registered social worker is to lead."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0013_panel_of_the_partnership")]

    operations = [
        migrations.AddField(
            model_name="statutoryplan", name="linked_at", field=models.DateTimeField(null=True), preserve_default=False
        ),
        migrations.RunSQL(
            # Since it was first linked, where the plan's history says so; `read_at` moves with every reading.
            "UPDATE casework_statutoryplan s SET linked_at = least(s.read_at, coalesce((SELECT min(c.at) FROM"
            " casework_planchange c WHERE c.kind = 'statutory' AND c.target_id = s.id), s.read_at))"
            " WHERE s.linked_at IS NULL",
            migrations.RunSQL.noop,
            elidable=True,
        ),
        migrations.AlterField(model_name="statutoryplan", name="linked_at", field=models.DateTimeField()),
        migrations.CreateModel(
            name="QualifiedLeadChased",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                (
                    "stage",
                    models.CharField(choices=[("opened", "opened"), ("late", "late")], max_length=8),
                ),
                ("chased_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="qualified_leads_chased",
                        to="casework.case",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "since", "stage"), name="qualified_lead_chased_once")
                ],
            },
        ),
    ]
