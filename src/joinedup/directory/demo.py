"""The demo's directory: it fills every address of the open feed, with one change that waits and one service assured long ago."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from joinedup.access.actor import public, system
from joinedup.directory import demo_people, demo_young, services
from joinedup.directory.adopting import identifier_of
from joinedup.directory.codes import OWN
from joinedup.directory.demo_records import CATEGORIES, DISTRICT, NEEDS, POSTCODES, PROVIDERS, SERVICES, Said
from joinedup.directory.queries.feed import category_ids
from joinedup.organisations.queries import organisation_with_code

if TYPE_CHECKING:
    from joinedup.directory.models import Entry, Provider

_WRITTEN = timedelta(days=150)


def load(*, at: datetime) -> None:
    """Write and approve every record as it would have been, and assure them on different days."""
    demo_people.load(at=at)
    demo_young.load(at=at)
    began = at - _WRITTEN
    by = system(began)
    services.add_postcodes(rows=POSTCODES, by=by, at=began)
    categories = services.add_taxonomy(
        name="What families look for", description="The groups in which family hubs say what they offer.", edition="1",
        uri="https://council.example/lists/categories", terms=CATEGORIES, by=by, at=began,
    )  # fmt: skip
    services.add_taxonomy(
        name="Needs", description="What somebody needs, in a family’s own words.", edition="1",
        uri="https://council.example/lists/needs", terms=NEEDS, by=by, at=began,
    )  # fmt: skip
    terms = category_ids(by, categories.pk)
    providers = {
        key: services.add_provider(said=said, organisation=organisation_with_code(by, code), by=by, at=began)
        for key, (said, code) in PROVIDERS.items()
    }
    made = None
    for number, said in enumerate(SERVICES):
        then = at - timedelta(days=(7, 30, 55, 20, 75, 12)[number % 6])
        made = _record(providers[said.provider], said, terms, began, then)
    if made is not None:
        document = {**made.document, "description": "Volunteers drive families without a car, now at weekends too."}
        services.write_record(provider=made.entry.provider, document=document, entry=made.entry, by=system(at), at=at)
        _kept_true(made.entry, at)


def _kept_true(entry: Entry, at: datetime) -> None:
    """Something said to be wrong, and a sample that is half checked."""
    by = public(at)
    services.receive_correction(
        entry=entry,
        what="times",
        words="They do not drive on Mondays any more.",
        email="reader@family.example",
        by=by,
        at=at,
    )
    sample = services.draw_sample(size=4, seed="demonstration", by=system(at), at=at)
    first, second, *_ = sample.items.select_related("entry__provider").order_by("place")
    services.check_item(item=first, result="right", by=system(at), at=at)
    services.check_item(item=second, result="no_answer", by=system(at), at=at)


def _record(provider: Provider, said: Said, terms: dict[str, UUID], began: datetime, assured: datetime) -> Any:
    version = services.write_record(
        provider=provider, document=_document(provider, said, terms), by=system(began), at=began
    )
    services.decide_version(entry_version=version, is_approved=True, by=system(began), at=began)
    version.entry.refresh_from_db()
    services.assure_entry(
        entry=version.entry, how="Rang the service and read the record aloud.", by=system(assured), at=assured
    )
    version.entry.refresh_from_db()
    return version


def _document(provider: Provider, said: Said, terms: dict[str, UUID]) -> dict[str, Any]:
    """The record in the shape of the standard."""
    names = ("sector", "reach", "setting", "commissioning", "budget")
    return {
        "name": said.name, "description": said.description, "status": "active", "email": provider.email, "url": provider.website,
        "minimum_age": said.ages[0], "maximum_age": said.ages[1],
        "attributes": [
            {"link_type": "service type", "taxonomy_term": {"id": str(terms[each]), "name": each, "description": each}}
            for each in said.categories
        ],
        "schedules": [{"freq": "WEEKLY", "byday": said.days, "opens_at": said.hours[0], "closes_at": said.hours[1]}] if said.days else [],
        "service_at_locations": [_place(*said.place)] if said.place else [],
        "service_areas": [{"name": "Exampleshire", "uri": f"http://statistics.data.gov.uk/id/statistical-geography/{DISTRICT}"}],
        "cost_options": [{"option": "Each time", "amount": said.price}] if said.price is not None else [],
        "contacts": [{"name": "Front desk", "title": "Enquiries"}],
        "languages": [{"name": "English", "code": "en"}],
        OWN: dict(zip(names, said.catalogue, strict=True)), **said.more,
    }  # fmt: skip


def _place(name: str, postcode: str) -> dict[str, Any]:
    if not name:
        return {"id": "secret", "location": {"id": str(identifier_of("place", "secret")), "location_type": "physical"}}
    address = {
        "address_1": name, "city": "Exampletown", "state_province": "Exampleshire", "postal_code": postcode, "country": "GB",
        "address_type": "physical",
    }  # fmt: skip
    step = {"description": "There is a step-free way in and an accessible toilet."}
    location = {
        "id": str(identifier_of("place", name)), "location_type": "physical", "name": name, "addresses": [address],
        "accessibility": [step],
    }  # fmt: skip
    return {"id": name, "location": location}
