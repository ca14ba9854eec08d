"""Every address, in the order of the parts."""

from django.urls import include, path

urlpatterns = [
    path("", include("joinedup.web.urls")),
    path("", include("joinedup.web.person_urls")),
    path("", include("joinedup.api.urls")),
    path("", include("joinedup.front_door.urls")),
    path("", include("joinedup.capacity.urls")),
    path("", include("joinedup.universal.urls")),
    path("", include("joinedup.family_page.urls")),
    path("", include("joinedup.casework.urls")),
    path("", include("joinedup.casework.note_urls")),
    path("", include("joinedup.casework.oversight_urls")),
    path("", include("joinedup.information_sharing.indicator_urls")),
    path("", include("joinedup.information_sharing.urls")),
    path("", include("joinedup.directory.urls")),
    path("", include("joinedup.funds.urls")),
    path("", include("joinedup.benefits.urls")),
    path("", include("joinedup.governance.urls")),
    path("", include("joinedup.outcomes.urls")),
    path("", include("joinedup.person_index.urls")),
    path("", include("joinedup.access.urls")),
    path("", include("joinedup.workforce.urls")),
    path("", include("joinedup.organisations.urls")),
]

handler400 = "joinedup.web.errors.bad_request"
handler403 = "joinedup.web.errors.not_permitted"
handler404 = "joinedup.web.errors.not_found"
handler500 = "joinedup.web.errors.fault"
