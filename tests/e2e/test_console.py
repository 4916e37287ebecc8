"""Every page is quiet: nothing is blocked, nothing is missing, no script fails."""

from playwright.sync_api import Page


def test_the_login_page_of_the_administration_is_quiet(logged_in: Page):
    logged_in.goto("/admin/")
