"""A JSON document as a whole: read once, its size bounded, a broken one told with its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from formats.source import FormatError

LARGEST = 256 << 20


def load(path: Path) -> Any:
    """The document; FormatError where it is cut, is no JSON, is nested without end or is too large."""
    if path.stat().st_size > LARGEST:
        raise FormatError(
            "too_big",
            f"“{path.name}” lớn hơn {LARGEST >> 20} MB.",
            f"{path.name} is larger than {LARGEST >> 20} MB.",
            "Xuất từng khoảng thời gian ngắn hơn.",
        )
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        raise FormatError(
            "cut_file",
            f"“{path.name}” bị cắt hoặc hỏng ở dòng {error.lineno}; chưa đọc gì từ tệp này.",
            f"{path.name} is cut or broken at line {error.lineno}; nothing was read from it.",
            "Tải lại tệp từ nơi xuất rồi thử lại.",
        ) from error
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise FormatError(
            "bad_json",
            f"“{path.name}” không phải tệp JSON đọc được.",
            f"{path.name} is no JSON that can be read: {error}",
            "Tải lại tệp từ nơi xuất rồi thử lại.",
        ) from error
