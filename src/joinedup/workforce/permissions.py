"""Who may see and record training."""

from __future__ import annotations

from joinedup.access.permissions import declare
from joinedup.access.roles import Role

_MANAGERS = {Role.TEAM_MANAGER, Role.FRONT_DOOR_MANAGER}

READ_TRAINING = declare("workforce.read_training", "see who is trained in what", roles=_MANAGERS)
RECORD_TRAINING = declare("workforce.record_training", "record that somebody was trained", roles=_MANAGERS)
TAKE_BACK_TRAINING = declare("workforce.take_back_training", "take back a record of training", roles=_MANAGERS)
