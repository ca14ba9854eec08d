"""The open feed described as OpenAPI 3.1, from the same table the records are checked with. Pure."""

from __future__ import annotations

from typing import Any

from joinedup.directory.profile import SHAPES, Field

_FORMATS = {"uuid": "uuid", "uri": "uri", "email": "email", "moment": "date-time"}
_NUMBER = {"type": "number", "minimum": 0, "maximum": 10_000_000}
_TEXT = {"type": "string", "maxLength": 200}
_UUID = {"type": "string", "format": "uuid"}
_PARAMETERS: dict[str, dict[str, Any]] = {
    "search": {"type": "string"},
    "page": {"type": "integer", "minimum": 1, "maximum": 2_147_483_648},
    "per_page": {"type": "integer", "minimum": 1, "maximum": 500},
    "taxonomy_term_id": _UUID, "taxonomy_id": _UUID, "organization_id": _UUID, "parent_id": _UUID,
    "minimum_age": _NUMBER, "maximum_age": _NUMBER, "age": _NUMBER, "age_from": _NUMBER, "age_to": _NUMBER,
    "start_time": _TEXT, "end_time": _TEXT, "day": _TEXT, "modified_after": _TEXT, "postcode": _TEXT, "proximity": _NUMBER,
    "minimal": {"type": "boolean"}, "full": {"type": "boolean"}, "top_only": {"type": "boolean"},
    "full_service": {"type": "boolean"},
}  # fmt: skip
_PAGED = ("search", "page", "per_page")
_SERVICES = (
    *_PAGED, "taxonomy_term_id", "taxonomy_id", "organization_id", "minimum_age", "maximum_age", "age", "age_from", "age_to",
    "start_time", "end_time", "day", "modified_after", "full",
)  # fmt: skip
# Path, shape of a record, what may be asked, shape of a single one.
_PATHS: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("services", "service_list", (*_SERVICES, "minimal"), "service"),
    ("service_at_locations", "service_at_location_list", (*_SERVICES, "postcode", "proximity"), "service_at_location"),
    ("taxonomies", "taxonomy", _PAGED, "taxonomy"),
    ("taxonomy_terms", "taxonomy_term", (*_PAGED, "taxonomy_id", "parent_id", "top_only"), "taxonomy_term"),
    ("organizations", "organization_list", (*_PAGED, "full"), "organization"),
)


def _schema(field: Field) -> dict[str, Any]:
    if field.kind == "list":
        return {"type": "array", "items": {"$ref": f"#/components/schemas/{field.of}"}}
    if field.kind == "object":
        return {"$ref": f"#/components/schemas/{field.of}"}
    if field.kind == "one_of":
        return {"type": "string", "enum": list(field.choices)}
    if field.kind == "number":
        return {"type": "number"}
    return {"type": "string", **({"format": _FORMATS[field.kind]} if field.kind in _FORMATS else {})}


def _shape(name: str) -> dict[str, Any]:
    fields = SHAPES[name]
    said = {"type": "object", "properties": {each: _schema(field) for each, field in fields.items()}}
    required = [each for each, field in fields.items() if field.is_required]
    return {**said, "required": required} if required else said


def _page(shape: str) -> dict[str, Any]:
    numbers = {name: {"type": "integer"} for name in ("total_items", "total_pages", "page_number", "size")}
    truths = {name: {"type": "boolean"} for name in ("first_page", "last_page", "empty")}
    properties = {
        **numbers,
        **truths,
        "contents": {"type": "array", "items": {"$ref": f"#/components/schemas/{shape}"}},
    }
    return {"type": "object", "properties": properties, "required": list(properties)}


def _answer(schema: dict[str, Any]) -> dict[str, Any]:
    wrong = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/fault"}}}}
    return {
        "200": {"description": "What was asked for", "content": {"application/json": {"schema": schema}}},
        "400": {"description": "Something was asked wrongly; the message says what", **wrong},
        "404": {"description": "There is no such record", **wrong},
    }


def _asked(names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"name": name, "in": "query", "schema": _PARAMETERS[name]} for name in names]


def described(address: str) -> dict[str, Any]:
    """The whole description, for the feed at an address."""
    paths: dict[str, Any] = {
        "/": {"get": {"operationId": "details", "responses": _answer({"$ref": "#/components/schemas/details"})}}
    }
    for path, shape, names, single in _PATHS:
        # With `minimal` a service is its id and when it changed, which is not the shape of a list.
        schema = {"type": "object"} if "minimal" in names else _page(shape)
        paths[f"/{path}"] = {"get": {"operationId": path, "parameters": _asked(names), "responses": _answer(schema)}}
        one = [{"name": "id", "in": "path", "required": True, "schema": _UUID}]
        one += _asked(("full_service",)) if path == "organizations" else []
        ref = {"$ref": f"#/components/schemas/{single}"}
        paths[f"/{path}/{{id}}"] = {"get": {"operationId": f"{path}_one", "parameters": one, "responses": _answer(ref)}}
    fault = {
        "type": "object",
        "properties": {"message": {"type": "string"}, "rule": {"type": "string"}},
        "required": ["message"],
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Joinedup: the directory of services", "version": "3.0"},
        "servers": [{"url": address.rstrip("/")}],
        "paths": paths,
        "components": {"schemas": {**{name: _shape(name) for name in SHAPES}, "fault": fault}},
    }
