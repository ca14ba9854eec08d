"""The keys somebody is found by go with them, whoever deletes them and however.

A foreign key would hold the other half as well, that a key is somebody's; it is checked row by row, which cost an import
of 100,000 rows, with its 450,000 keys, 4.4 to 5.2 seconds at the commit on a machine under load
(docs/measurements/import.md). Keys are only ever written beside the person they are of.
"""

from django.db import migrations

_MAKE = """
CREATE FUNCTION person_index_keys_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM person_index_searchkey WHERE person_id IN (SELECT id FROM gone);
  RETURN NULL;
END $$;
CREATE TRIGGER person_index_keys_go AFTER DELETE ON person_index_person
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION person_index_keys_go();
"""
_UNMAKE = """
DROP TRIGGER person_index_keys_go ON person_index_person;
DROP FUNCTION person_index_keys_go();
"""


class Migration(migrations.Migration):
    dependencies = [("person_index", "0012_observations_taken_back")]

    operations = [migrations.RunSQL(_MAKE, _UNMAKE)]
