"""The admin, and the page to choose a house on."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from example import choice

admin.site.site_header = "Guest houses"
admin.site.site_title = "Guest houses"
admin.site.index_title = "The books"

urlpatterns = [
    path("", choice.houses, name="houses"),
    path("choose/", choice.choose, name="choose"),
    path("admin/", admin.site.urls),
]
