from django.db import migrations, models


class Migration(migrations.Migration):
    """The nightly look is begun once a night, however many keepers there are."""

    dependencies = [("person_index", "0016_more_keys")]

    operations = [
        migrations.AddField(model_name="linkagerun", name="night", field=models.DateField(null=True, unique=True)),
    ]
