"""A simulated session of the council: prepared, voted and held by the machine's own steps, never adopted."""

from datetime import date

from baoton.assessment import council
from baoton.assessment.models import Item, Seat, Session, SpeciesStatus
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.write import act, create

BODY = "so_nnmt"
SEATS = (
    ("Hà Văn Sơn", "Phó giám đốc Sở NN&MT", "chair"),
    ("Lò Thị Mai", "Chuyên viên Sở NN&MT", "secretary"),
    ("Nguyễn Đức Trung", "Viện nghiên cứu, chuyên gia thú", "reviewer"),
    ("Tao Thị Nga", "Trường đại học, chuyên gia thực vật", "reviewer"),
    ("Vàng A Chính", "Chi cục Kiểm lâm", "member"),
)
SAID = (
    ("for", "for", "for", "against", "abstain"),
    ("for", "for", "for", "for", "for"),
    ("EN", "EN", "EN", "EN", "for"),
)


def simulate(today: date) -> int:
    """One session on the newest versions of a few species waits for its decision; how many species it read."""
    book, actor = {n: REGISTERS[f"assessment.{n}"] for n in ("session", "seat", "item")}, System()
    waiting = SpeciesStatus.objects.filter(
        status=SpeciesStatus.Status.COMPUTED, withdrawn__isnull=True, taxon__sensitivity__gt=0
    )
    read = list(waiting.order_by("-records", "id")[: len(SAID)])
    if not read or Session.objects.exists():
        return 0
    made = create(
        book["session"], actor,
        Session(
            title="Đánh giá tình trạng loài năm nay (mô phỏng)", day=today, place="Sở NN&MT", organisation=BODY,
            founded_by="quyết định mô phỏng", notes="Cần thêm chuyến nghe gọi ở vùng giáp ranh trước lần họp sau.",
        ),
    )  # fmt: skip
    items = [
        create(
            book["item"],
            actor,
            Item(session=made, taxon=s.taxon, version=s, category="VU", organisation=BODY),
        )
        for s in read
    ]
    seats = [
        create(book["seat"], actor, Seat(session=made, name=n, works_at=at, role=role, organisation=BODY))
        for n, at, role in SEATS
    ]
    for item, votes in zip(items, SAID, strict=False):
        for seat, value in zip(seats, votes, strict=True):
            council.cast(actor, made, item, seat, value)
    act(book["session"], actor, made, "hold", {})
    return len(items)
