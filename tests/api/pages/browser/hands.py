"""How a person uses a page: with a mouse, or with the keyboard alone."""

from pathlib import Path
from typing import Protocol

from playwright.sync_api import Locator, Page

MOST_TABS = 600
"""How often Tab is pressed at most to get to a control."""
_IS_FOCUSED = "(one) => one === document.activeElement || (one.type === 'radio' && one.name !== '' && one.name === document.activeElement.name)"


class Hand(Protocol):
    """One way of using pages."""

    def press(self, control: Locator) -> None:
        """Follow a link, press a button, open a part, or tick a box."""

    def write(self, field: Locator, text: str) -> None:
        """Replace the text of a field."""

    def choose(self, choice: Locator) -> None:
        """Choose one of several, which are radio buttons."""

    def select(self, field: Locator, label: str) -> None:
        """Choose one of a list."""

    def attach(self, field: Locator, files: list[Path]) -> None:
        """Choose files."""


class Mouse:
    """Points and clicks; letters are typed."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def press(self, control: Locator) -> None:
        """Click."""
        control.click()

    def write(self, field: Locator, text: str) -> None:
        """Click into the field, and type."""
        field.click()
        self._page.keyboard.press("ControlOrMeta+A")
        self._page.keyboard.insert_text(text)

    def choose(self, choice: Locator) -> None:
        """Click."""
        choice.click()

    def select(self, field: Locator, label: str) -> None:
        """Open the list, and click; a test cannot see the list that the system draws."""
        field.select_option(label=label)

    def attach(self, field: Locator, files: list[Path]) -> None:
        """Click, and choose in the window of the system."""
        with self._page.expect_file_chooser() as asked:
            field.click()
        asked.value.set_files(files)


class Keyboard:
    """Uses Tab, Enter, blank and arrows, and never the mouse."""

    def __init__(self, page: Page) -> None:
        self._page = page
        page.on("filechooser", lambda _: None)  # from now on the window of the system is ours: a key is fast

    def press(self, control: Locator) -> None:
        """Go there; a blank ticks a box, Enter does all else."""
        self.reach(control)
        boxes = control.evaluate("(one) => one.type === 'checkbox'")
        self._page.keyboard.press("Space" if boxes else "Enter")

    def write(self, field: Locator, text: str) -> None:
        """Go there, and type."""
        self.reach(field)
        self._page.keyboard.press("ControlOrMeta+A")
        self._page.keyboard.insert_text(text)

    def choose(self, choice: Locator) -> None:
        """Go to the group, and use the arrows."""
        self.reach(choice)
        for _ in range(MOST_TABS):
            if choice.is_checked():
                return
            self._page.keyboard.press("ArrowDown")
        raise AssertionError("The arrows do not lead to this choice.")

    def select(self, field: Locator, label: str) -> None:
        """Go there, and type the beginning of its name."""
        self.reach(field)
        self._page.keyboard.type(label)
        assert field.evaluate("(one) => one.selectedOptions[0].label") == label

    def attach(self, field: Locator, files: list[Path]) -> None:
        """Go there, and choose in the window of the system."""
        self.reach(field)
        with self._page.expect_file_chooser() as asked:
            self._page.keyboard.press("Enter")
        asked.value.set_files(files)

    def reach(self, control: Locator) -> None:
        """Press Tab until the control has the focus, and check that it is seen."""
        control.wait_for()
        wanted = control.element_handle()
        for _ in range(MOST_TABS):
            if self._page.evaluate(_IS_FOCUSED, wanted):
                return
            self._page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {control}.")
