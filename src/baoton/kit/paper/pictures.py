"""Pictures put into a typeset PDF as they are, none decoded, written one by one."""

from pathlib import Path
from typing import Any

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    Destination,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
)

CM = 72 / 2.54
FRAME, FRAME_AT = (17 * CM, 16 * CM), (2 * CM, 2.2 * CM)


class OnDisk(StreamObject):
    """A stream whose bytes are read from a file when it is written, and stand nowhere before."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def write_to_stream(self, stream: Any) -> None:
        data = self.path.read_bytes()
        self[NameObject("/Length")] = NumberObject(len(data))
        DictionaryObject.write_to_stream(self, stream)
        stream.write(b"\nstream\n")
        stream.write(data)
        stream.write(b"\nendstream")


def put_in(made: Path, path: Path, pictures: dict[int, Path], parts: int) -> None:
    """The pictures at the foot of the last page of their parts: as they are, none decoded, written one by one."""
    writer = PdfWriter(clone_from=str(made))
    starts = [
        writer.get_destination_page_number(one) for one in writer.outline if isinstance(one, Destination)
    ]
    if len(starts) != parts:
        raise ValueError(f"{len(starts)} headings for {parts} parts")
    ends = [*starts[1:], len(writer.pages)]
    for n, picture in pictures.items():
        page = writer.pages[(ends[n] or 0) - 1]
        with Image.open(picture) as told:
            wide, high = told.size
        image = OnDisk(picture)
        image.update(
            {
                NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Image"),
                NameObject("/Width"): NumberObject(wide), NameObject("/Height"): NumberObject(high),
                NameObject("/ColorSpace"): NameObject("/DeviceRGB"), NameObject("/BitsPerComponent"): NumberObject(8),
                NameObject("/Filter"): NameObject("/DCTDecode"),
            }
        )  # fmt: skip
        own = page[NameObject("/Resources")].get_object()
        resources = DictionaryObject(own if isinstance(own, DictionaryObject) else {})
        others = resources.get("/XObject")
        inside = DictionaryObject(others.get_object() if others is not None else {})
        inside[NameObject("/Photo")] = writer._add_object(image)
        resources[NameObject("/XObject")] = inside
        page[NameObject("/Resources")] = resources
        scale = min(FRAME[0] / wide, FRAME[1] / high)
        w, h = wide * scale, high * scale
        x, y = FRAME_AT[0] + (FRAME[0] - w) / 2, FRAME_AT[1] + (FRAME[1] - h) / 2
        drawn = StreamObject()
        drawn.set_data(f"q {w:.3f} 0 0 {h:.3f} {x:.3f} {y:.3f} cm /Photo Do Q".encode())
        before = page[NameObject("/Contents")]
        contents = before.get_object()
        kept = list(contents) if isinstance(contents, ArrayObject) else [page.raw_get("/Contents")]
        page[NameObject("/Contents")] = ArrayObject([*kept, writer._add_object(drawn)])
    writer.pdf_header = "%PDF-1.7"
    with path.open("wb") as out:
        writer.write(out)
