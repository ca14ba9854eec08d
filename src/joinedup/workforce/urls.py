"""Addresses of the pages of training."""

from django.urls import path

from joinedup.workforce import views

urlpatterns = [
    path("training/", views.training, name="training"),
    path("training/add/", views.add, name="training_add"),
    path("training/<uuid:training_id>/take-back/", views.take_back, name="training_take_back"),
]
