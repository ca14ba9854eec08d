"""The outcome frameworks and the measures a partnership starts with."""

from django.db import migrations


def add(apps, schema_editor):
    from joinedup.outcomes.codes import HEADINGS, MEASURES

    alias = schema_editor.connection.alias
    entries = apps.get_model("outcomes", "FrameworkEntry").objects.using(alias)
    measures = apps.get_model("outcomes", "Measure").objects.using(alias)
    told = apps.get_model("outcomes", "MeasureEntry").objects.using(alias)
    for position, each in enumerate(HEADINGS, start=1):
        facts = {"framework": each.framework, "name": each.name, "position": position, "is_verified": each.is_verified}
        entries.get_or_create(code=each.code, defaults=facts)
    same = ("name", "question", "unit", "least", "most", "places")
    for each in MEASURES:
        facts = {name: getattr(each, name) for name in same} | {"direction": each.direction.value}
        made, _ = measures.get_or_create(code=each.code, defaults=facts)
        for entry in entries.filter(code__in=each.entries):
            told.get_or_create(measure=made, entry=entry)


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
