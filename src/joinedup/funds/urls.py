"""Addresses of agreements to share money, funds and their ledger."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
