"""Addresses of the front pages."""

from django.urls import path

from home.style import style
from home.views import emergency, emergency_reviews
from home.views.crisis import crisis
from home.views.desk import desk
from home.views.front import front
from home.views.group import group
from home.views.member import me, member, reach, schedule
from home.views.report import report, report_csv
from home.views.search import search
from home.views.today import today

app_name = "home"

urlpatterns = [
    path("", front, name="front"),
    path("today/", today, name="today"),
    path("desk/", desk, name="desk"),
    path("home/", member, name="member"),
    path("schedule/", schedule, name="schedule"),
    path("me/", me, name="me"),
    path("me/<str:channel>/<str:choice>/", reach, name="reach"),
    path("help/", crisis, name="crisis"),
    path("groups/<uuid:pk>/", group, name="group"),
    path("reports/dropout/", report, name="report"),
    path("reports/dropout.csv", report_csv, name="report_csv"),
    path("search/", search, name="search"),
    path("emergency/", emergency.find, name="emergency"),
    path("emergency/open/", emergency.open_record, name="emergency_open"),
    path("emergency/<uuid:pk>/", emergency.chart, name="emergency_chart"),
    path("emergency/<uuid:pk>/close/", emergency.close, name="emergency_close"),
    path("emergency/notices/<uuid:pk>/", emergency_reviews.notice, name="emergency_notice"),
    path("emergency/reviews/", emergency_reviews.reviews, name="emergency_reviews"),
    path("emergency/reviews/<uuid:pk>/", emergency_reviews.review, name="emergency_review"),
    path("style/", style, name="style"),
]
