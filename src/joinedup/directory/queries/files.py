"""The whole directory as a file for others."""

from __future__ import annotations

import json

from django.urls import reverse

from joinedup.access.actor import Actor
from joinedup.directory.exporting import data_package, fhir_bundle
from joinedup.directory.queries.feed import every_word, everything, licences

# Kind: what it is called, its file, its type.
KINDS: dict[str, tuple[str, str, str]] = {
    "hsds": ("Tables (HSDS 3.1 tabular data package, zip of CSV)", "services-hsds.zip", "application/zip"),
    "fhir": ("FHIR R4 HealthcareService (JSON bundle)", "services-fhir.json", "application/fhir+json"),
}


def file_of_everything(viewer: Actor, kind: str, *, address: str) -> bytes:
    """Every public service as a file of one of KINDS. `address` is where the site is."""
    if kind == "hsds":
        return data_package(everything(viewer), *every_word(viewer), licences=licences(viewer))
    feed = f"{address.rstrip('/')}{reverse('feed_details')}".rstrip("/")
    return json.dumps(fhir_bundle(everything(viewer), address=feed, at=viewer.at), ensure_ascii=False).encode()
