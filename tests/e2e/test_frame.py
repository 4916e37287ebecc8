"""The frame and the behaviours that every page shares, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.trade import a_buyer

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def customers(owner):
    """Sixty customers: one full page of fifty, and the rest."""
    return [a_buyer(owner, name=f"Kunde {number:02} GmbH") for number in range(60)]


def test_single_keys_reach_search_new_and_help(logged_in: Page):
    logged_in.goto("/kunden/")
    search = logged_in.get_by_role("searchbox", name="Suchen", exact=True)
    logged_in.keyboard.press("/")
    expect(search).to_be_focused()
    logged_in.keyboard.press("Escape")
    logged_in.keyboard.press("n")
    expect(logged_in.get_by_role("link", name="Rechnung", exact=True)).to_be_focused()
    logged_in.keyboard.press("Escape")
    expect(logged_in.get_by_role("link", name="Rechnung", exact=True)).to_be_hidden()
    logged_in.keyboard.press("?")
    expect(logged_in.get_by_role("heading", name="Tasten")).to_be_visible()


def test_the_chosen_theme_is_written_by_the_server(logged_in: Page):
    logged_in.goto("/kunden/")
    logged_in.get_by_title("Ida Inhaberin").click()
    logged_in.get_by_role("button", name="Dunkel").click()
    expect(logged_in.locator("html")).to_have_attribute("data-theme", "dark")
    answer = logged_in.request.get("/kunden/").text()
    assert '<html lang="de" data-theme="dark">' in answer


def test_typing_narrows_a_list_and_keeps_the_address_short(logged_in: Page, customers):
    logged_in.goto("/kunden/")
    logged_in.get_by_role("searchbox", name="Liste durchsuchen").fill("Kunde 07")
    expect(logged_in.locator("tbody tr")).to_have_count(1)
    expect(logged_in).to_have_url(re.compile(r"/kunden/\?q=Kunde(\+|%20)07$"))
    logged_in.go_back()
    expect(logged_in.locator("tbody tr")).to_have_count(50)


def test_a_list_turns_its_pages_and_its_rows_lead_on(logged_in: Page, customers):
    logged_in.goto("/kunden/")
    logged_in.get_by_role("link", name="weiter").click()
    expect(logged_in.locator("tbody tr")).to_have_count(10)
    logged_in.locator("tbody tr").first.locator("td").last.click()
    expect(logged_in.get_by_role("heading", level=1)).to_contain_text("Kunde 50 GmbH")


def test_rows_are_walked_by_j_and_k(logged_in: Page, customers):
    logged_in.goto("/kunden/")
    logged_in.keyboard.press("j")
    logged_in.keyboard.press("j")
    expect(logged_in.locator("a[data-row-link]").nth(1)).to_be_focused()
    logged_in.keyboard.press("k")
    logged_in.keyboard.press("Enter")
    expect(logged_in.get_by_role("heading", level=1)).to_contain_text("Kunde 00 GmbH")


def test_leaving_a_changed_form_asks_and_saving_by_key_does_not(logged_in: Page):
    asked = []
    logged_in.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    logged_in.goto("/kunden/neu/")
    logged_in.get_by_label("Name", exact=True).fill("Zimmerei Köhler")
    logged_in.get_by_role("link", name="Produkte").click()
    expect(logged_in).to_have_url(re.compile("/kunden/neu/$"))
    assert asked == ["beforeunload"]
    logged_in.keyboard.press("Control+s")
    expect(logged_in.get_by_role("heading", level=1)).to_contain_text("Zimmerei Köhler")
    assert asked == ["beforeunload"]


def test_the_frame_gives_up_its_navigation_column_as_the_window_narrows(logged_in: Page):
    for width, column in ((1440, "15rem"), (1152, "12.5rem"), (1024, "60px"), (390, "0px")):
        logged_in.set_viewport_size({"width": width, "height": 844})
        logged_in.goto("/kunden/")
        page = logged_in.locator("html")
        assert page.evaluate("page => getComputedStyle(page).getPropertyValue('--nav')") == column


def test_on_the_phone_the_other_ways_are_behind_more(logged_in: Page):
    logged_in.set_viewport_size(PHONE)
    logged_in.goto("/kunden/")
    expect(logged_in.get_by_role("link", name="Einstellungen")).to_be_hidden()
    logged_in.get_by_role("button", name="Mehr", exact=True).click()
    expect(logged_in.get_by_role("link", name="Einstellungen")).to_be_visible()


def test_on_the_phone_a_long_form_is_saved_above_the_navigation(logged_in: Page):
    logged_in.set_viewport_size(PHONE)
    logged_in.goto("/kunden/neu/")
    foot = logged_in.locator(".form-foot").bounding_box()
    bar = logged_in.get_by_role("navigation").first.bounding_box()
    assert foot
    assert bar
    assert foot["y"] + foot["height"] <= bar["y"] + 1
    assert foot["y"] > PHONE["height"] / 2


@pytest.mark.parametrize("path", ["/", "/rechnungen/", "/kunden/neu/", "/rechnungen/neu/"])
def test_no_page_is_wider_than_its_window(logged_in: Page, path: str):
    for width in (1440, 1280, 1024, 768, 390):
        logged_in.set_viewport_size({"width": width, "height": 900})
        logged_in.goto(path)
        assert logged_in.locator("html").evaluate("page => page.scrollWidth") <= width
