"""A new office: an installation made from nothing by `baoton init`, its people, and a browser they work in."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

sync_api = pytest.importorskip("playwright.sync_api")

PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
CHROMIUM = next((path for path in PLACES if Path(path).exists()), "")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--use-gl=swiftshader",
         "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]  # fmt: skip
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
PEOPLE = "import django; django.setup(); from baoton.people.simulate import cast; cast()"
PICTURES = os.environ.get("BAOTON_PICTURES", "")


@dataclass
class Office:
    """A served installation: its address, and its books for what a test lays out or looks up behind the pages."""

    base: str
    env: dict[str, str]
    var: Path

    def run(self, code: str) -> str:
        """What a few lines print that are run inside the installation."""
        code = f"import django; django.setup()\n{code}"
        told = subprocess.run([sys.executable, "-c", code], env=self.env, capture_output=True, text=True)
        assert told.returncode == 0, told.stderr[-3000:]
        return told.stdout.strip()


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
        if self.pictures:
            self.page.screenshot(path=f"{self.pictures}/{name}.png", full_page=True)

    def note(self, what: str, seconds: float = 0) -> None:
        """What a daily task cost, kept where pictures are: the figures of docs/daily.md come from here."""
        if self.pictures:
            with (Path(self.pictures) / "daily.txt").open("a", encoding="utf-8") as out:
                out.write(f"{what}: {self.clicks} clicks, {self.keys} keys, {seconds:.0f} s\n")

    @property
    def fits(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser of the machine; without one the tests are skipped, on CI they fail."""
    if not CHROMIUM:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium on this machine, and CI=true")
        pytest.skip("no Chromium on this machine")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def office(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """`baoton init` on an empty folder, the people of the office, and the server."""
    var = tmp_path_factory.mktemp("new-office")
    if settings.VENDOR_DIR.is_dir():
        (var / "vendor").symlink_to(settings.VENDOR_DIR)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "BAOTON_JOBS_INLINE"}}
    env |= {
        "BAOTON_VAR": str(var),
        "BAOTON_HOSTS": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "baoton.site.settings",
    }
    command = [sys.executable, "-m", "baoton.site.command"]
    made = subprocess.run([*command, "init"], env=env, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr[-2000:]
    subprocess.run([sys.executable, "-c", PEOPLE], env=env, check=True)
    log = (var / "serve.log").open("wb")
    server = subprocess.Popen([*command, "serve", "--port", str(port)], env=env, stdout=log, stderr=log)
    base = f"http://127.0.0.1:{port}"
    for _try in range(160):
        try:
            urllib.request.urlopen(f"{base}/song", timeout=2).read()
            break
        except OSError:
            time.sleep(0.25)
    yield Office(base, env, var)
    server.send_signal(signal.SIGINT)
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:
        server.kill()
    log.close()


@pytest.fixture
def open_as(chromium: Any, office: Office) -> Iterator[Callable[..., Hand]]:
    """A page in which this person is signed in; what it tells of errors or fetches elsewhere fails the test."""
    troubles: list[str] = []
    contexts = []

    def told(message: Any) -> None:
        if message.type in {"error", "warning"} and "GPU stall" not in message.text:
            troubles.append(f"{message.type}: {message.text}")

    def asked(request: Any) -> None:
        if not request.url.startswith((office.base, "blob:", "data:")):
            troubles.append(f"fetched elsewhere: {request.url}")

    def of(name: str = "", size: dict[str, int] = DESK, **more: Any) -> Hand:
        context = chromium.new_context(viewport=size, base_url=office.base, locale="vi-VN", **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15000)
        page.on("console", told)
        page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
        page.on("request", asked)
        if name:
            page.goto("/dang-nhap/")
            page.fill("#id_username", name)
            page.fill("#id_password", "baoton-demo")
            page.click("main button")
            page.wait_for_selector(".who")
        return Hand(page)

    yield of
    for context in contexts:
        context.close()
    assert not troubles, "\n".join(troubles)


def number(text: str) -> int:
    """The first whole number of a text."""
    found = re.search(r"\d[\d.]*", text)
    assert found, text
    return int(found.group().replace(".", ""))


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture taken in Mù Cả, whose camera wrote the place and the day."""
    from PIL import ExifTags, Image

    picture = Image.new("RGB", (640, 480), "#356a3b")
    tags = Image.Exif()
    gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
    for at, side, value in ((2, "N", 22.43), (4, "E", 102.45)):
        minutes = (value - int(value)) * 60
        gps[at - 1], gps[at] = side, (int(value), int(minutes), round((minutes - int(minutes)) * 60, 3))
    tags.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:11:20 08:30:00"
    path = tmp_path_factory.mktemp("photos") / "mu-ca.jpg"
    picture.save(path, exif=tags)
    return path
