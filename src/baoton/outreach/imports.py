"""Answer sheets of surveys come in through the one import machine; a row's survey, wave, village and number tell it."""

from django.utils.translation import gettext_lazy as _

from baoton.kit.importing import generic
from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.files import reread
from baoton.kit.importing.rules import RULES
from baoton.kit.importing.target import Key, Suits
from baoton.kit.reading.register import REGISTERS
from baoton.outreach.knowledge import received

RULES["knowledge"] = _("trái với bảng hỏi")
reread(received.reread)


def before(chunk: Chunk) -> None:
    """Whoever brings sheets with a column that the book does not hold by another way is refused too."""
    for column, cells in chunk.extra.items():
        told = _("Khảo sát không giữ tên, số điện thoại hay số giấy tờ của ai; xoá cột này rồi nhập lại.")
        chunk.refuse(cells.is_not_null(), column, "knowledge", str(told))


generic.of(
    REGISTERS[received.BOOK],
    before=before,
    key=Key(identify=lambda chunk, ids: ids),
    suits=Suits(rank=57, programs={received.ROWS: ({c: c for c in received.COLUMNS}, received.KEY)}),
)
