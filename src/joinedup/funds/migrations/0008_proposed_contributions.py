"""Contributions that another part proposes for a fund."""

import django.db.models.deletion
import joinedup.core.models.records
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0007_ledger_set_by_set"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContributionProposal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=joinedup.core.models.records.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("year", models.PositiveSmallIntegerField()),
                ("change_pence", models.BigIntegerField()),
                ("words", models.TextField()),
                ("source_kind", models.CharField(max_length=60)),
                ("source_id", models.CharField(max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waits", "Waits for a decision"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("replaced", "Replaced by a later one"),
                        ],
                        default="waits",
                        max_length=10,
                    ),
                ),
                ("decision", models.TextField(blank=True)),
                ("proposed_at", models.DateTimeField()),
                ("proposed_by", models.UUIDField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.UUIDField(null=True)),
                (
                    "contribution",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="funds.contribution",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="funds.fund"
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="funds.agreementpartner",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waits")),
                        fields=("fund", "partner", "year"),
                        name="funds_proposal_waits_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("change_pence", 0), _negated=True), name="funds_proposal_not_nought"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waits", "accepted", "declined", "replaced"])),
                        name="funds_proposal_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waits", "replaced"]),
                            models.Q(("decision", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="funds_proposal_decided_with_words",
                    ),
                ],
            },
        ),
    ]
