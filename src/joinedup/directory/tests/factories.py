"""Builders for tests of the directory. They call the services, as the program itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from joinedup.access.actor import system
from joinedup.directory import services
from joinedup.directory.models import Entry, Provider
from joinedup.directory.services import ProviderSaid
from joinedup.organisations.tests.factories import AT


def make_provider(name: str = "Placeholder Family Support", *, is_secret: bool = False, at: datetime = AT) -> Provider:
    """A provider."""
    said = ProviderSaid(name, f"{name}, invented", "hello@placeholder.example", is_address_secret=is_secret)
    return services.add_provider(said=said, by=system(at), at=at)


def make_entry(provider: Provider | None = None, *, at: datetime = AT, **document: Any) -> Entry:
    """A service that was written and approved."""
    plain = {"name": "Stay and play", "status": "active", "description": "Play and sing with other parents."}
    version = services.write_record(
        provider=provider or make_provider(at=at), document=plain | document, by=system(at), at=at
    )
    services.decide_version(entry_version=version, is_approved=True, by=system(at), at=at)
    return Entry.objects.get(pk=version.entry_id)


def place_at(postcode: str, name: str = "Alder Family Hub") -> dict[str, Any]:
    """A service at a location with its address."""
    address = {"address_1": f"1 {name}", "city": "Exampletown", "state_province": "Exampleshire", "postal_code": postcode,
               "country": "GB", "address_type": "physical"}  # fmt: skip
    return {"id": name, "location": {"id": name, "location_type": "physical", "name": name, "addresses": [address]}}
