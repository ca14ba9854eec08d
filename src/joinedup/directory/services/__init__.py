"""Every write of the directory, by noun."""

from joinedup.directory.services.harvest import Harvested, add_source, harvest
from joinedup.directory.services.records import (
    ProviderSaid,
    TermSaid,
    add_postcodes,
    add_provider,
    add_taxonomy,
    assure_entry,
    decide_version,
    write_record,
)

__all__ = [
    "Harvested",
    "ProviderSaid",
    "TermSaid",
    "add_postcodes",
    "add_provider",
    "add_source",
    "add_taxonomy",
    "assure_entry",
    "decide_version",
    "harvest",
    "write_record",
]
