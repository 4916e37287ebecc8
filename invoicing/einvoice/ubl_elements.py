"""UBL's elements: groups that come into being with their first value."""

from lxml import etree

from invoicing.einvoice.parse import CAC, CBC


class Group:
    """A group of elements; one that stays empty is never written (PEPPOL-EN16931-R008).

    The place is taken when the first value arrives, so that the order of the `add` calls is the
    order in the document.
    """

    def __init__(
        self, element: etree._Element | None, *, parent: "Group | None" = None, name: str = ""
    ) -> None:
        self._element = element
        self._parent = parent
        self._name = name

    def group(self, path: str) -> "Group":
        """A new group below this one, by a path of aggregate names."""
        made = self
        for name in path.split("/"):
            made = Group(None, parent=made, name=name)
        return made

    def add(self, name: str, text: str, /, **attributes: str) -> None:
        """Write a basic element, if it says something."""
        if text:
            element = etree.SubElement(self._placed(), f"{{{CBC}}}{name}")
            for attribute, value in attributes.items():
                if value:
                    element.set(attribute, value)
            element.text = text

    def _placed(self) -> etree._Element:
        if self._element is None:
            assert self._parent is not None  # only the root has no parent, and it has an element
            self._element = etree.SubElement(self._parent._placed(), f"{{{CAC}}}{self._name}")
        return self._element
