"""Two more roles a post can carry, of those who keep the directory of services true."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0006_board_roles"),
    ]

    operations = [
        migrations.AlterField(
            model_name="post",
            name="role",
            field=models.CharField(
                choices=[
                    ("referrer", "referrer"),
                    ("front_door_worker", "front_door_worker"),
                    ("social_worker", "social_worker"),
                    ("front_door_manager", "front_door_manager"),
                    ("team_manager", "team_manager"),
                    ("key_worker", "key_worker"),
                    ("statutory_officer", "statutory_officer"),
                    ("designated_officer", "designated_officer"),
                    ("data_lead", "data_lead"),
                    ("information_governance", "information_governance"),
                    ("system_administrator", "system_administrator"),
                    ("finance_director", "finance_director"),
                    ("chief_finance_officer", "chief_finance_officer"),
                    ("pool_manager", "pool_manager"),
                    ("budget_holder", "budget_holder"),
                    ("auditor", "auditor"),
                    ("programme_manager", "programme_manager"),
                    ("commissioner", "commissioner"),
                    ("director", "director"),
                    ("board_member", "board_member"),
                    ("scrutiny_member", "scrutiny_member"),
                    ("governance_officer", "governance_officer"),
                    ("directory_editor", "directory_editor"),
                    ("directory_manager", "directory_manager"),
                ],
                max_length=32,
            ),
        ),
    ]
