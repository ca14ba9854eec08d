"""The directory as files for others: a tabular data package (HSDS 3.1), and a bundle of FHIR R4. Pure; both are made from what the
open feed says, so that nothing leaves in them that is not public.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any

Json = dict[str, Any]
# Resource, its file, its columns. A column `x_id` points to the resource x of the package.
TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "organization": ("organizations.csv", ("id", "name", "description", "email", "website")),
    "organization_identifier": ("organization_identifiers.csv", ("id", "organization_id", "identifier_scheme", "identifier_type", "identifier")),
    "service": ("services.csv", (
        "id", "organization_id", "name", "description", "url", "email", "status", "fees", "accreditations", "minimum_age", "maximum_age",
        "assured_date", "assurer_email", "alert", "last_modified",
    )),
    "service_capacity": ("service_capacities.csv", ("id", "service_id", "unit_id", "available", "maximum", "description", "updated")),
    "unit": ("units.csv", ("id", "name")),
    "location": ("locations.csv", ("id", "location_type", "name", "description", "latitude", "longitude", "external_identifier", "external_identifier_type")),
    "service_at_location": ("service_at_location.csv", ("id", "service_id", "location_id")),
    "address": ("addresses.csv", (
        "id", "location_id", "attention", "address_1", "city", "region", "state_province", "postal_code", "country", "address_type",
    )),
    "accessibility": ("accessibility.csv", ("id", "location_id", "description", "details", "url")),
    "schedule": ("schedules.csv", (
        "id", "service_id", "valid_from", "valid_to", "dtstart", "freq", "interval", "byday", "bymonthday", "description", "opens_at",
        "closes_at", "schedule_link", "attending_type", "notes",
    )),
    "service_area": ("service_areas.csv", ("id", "service_id", "name", "extent", "extent_type", "uri")),
    "cost_option": ("cost_options.csv", ("id", "service_id", "valid_from", "valid_to", "option", "amount", "amount_description")),
    "language": ("languages.csv", ("id", "service_id", "name", "code")),
    "funding": ("funding.csv", ("id", "service_id", "source")),
    "contact": ("contacts.csv", ("id", "service_id", "name", "title")),
    "taxonomy": ("taxonomies.csv", ("id", "name", "description", "uri", "version")),
    "taxonomy_term": ("taxonomy_terms.csv", ("id", "name", "description", "parent_id", "taxonomy", "taxonomy_id", "term_uri")),
    "attribute": ("attributes.csv", ("id", "link_id", "taxonomy_term_id", "link_type", "link_entity")),
}  # fmt: skip
_NUMBERS = {"minimum_age", "maximum_age", "latitude", "longitude", "amount", "available", "maximum", "interval"}
_UNDER_SERVICE = {
    "schedules": "schedule", "service_areas": "service_area", "cost_options": "cost_option", "languages": "language",
    "funding": "funding", "contacts": "contact",
}  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def tables_of(
    services: Iterable[Json], taxonomies: Iterable[Json], terms: Iterable[Json]
) -> dict[str, dict[str, Json]]:
    """The rows of each table by identifier, so that what several services share stands there once."""
    found: dict[str, dict[str, Json]] = {name: {} for name in TABLES}
    for name, rows in (("taxonomy", taxonomies), ("taxonomy_term", terms)):
        found[name] = {row["id"]: row for row in rows}
    for service in services:
        _add_service(found, service)
    for row in found["taxonomy_term"].values():
        # A term that names a list or a parent nobody has points nowhere, and a package must not.
        for column, table in (("parent_id", "taxonomy_term"), ("taxonomy_id", "taxonomy")):
            if row.get(column) and row[column] not in found[table]:
                row[column] = ""
    return found


def _add_service(found: dict[str, dict[str, Json]], service: Json) -> None:
    about, key = service.get("organization", {}), service["id"]
    if about:
        found["organization"][about["id"]] = about
        for each in about.get("organization_identifiers", ()):
            found["organization_identifier"][each["id"]] = each | {"organization_id": about["id"]}
    found["service"][key] = service
    for listed, table in _UNDER_SERVICE.items():
        for each in service.get(listed, ()):
            found[table][each["id"]] = each | {"service_id": key}
    for each in service.get("capacities", ()):
        found["unit"][each["unit"]["id"]] = each["unit"]
        found["service_capacity"][each["id"]] = each | {"service_id": key, "unit_id": each["unit"]["id"]}
    for each in service.get("attributes", ()):
        term = each.get("taxonomy_term")
        if term:
            found["taxonomy_term"].setdefault(term["id"], dict(term))
            found["attribute"][each["id"]] = each | {
                "link_id": key,
                "link_entity": "service",
                "taxonomy_term_id": term["id"],
            }
    for at in service.get("service_at_locations", ()):
        if at.get("location"):
            _add_place(found, at, key)


def _add_place(found: dict[str, dict[str, Json]], at: Json, service_id: str) -> None:
    place = at["location"]
    found["location"][place["id"]] = place
    found["service_at_location"][at["id"]] = at | {"service_id": service_id, "location_id": place["id"]}
    for listed, table in (("addresses", "address"), ("accessibility", "accessibility")):
        for each in place.get(listed, ()):
            found[table][each["id"]] = each | {"location_id": place["id"]}


def _cell(value: Any) -> Any:
    """A cell; what a spreadsheet would take for a formula is written as text."""
    text = "" if value is None else value
    return f"'{text}" if isinstance(text, str) and text.startswith(_FORMULA) else text


def data_package(services: Iterable[Json], taxonomies: Iterable[Json], terms: Iterable[Json], *, licences: list[tuple[str, str, int]]) -> bytes:  # fmt: skip
    """A zip of CSV files with `datapackage.json`, in which every key points to a row that is there. Empty tables are left out."""
    tables = tables_of(services, taxonomies, terms)
    resources, buffer = [], io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, (file, columns) in TABLES.items():
            if not tables[name]:
                continue
            text = io.StringIO(newline="")
            rows = csv.writer(text)
            rows.writerow(columns)
            for row in tables[name].values():
                rows.writerow([_cell(row.get(column, "")) for column in columns])
            _put(package, file, text.getvalue())
            resources.append(_resource(name, file, columns, tables))
        said = {
            "name": "directory-of-services", "title": "The directory of services", "profile": "tabular-data-package",
            "version": "3.1.0", "resources": resources,
            "sources": [{"title": f"{source} ({number} services)"} for source, _, number in licences],
            "licenses": [{"name": licence, "title": licence} for licence in dict.fromkeys(each[1] for each in licences)],
        }  # fmt: skip
        _put(package, "datapackage.json", json.dumps(said, indent=1, ensure_ascii=False))
    return buffer.getvalue()


def _put(package: zipfile.ZipFile, name: str, text: str) -> None:
    # Without the clock: the same directory makes the same file.
    package.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)


def _resource(name: str, file: str, columns: tuple[str, ...], tables: dict[str, dict[str, Json]]) -> Json:
    keys = []
    for column in columns:
        table = {"parent_id": "taxonomy_term"}.get(column, column.removesuffix("_id"))
        if column.endswith("_id") and table in TABLES and tables[table]:
            resource = "" if table == name else table
            keys.append({"fields": column, "reference": {"resource": resource, "fields": "id"}})
    fields = [
        {"name": each, "type": "number" if each in _NUMBERS else "string"}
        | ({"constraints": {"required": True, "unique": True}} if each == "id" else {})
        for each in columns
    ]
    schema: Json = {"primaryKey": "id", "fields": fields}
    if keys:
        schema["foreignKeys"] = keys
    return {"name": name, "path": file, "profile": "tabular-data-resource", "encoding": "utf-8", "schema": schema}


_FHIR_DAYS = {"MO": "mon", "TU": "tue", "WE": "wed", "TH": "thu", "FR": "fri", "SA": "sat", "SU": "sun"}


def fhir_bundle(services: Iterable[Json], *, address: str, at: datetime) -> Json:
    """A FHIR R4 Bundle (type collection) of HealthcareService, Organization and Location, each service with who provides it and where.
    `address` is that of the open feed: every `fullUrl` is the address of the record there."""
    entries: dict[str, Json] = {}

    def add(path: str, resource: Json) -> None:
        entries[f"{address}/{path}/{resource['id']}"] = resource

    for service in services:
        for at_place in service.get("service_at_locations", ()):
            if "location" in at_place:
                add("locations", _fhir_location(at_place["location"]))
        if "organization" in service:
            add("organizations", _fhir_organisation(service["organization"]))
        add("services", _fhir_service(service))
    return {
        "resourceType": "Bundle", "type": "collection", "timestamp": at.isoformat(timespec="seconds"),
        "entry": [{"fullUrl": url, "resource": resource} for url, resource in entries.items()],
    }  # fmt: skip


def _kept(resource: Json) -> Json:
    """Without what has no value: FHIR knows no empty text, list or object."""
    return {name: one for name, one in resource.items() if one not in (None, "", [], {})}


def _telecom(*said: tuple[str, str | None]) -> list[Json]:
    return [{"system": system, "value": value} for system, value in said if value]


def _fhir_organisation(said: Json) -> Json:
    numbers = [{"system": f"urn:x-identifier:{each.get('identifier_type', 'other')}".replace(" ", "-").lower(), "value": each["identifier"]} for each in said.get("organization_identifiers", ()) if each.get("identifier")]  # fmt: skip
    telecom = _telecom(("email", said.get("email")), ("url", said.get("website")))
    return _kept(
        {
            "resourceType": "Organization",
            "id": said["id"],
            "identifier": numbers,
            "name": said["name"],
            "telecom": telecom,
        }
    )


def _fhir_location(said: Json) -> Json:
    address: Json = next(iter(said.get("addresses", ())), {})
    has_point = "latitude" in said and "longitude" in said
    uprn = said.get("external_identifier") if str(said.get("external_identifier_type", "")).upper() == "UPRN" else None
    return _kept({
        "resourceType": "Location", "id": said["id"], "status": "active", "name": said.get("name"),
        "identifier": [{"system": "https://fhir.hl7.org.uk/Id/UPRN", "value": str(uprn)}] if uprn else [],
        "address": _kept({
            "line": [address[name] for name in ("address_1",) if address.get(name)], "city": address.get("city"),
            "district": address.get("state_province"), "postalCode": address.get("postal_code"), "country": address.get("country"),
        }),
        "position": {"longitude": said["longitude"], "latitude": said["latitude"]} if has_point else None,
    })  # fmt: skip


def _fhir_service(said: Json) -> Json:
    terms = [each["taxonomy_term"] for each in said.get("attributes", ()) if each.get("taxonomy_term")]
    places = [at["location"]["id"] for at in said.get("service_at_locations", ()) if "location" in at]
    ages = [
        f"{name} {said[f'{key}_age']:g} years"
        for name, key in (("from", "minimum"), ("to", "maximum"))
        if f"{key}_age" in said
    ]
    languages = [{"text": str(each["name"])} for each in said.get("languages", ()) if each.get("name")]
    provider = said.get("organization", {})
    return _kept({
        "resourceType": "HealthcareService", "id": said["id"],
        "meta": {"lastUpdated": said["last_modified"]} if "last_modified" in said else None,
        "active": said.get("status") == "active",
        "providedBy": {"reference": f"Organization/{provider['id']}", "display": provider["name"]} if provider else None,
        "type": [_kept({"coding": [_kept({"system": each.get("term_uri"), "code": each["id"], "display": each["name"]})], "text": each["name"]}) for each in terms],
        "location": [{"reference": f"Location/{each}"} for each in dict.fromkeys(places)],
        "name": said["name"], "comment": said.get("description"), "extraDetails": said.get("alert"),
        "telecom": _telecom(("email", said.get("email")), ("url", said.get("url"))),
        "serviceProvisionCode": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/service-provision-conditions", "code": "free", "display": "Free"}]}]
        if said.get("cost_options") and all(each.get("amount") == 0 for each in said["cost_options"]) else [],
        "eligibility": [{"comment": f"Age: {', '.join(ages)}"}] if ages else [],
        "communication": languages,
        "availableTime": [time for each in said.get("schedules", ()) if (time := _fhir_time(each))],
    })  # fmt: skip


def _fhir_time(said: Json) -> Json:
    days = [
        _FHIR_DAYS[day]
        for part in str(said.get("byday", "")).split(",")
        if (day := part.strip().lstrip("+-0123456789")) in _FHIR_DAYS
    ]
    times = {
        name: f"{str(said[key])[:5]}:00"
        for name, key in (("availableStartTime", "opens_at"), ("availableEndTime", "closes_at"))
        if said.get(key)
    }
    return {"daysOfWeek": list(dict.fromkeys(days)), **times} if days else {}
