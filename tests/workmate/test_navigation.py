"""The frame shows a way only to those who may go it."""

from django.contrib.auth.models import AnonymousUser, Group
from django.template import Context
from django.test import RequestFactory

from workmate.models import User
from workmate.templatetags import navigation


def entries(user, *, path="/", menu="main"):
    request = RequestFactory().get(path)
    request.user = user
    shown = navigation.navigation(Context({"request": request}), menu)
    return {entry["label"]: entry for entry in shown}


def person(role):
    user = User.objects.create_user(f"{role.lower()}@example.de", name=role)
    user.groups.add(Group.objects.get(name=role))
    return user


def test_an_owner_sees_the_main_ways(db):
    shown = entries(person("Inhaber"))
    assert list(shown)[:5] == ["Übersicht", "Rechnungen", "Kunden", "Produkte", "Zahlungen"]
    assert "Einstellungen" in shown


def test_a_colleague_without_rights_sees_the_overview_at_most(db):
    assert set(entries(person("Mitarbeit"))) <= {"Übersicht"}


def test_an_adviser_may_look_but_make_nothing_new(db):
    adviser = person("Steuerberatung")
    assert "Rechnungen" in entries(adviser)
    assert "Einstellungen" not in entries(adviser)
    assert entries(adviser, menu="new") == {}


def test_a_stranger_sees_nothing():
    assert entries(AnonymousUser()) == {}


def test_the_way_one_is_on_is_marked(db):
    owner = person("Inhaber")
    assert entries(owner, path="/rechnungen/")["Rechnungen"]["current"] == "page"
    assert entries(owner, path="/rechnungen/7/")["Rechnungen"]["current"] == "true"
    assert entries(owner, path="/rechnungen/7/")["Übersicht"]["current"] == ""


def test_an_address_that_does_not_exist_yet_is_not_shown(db, monkeypatch):
    ahead = navigation.Item("Bald", "clock", "not-yet:there")
    monkeypatch.setattr(navigation, "MAIN", [ahead])
    assert entries(person("Inhaber")) == {}


def test_only_a_known_theme_is_taken_from_the_cookie():
    def theme(cookie):
        request = RequestFactory().get("/")
        request.COOKIES["theme"] = cookie
        return navigation.theme(Context({"request": request}))

    assert theme("dark") == "dark"
    assert theme("light") == "light"
    assert theme('"><script>') == ""
