"""Addresses of the directory. Those of the open feed have no slash at their end, as the standard has them."""

from django.urls import URLPattern, path

from joinedup.directory.views import feed, finding

FEED = "open-referral/v3/"
urlpatterns: list[URLPattern] = [
    path("find/", finding.find, name="find_services"),
    path("find/<uuid:entry_id>/", finding.service, name="found_service"),
    path(FEED, feed.details, name="feed_details"),
    path(FEED.rstrip("/"), feed.details, name="feed_details_bare"),
    path(f"{FEED}openapi.json", feed.openapi, name="feed_openapi"),
    path(f"{FEED}services", feed.services, name="feed_services"),
    path(f"{FEED}services/<uuid:entry_id>", feed.service, name="feed_service"),
    path(f"{FEED}taxonomies", feed.taxonomies, name="feed_taxonomies"),
    path(f"{FEED}taxonomies/<uuid:taxonomy_id>", feed.taxonomy, name="feed_taxonomy"),
    path(f"{FEED}taxonomy_terms", feed.taxonomy_terms, name="feed_terms"),
    path(f"{FEED}taxonomy_terms/<uuid:taxonomy_term_id>", feed.taxonomy_term, name="feed_term"),
    path(f"{FEED}service_at_locations", feed.service_at_locations, name="feed_places"),
    path(f"{FEED}service_at_locations/<uuid:entry_place_id>", feed.service_at_location, name="feed_place"),
    path(f"{FEED}organizations", feed.organizations, name="feed_providers"),
    path(f"{FEED}organizations/<uuid:provider_id>", feed.organization, name="feed_provider"),
]
