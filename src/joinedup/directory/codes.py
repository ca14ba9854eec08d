"""The code lists of the directory. Pure."""

from __future__ import annotations

STATUSES = ("active", "inactive", "defunct", "temporarily closed")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SECTORS: dict[str, str] = {"health": "Health", "education": "Education", "social_care": "Social care"}
REACHES: dict[str, str] = {"universal": "Universal", "targeted": "Targeted"}
SETTINGS: dict[str, str] = {"area": "Area based", "school": "School based"}
COMMISSIONING: dict[str, str] = {
    "joint": "Joint commissioning",
    "single": "Commissioned by one agency",
    "unknown": "Not known",
}
BUDGETS: dict[str, str] = {
    "pooled": "Pooled",
    "aligned": "Aligned",
    "joint": "Joint",
    "separate": "Separate",
    "unknown": "Not known",
}
# Where a record keeps what the partnership says of a service beyond the open standard.
OWN = "joinedup_catalogue"
