"""Addresses of the partnership's pages."""

from django.urls import path

from joinedup.organisations import views

urlpatterns = [
    path("partnership/", views.partnership, name="partnership"),
    path("partnership/organisations/<uuid:organisation_id>/", views.organisation, name="organisation"),
    path("partnership/teams/<uuid:team_id>/", views.team, name="team"),
    path("partnership/posts/appoint/", views.appoint, name="appoint"),
    path("partnership/posts/<uuid:post_id>/", views.post, name="post"),
    path("partnership/posts/<uuid:post_id>/end/", views.post_end, name="post_end"),
    path("partnership/posts/<uuid:post_id>/extend/", views.post_extend, name="post_extend"),
    path("my-posts/", views.my_posts, name="my_posts"),
]
