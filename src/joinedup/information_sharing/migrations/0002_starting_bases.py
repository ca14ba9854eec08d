"""The lawful bases a new partnership starts with: none verified until somebody has checked it."""

from django.db import migrations


def add(apps, schema_editor):
    from joinedup.information_sharing.codes import STARTING_BASES

    basis = apps.get_model("information_sharing", "LawfulBasis").objects.using(schema_editor.connection.alias)
    for each in STARTING_BASES:
        facts = {"name": each.name, "words": each.words, "source": each.source}
        basis.get_or_create(code=each.code, defaults=facts)


class Migration(migrations.Migration):
    dependencies = [("information_sharing", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
