"""Kinds of spending of entries that no purchase stands behind, and the kind a budget line is planned for.

Rows posted from extracts said their kind in words on the line of what is owed; from there it is taken."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from joinedup.core.database import MakeTables, seal_table

_KINDS = ["contract", "provision", "third_party", "approved", "default"]
_WORDS = {
    "The price of a contract": "contract",
    "A partner’s own provision": "provision",
    "Costs of a third party": "third_party",
    "Spending the partners approved by itself": "approved",
    "What a partner’s default costs": "default",
}


def keep_kinds_of_extracts(apps: Any, schema_editor: Any) -> None:
    """Each row posted from an extract has the kind that was said when it was posted."""
    using = schema_editor.connection.alias
    spending = apps.get_model("funds", "EntrySpending").objects.using(using)
    rows = apps.get_model("funds", "ExtractRow").objects.using(using).filter(how="posted", posting__isnull=False)
    entries = rows.values("posting__entry_id")
    said = apps.get_model("funds", "Posting").objects.using(using).filter(entry_id__in=entries, memo__in=list(_WORDS))
    found = dict(said.values_list("entry_id", "memo"))
    spending.bulk_create([spending.model(entry_id=key, kind=_WORDS[memo]) for key, memo in found.items()])


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0011_kinds_of_spending"),
    ]

    operations = [
        MakeTables(
            [
                migrations.CreateModel(
                    name="EntrySpending",
                    fields=[
                        (
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="spending",
                                serialize=False,
                                to="funds.entry",
                            ),
                        ),
                        ("kind", models.CharField(max_length=12)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", _KINDS)), name="funds_entry_spending_kind"
                            ),
                        ],
                    },
                ),
            ]
        ),
        *seal_table("funds_entryspending"),
        migrations.AddField(
            "budgetline", "planned_kind", models.CharField(blank=True, default="", max_length=12), False
        ),
        migrations.AddConstraint(
            "budgetline",
            models.CheckConstraint(condition=models.Q(("planned_kind__in", ["", *_KINDS])), name="funds_line_kind"),
        ),
        migrations.RunPython(keep_kinds_of_extracts, migrations.RunPython.noop),
    ]
