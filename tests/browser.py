"""A real browser and the people who sit at it: what every story told in pages shares."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, sync_playwright

PLACES = tuple(
    f"/usr/bin/{name}"
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
)
"""The browser without its windows first: it draws the same pages with a third less work."""
CHROMIUM = next((path for path in PLACES if Path(path).exists()), "")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--use-gl=swiftshader",
         "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]  # fmt: skip
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
PASSWORD = "baoton-demo"
PICTURES = os.environ.get("BAOTON_PICTURES", "")
SIGNED_IN: dict[
    tuple[str, str, str], Any
] = {}  # who signed in once goes on in the same session, while it stands


def settled(click: Callable[..., None]) -> Callable[..., None]:
    """A click after which the page it opened is there whole: Playwright returns at its first byte."""

    def clicked(self: Any, *args: Any, **more: Any) -> None:
        page = self if isinstance(self, Page) else self.page
        click(self, *args, **more)
        if not page.is_closed():
            page.wait_for_load_state("domcontentloaded")

    return clicked


for kind in (Page, Locator):
    kind.click = settled(kind.click)  # type: ignore[method-assign]


def browser() -> Iterator[Any]:
    """The browser of the machine; without one the tests are skipped, on CI they fail."""
    if not CHROMIUM:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium on this machine, and CI=true")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


@contextmanager
def visitors(
    chromium: Any, base: str, *, password: str = PASSWORD, refusals: bool = False
) -> Iterator[Callable[..., Any]]:
    """Pages in which people are signed in; what one tells of errors or fetches elsewhere fails the test.

    With `refusals` a page may be refused (40x), which the browser tells as an error too.
    """
    troubles: list[str] = []
    contexts = []

    def told(message: Any) -> None:
        if message.type in {"error", "warning"} and "GPU stall" not in message.text:
            if refusals and "status of 40" in message.text:
                return
            troubles.append(f"{message.type}: {message.text} {message.location.get('url', '')}")

    def asked(request: Any) -> None:
        if not request.url.startswith((base, "blob:", "data:")):
            troubles.append(f"fetched elsewhere: {request.url}")

    def of(name: str = "", size: dict[str, int] = DESK, **more: Any) -> Any:
        held = SIGNED_IN.get((base, name, password)) if name else None
        context = chromium.new_context(
            viewport=size, base_url=base, locale="vi-VN", storage_state=held, **more
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", told)
        page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
        page.on("request", asked)
        if held:
            page.goto("/")
        if name and not page.locator(".who").count():
            page.goto("/dang-nhap/")
            page.fill("#id_username", name)
            page.fill("#id_password", password)
            page.click("main button")
            page.wait_for_selector(".who")
            SIGNED_IN[base, name, password] = context.storage_state()
        return page

    yield of
    for context in contexts:
        context.close()
    assert not troubles, "\n".join(troubles)


def fits(page: Any) -> bool:
    """Nothing makes the page itself scroll sideways."""
    page.wait_for_load_state("load")
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def picture(page: Any, name: str) -> None:
    """A picture to look at, where somebody asked for pictures."""
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


@dataclass
class Hand:
    """A person at a page: counts clicks and keys, and keeps a picture where one is asked for."""

    page: Any
    clicks: int = 0
    keys: int = 0
    pictures: str = field(default=PICTURES)

    def click(self, selector: str) -> None:
        self.clicks += 1
        self.page.click(selector)

    def press(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)

    def type(self, selector: str, text: str) -> None:
        self.keys += len(text)
        self.page.fill(selector, text)

    def choose(self, selector: str, value: str) -> None:
        self.clicks += 1
        self.page.select_option(selector, value)

    def picture(self, name: str) -> None:
        picture(self.page, name)

    def note(self, what: str, seconds: float = 0) -> None:
        """What a daily task cost, kept where pictures are: the figures of docs/daily.md come from here."""
        self.tell(f"{what}: {self.clicks} clicks, {self.keys} keys, {seconds:.0f} s")

    def tell(self, line: str) -> None:
        """A measured figure, kept where pictures are."""
        if self.pictures:
            Path(self.pictures).mkdir(parents=True, exist_ok=True)
            with (Path(self.pictures) / "daily.txt").open("a", encoding="utf-8") as out:
                out.write(f"{line}\n")

    @property
    def fits(self) -> bool:
        return fits(self.page)
