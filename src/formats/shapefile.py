"""The encoding of a shapefile's attribute table, which the file itself often does not say."""

from __future__ import annotations

import struct
from pathlib import Path

from formats import encodings
from formats.source import Findings

OURS = ("tcvn3", "vni", "cp1258")
_NAMES = {
    "tcvn3": ("tcvn", "tcvn3", "tcvn5712", "tcvn-3", "abc", "vntime"),
    "vni": ("vni", "vni-windows"),
    "cp1258": ("1258", "cp1258", "windows-1258", "ansi 1258", "win1258"),
}
WESTERN = ("iso-8859-1", "iso8859-1", "iso88591", "iso 88591", "8859-1", "88591", "latin1", "latin-1", "1252", "cp1252",
           "windows-1252", "ansi 1252", "ansi", "oem")  # fmt: skip
SAMPLE = 400_000


def encoding(path: Path, asked: str | None, findings: Findings) -> str:
    """The encoding asked for, else the .cpg's, else the one in which the table's words read as Vietnamese."""
    stated = asked or _stated(path)
    if stated and not asked and stated.lower().strip() in WESTERN:
        found, _sure = _guessed(path)
        if found in OURS:  # old programs write their own code page beside text in the letters of a font
            name = encodings.NAMES.get(found, found)
            findings.add(
                "encoding_converted",
                f"Tệp .cpg ghi {stated} nhưng chữ chỉ đọc được theo {name}; đã đọc như thế.",
                f"The .cpg says {stated}, but the text reads only as {name}; so it was read.",
                "Nếu chữ hiện sai, chọn bảng mã khác.",
                where=path.stem,
            )
            return found
    if stated:
        known = next((ours for ours, names in _NAMES.items() if stated.lower().strip() in names), None)
        return known or stated
    found, sure = _guessed(path)
    if found != "utf-8":
        findings.add(
            "encoding_guessed" if not sure else "encoding_converted",
            f"Shapefile không kèm tệp .cpg; chữ được đọc theo {encodings.NAMES.get(found, found)}.",
            f"The shapefile has no .cpg; its text is read as {encodings.NAMES.get(found, found)}.",
            "Nếu chữ hiện sai, chọn bảng mã khác.",
            where=path.stem,
        )
    return found


def _stated(path: Path) -> str | None:
    for suffix in (".cpg", ".CPG"):
        file = path.with_suffix(suffix)
        if file.is_file():
            text = file.read_text("ascii", errors="ignore").strip()
            return f"cp{text}" if text.isdigit() and text.startswith("125") else text or None
    return None


def _guessed(path: Path) -> tuple[str, bool]:
    table = next((p for s in (".dbf", ".DBF") if (p := path.with_suffix(s)).is_file()), None)
    if table is None:
        return "utf-8", True
    with table.open("rb") as file:
        head = file.read(32)
        file.seek(struct.unpack("<H", head[8:10])[0] if len(head) >= 10 else 0)
        data = file.read(SAMPLE)
    try:
        data.decode("utf-8")
        return "utf-8", True
    except UnicodeDecodeError:
        return encodings.guess(data)
