"""The cohort every partnership starts with: everybody the measure is about."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def add(apps: Any, schema_editor: Any) -> None:
    cohort = apps.get_model("outcomes", "Cohort")
    cohort.objects.using(schema_editor.connection.alias).get_or_create(
        code="ALL", defaults={"name": "Everybody", "definition": "Everybody the measure is about."}
    )


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0003_what_the_partnership_is_measured_by")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
