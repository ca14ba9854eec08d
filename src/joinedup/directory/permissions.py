"""Who may read the directory, keep its records, and decide on what others wrote."""

from __future__ import annotations

from joinedup.access.permissions import declare
from joinedup.access.roles import Role

READ_DIRECTORY = declare("directory.read", "read what the directory says of services", roles=(), public=True)
KEEP_RECORDS = declare(
    "directory.keep_records", "write what the directory says of services and their providers", roles={Role.COMMISSIONER}
)
ASSURE_RECORDS = declare(
    "directory.assure_records",
    "approve what was written of a service, and assure that it is so",
    roles={Role.COMMISSIONER},
)
