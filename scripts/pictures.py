"""A picture of every type of page of a running demonstration, on a desk and a telephone, in both languages.

`scripts/pictures.py http://127.0.0.1:8000 FOLDER [words]` signs in as the cast of the demonstration, walks the menu
and what it leads to, and keeps one picture a page type; beside them `told.txt` names pages that scroll sideways,
tell an error, or say what only the code should know. With words, only addresses that hold one of them.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.browser import CHROMIUM, DESK, FLAGS, PASSWORD, PHONE

READERS = ("", "lan", "sung", "dung", "thanh", "quan", "hoa")
FURTHER = {
    "": ("/dang-nhap/", "/quen-mat-khau/", "/khong-co/", "/ke-hoach/nhiem-vu/1/", "/dia-ban/cu-moi/", "/tim/?q=vuon"),
    "lan": ("/toi/", "/toi/mat-khau/", "/ke-hoach/van-ban/", "/ke-hoach/chep-nam/", "/duyet-loat/",
            "/dieu-hanh/giao-ban/", "/so/observations-occurrence/ban-lam-viec/?status=draft", "/so/taxa-taxon/tu-dien/",
            "/dia-ban/03451/phieu/", "/dia-ban/03451/ap-phich/", "/bao-cao/2026/so-lieu/",
            "/so/observations-occurrence/?when=hôm+kia"),
    "dung": ("/kiem-tra/ke-hoach/", "/mau-van-ban/"),
    "quan": ("/quan-tri/nguoi-dung/moi/", "/quan-tri/nguoi-dung/danh-sach/", "/quan-tri/co-quan/"),
}  # fmt: skip
RAW = re.compile(r"\b[a-z]+_[a-z_]+\b|\bNone\b|\bTrue\b|\bFalse\b|\bnan\b|\{\{|\bundefined\b|→ draft")
FILE = re.compile(r"\.(docx|xlsx|csv|zip|pdf|ics|json)\b")
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def signed_in(browser: Browser, base: str, name: str, size: Any, language: str) -> Page:
    """A page in which this member of the cast reads in this language."""
    context = browser.new_context(viewport=size, base_url=base, locale="vi-VN")
    context.add_cookies([{"name": "django_language", "value": language, "url": base}])
    page = context.new_page()
    if name:
        page.goto("/dang-nhap/")
        page.fill("#id_username", name)
        page.fill("#id_password", PASSWORD)
        page.click("main button")
        page.wait_for_selector(".who")
    return page


def addresses(page: Page, name: str) -> Iterator[str]:
    """The home page, the menu, what every list leads to, and the further pages of this reader."""
    yield "/"
    page.goto("/")
    listed = page.eval_on_selector_all("nav.side a", "all => all.map(a => a.getAttribute('href'))")
    for path in [*listed, *FURTHER.get(name, ())]:
        yield path
        if page.goto(path) is None or "?" in path:
            continue
        for wanted in ("#list tbody a", "main table a", "main a[href$='/moi/']"):
            found = page.locator(wanted)
            if found.count():
                address = found.first.get_attribute("href") or ""
                if address.startswith("/") and not FILE.search(address):
                    yield address
        record = page.locator("#list tbody a")
        if record.count():
            page.goto(record.first.get_attribute("href") or path)
            edit = page.locator("main a[href$='/sua/']")
            if edit.count():
                yield edit.first.get_attribute("href") or path


def kind_of(address: str, name: str) -> str:
    """Pages of one type share a name: keys and questions are left out; home and lists are each reader's own."""
    plain = KEY.sub("x", address.split("?")[0]).strip("/").replace("/", "_") or "home"
    return f"{plain}~{name or 'visitor'}" if plain == "home" else plain


def main(base: str, folder: Path, words: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    told: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        seen: dict[str, tuple[str, str]] = {}
        for name in READERS:
            page = signed_in(browser, base, name, DESK, "vi")
            for address in list(addresses(page, name)):
                if not words or any(word in address for word in words):
                    seen.setdefault(kind_of(address, name), (name, address))
            page.context.close()
        for language in ("vi", "en"):
            for size, label in ((DESK, "desk"), (PHONE, "phone")):
                for name in READERS:
                    page = signed_in(browser, base, name, size, language)
                    for kind, (who, address) in seen.items():
                        if who == name:
                            told += shoot(page, address, folder / f"{kind}.{language}.{label}.png")
                    page.context.close()
        browser.close()
    (folder / "told.txt").write_text("\n".join(told) + "\n", encoding="utf-8")
    print(f"{len(seen)} page types; {len(told)} told in {folder / 'told.txt'}")


def shoot(page: Page, address: str, path: Path) -> Iterator[str]:
    """The picture of one page; what is wrong with it at first sight."""
    answer = page.goto(address)
    page.wait_for_load_state("load")
    if page.locator("[data-map], [data-draw]").count():
        page.wait_for_timeout(1500)
    page.screenshot(path=path, full_page=True)
    if answer is not None and answer.status >= 500:
        yield f"{path.name} {address}: {answer.status}"
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        yield f"{path.name} {address}: scrolls sideways"
    for found in sorted(set(RAW.findall(page.inner_text("body")))):
        yield f"{path.name} {address}: raw {found}"


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]), sys.argv[3:])
