"""Pages as a person without JavaScript uses them: what a form holds is what it sends."""

import re
from typing import Any

from lxml import html


def text(response: Any) -> str:
    """The words of a page, blanks evened out."""
    tree = html.fromstring(response.content.decode())
    for hidden in tree.xpath("//template | //script | //style"):
        hidden.getparent().remove(hidden)
    return re.sub(r"\s+", " ", tree.text_content()).strip()


def filled(response: Any, form_id: str) -> dict[str, Any]:
    """What the form would send as it stands, without its buttons."""
    tree = html.fromstring(response.content.decode())
    for template in tree.xpath("//template | //noscript"):
        template.getparent().remove(template)
    form = tree.get_element_by_id(form_id)
    return {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}


def error_at(response: Any, field_id: str) -> str:
    """The error that belongs to a field, which names it; nothing without one."""
    tree = html.fromstring(response.content.decode())
    field = tree.get_element_by_id(field_id)
    found = tree.get_element_by_id(f"{field_id}_error", None)
    if found is None:
        return ""
    assert found.get("id") in field.get("aria-describedby", "").split()
    assert field.get("aria-invalid") == "true"
    return str(found.text_content()).strip()
