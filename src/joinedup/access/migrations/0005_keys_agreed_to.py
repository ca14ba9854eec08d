"""Which proposal a key was agreed to by; keys from before that was asked have none, and are listed until somebody agrees."""

import django.db.models.deletion
from django.db import migrations, models

# A key is issued at the moment its proposal is used up.
_FIND = """
UPDATE access_apikey k SET approval_id = a.id FROM access_approval a
WHERE a.kind = 'key' AND a.outcome = 'approved' AND a.account_id = k.account_id AND a.used_at = k.issued_at
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0004_approvals")]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="approval",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="keys", to="access.approval"
            ),
        ),
        migrations.RunSQL(_FIND, migrations.RunSQL.noop),
    ]
