"""Sheets, photos and papers bound into one PDF with a cover, an index and numbered pages; always the same bytes.

Words are handed over as data and never as marks of the typesetter; its own embedded type is used and no clock is
read, so that the file depends on its parts alone.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

PICTURES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}
PDF = "application/pdf"
MOST_PAGES = 2_000
PRINTED = (1004, 945)
"""Points of a picture that fills its place on a page, 17 by 16 cm, at 150 to the inch."""
ROOM = 9
"""Lines that have room above a picture; more of them stand on a page of their own."""
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Sheet:
    """Typed pages: a heading of the index, paragraphs, and a table with its headings where there is one."""

    title: str
    lines: Sequence[str] = ()
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class Kept:
    """An original that is bound as it is: `path` holds what is printed, `sha256` names the original bytes.

    `lines` stand above it. Without a path (no picture can be made of it) only its lines are printed, and `why` says so.
    """

    title: str
    sha256: str
    path: Path | None = None
    media_type: str = "image/jpeg"
    lines: Sequence[str] = ()
    why: str = ""


@dataclass(frozen=True)
class Binding:
    """What is printed around the parts: the cover and the line at the foot of each page."""

    title: str
    about: Sequence[str] = ()
    foot: str = ""
    index: str = field(default_factory=lambda: _("Mục lục"))
    original: str = field(default_factory=lambda: _("Dấu sha256 của bản gốc"))


def bound(binding: Binding, parts: Sequence[Sheet | Kept], told: Told | None = None) -> bytes:
    """The parts in their order as one PDF, pages numbered through. `told(done, total)` hears how far it is."""
    with tempfile.TemporaryDirectory(prefix="baoton-bound-") as folder:
        bind_to(Path(folder) / "bound.pdf", binding, parts, told)
        return (Path(folder) / "bound.pdf").read_bytes()


def bind_to(path: Path, binding: Binding, parts: Sequence[Sheet | Kept], told: Told | None = None) -> None:
    """The same, written to a file: a court's file of hundreds of photos stands in memory only once."""
    with tempfile.TemporaryDirectory(prefix="baoton-bind-") as folder:
        root = Path(folder)
        (root / "sheet.typ").write_text(LAYOUT, encoding="utf-8")
        data: dict[str, Any] = {
            "title": binding.title, "about": list(binding.about), "foot": binding.foot, "index": binding.index,
            "original": binding.original, "parts": [],
        }  # fmt: skip
        for n, part in enumerate(parts):
            data["parts"].append(_sheet(part) if isinstance(part, Sheet) else _kept(root, n, part))
            if told is not None:
                told(n + 1, len(parts))
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        _made_apart(root, "sheet.typ", root / "bound.pdf")
        pictures = {n: root / one["photo"] for n, one in enumerate(data["parts"]) if one["photo"]}
        if pictures:
            from baoton.kit.paper.pictures import (
                put_in,  # with pypdf, which no start of the programme waits for
            )

            put_in(root / "bound.pdf", path, pictures, len(data["parts"]))
        else:
            shutil.copyfile(root / "bound.pdf", path)


def typeset(
    layout: str,
    data: Mapping[str, Any],
    pictures: Mapping[str, str | bytes] | None = None,
    ending: str = "pdf",
) -> bytes:
    """A page layout of the typesetter filled with data (`data.json`) and pictures by file name, as PDF or `png`."""
    with tempfile.TemporaryDirectory(prefix="baoton-set-") as folder:
        root = Path(folder)
        (root / "sheet.typ").write_text(layout, encoding="utf-8")
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for name, held in (pictures or {}).items():
            (root / name).write_bytes(held.encode() if isinstance(held, str) else held)
        _made(root, "sheet.typ", root / f"bound.{ending}")
        return (root / f"bound.{ending}").read_bytes()


def _made(root: Path, name: str, path: Path) -> None:
    typst.compile(str(root / name), output=str(path), root=str(root), ignore_system_fonts=True, timestamp=0)


def _made_apart(root: Path, name: str, path: Path) -> None:
    """The same in a process of its own: what the typesetter keeps in mind ends with it, and the worker stays small."""
    code = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], root=sys.argv[3], "
    code += "ignore_system_fonts=True, timestamp=0)"
    done = subprocess.run(
        [sys.executable, "-c", code, str(root / name), str(path), str(root)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the typesetter ended with {done.returncode}: {done.stderr.strip()[-500:]}")


def _sheet(part: Sheet) -> dict[str, Any]:
    rows = [[str(cell) for cell in row] for row in part.rows]
    return {
        "title": part.title, "lines": list(part.lines), "heads": list(part.heads), "rows": rows,
        "pages": [], "file": "", "photo": "", "apart": False,
        "sha256": "",
    }  # fmt: skip


def _kept(root: Path, n: int, part: Kept) -> dict[str, Any]:
    name, photo, pages, lines = "", "", [], list(part.lines)
    ending = "pdf" if part.media_type == PDF else PICTURES.get(part.media_type, "")
    if part.path is not None and part.path.exists() and ending:
        name = f"part{n}.{ending}"
        if ending == "pdf":
            shutil.copyfile(part.path, root / name)
            pages = list(range(1, pages_of(root, name) + 1))
        else:
            smaller, name = printed(part.path, root / f"part{n}.jpg"), ""
            photo = "" if smaller is None else f"part{n}.jpg"
            if smaller:
                lines.append(_("Ảnh in được thu nhỏ cho vừa trang; bản gốc giữ nguyên trong hệ thống."))
    if not pages and not photo:
        name = ""
        lines.append(part.why or _("Không in được tệp này thành trang; bản gốc giữ nguyên trong hệ thống."))
    return {
        "title": part.title, "lines": lines, "heads": [], "rows": [], "pages": pages, "file": name, "photo": photo,
        "apart": sum(1 + len(line) // 70 for line in lines) > ROOM, "sha256": part.sha256,
    }  # fmt: skip


def printed(original: Path, target: Path) -> bool | None:
    """The picture as a page needs it, one at a time; whether points were left out, None where it cannot be opened."""
    try:
        with Image.open(original) as picture:
            before = picture.size
            picture.draft("RGB", (PRINTED[0] * 2, PRINTED[1] * 2))  # a JPEG is not even decoded in full
            upright = ImageOps.exif_transpose(picture)
            if upright.mode in ("RGBA", "LA", "P"):
                seen = upright.convert("RGBA")
                white = Image.new("RGBA", seen.size, "white")
                upright = Image.alpha_composite(white, seen)
            upright = upright.convert("RGB")
            upright.thumbnail(PRINTED, Image.Resampling.LANCZOS, reducing_gap=2.0)
            upright.save(target, "JPEG", quality=82)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    return max(upright.size) < max(before)


def pages_of(root: Path, name: str) -> int:
    """How many pages of a PDF can be printed: 0 for what cannot be opened."""
    if not _opens(root, name, 1):
        return 0
    low, high = 1, 2
    while high <= MOST_PAGES and _opens(root, name, high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _opens(root, name, middle) else (low, middle)
    return low


def _opens(root: Path, name: str, page: int) -> bool:
    probe = root / "probe.typ"
    probe.write_text(f'#set page(width: auto, height: auto)\n#image("{name}", page: {page}, width: 20pt)\n')
    try:
        _made(root, "probe.typ", root / "probe.pdf")
    except typst.TypstError:
        return False
    return True


LAYOUT = """
#let d = json("data.json")
#set document(title: d.title, date: none)
#set page(paper: "a4", margin: (x: 2cm, top: 1.8cm, bottom: 2cm), footer: context {
  set text(8.5pt)
  d.foot
  h(1fr)
  counter(page).display("1 / 1", both: true)
})
#set text(font: "Libertinus Serif", size: 12pt, lang: "vi")
#set par(justify: false, leading: 0.7em)
#show heading: set text(14pt)
#align(center)[#v(3cm) #text(20pt, weight: "bold", d.title)]
#v(1cm)
#for line in d.about [#text(line) \\ ]
#pagebreak()
#text(14pt, weight: "bold", d.index)
#outline(title: none)
#for part in d.parts {
  pagebreak()
  heading(part.title)
  for line in part.lines { block(text(line)) }
  if part.sha256 != "" { block(text(9pt, d.original + ": " + part.sha256)) }
  if part.heads.len() > 0 {
    set text(9.5pt)
    table(columns: part.heads.len(), inset: 4pt, table.header(..part.heads.map(h => strong(text(h)))),
      ..part.rows.flatten().map(cell => text(cell)))
  }
  for n in part.pages {
    if n > 1 { pagebreak() }
    let tall = if n == 1 { 20.5cm } else { 24.5cm }
    image(part.file, page: n, width: 100%, height: tall, fit: "contain")
  }
  if part.apart and part.photo != "" { pagebreak() }
}
"""
