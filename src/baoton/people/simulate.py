"""The cast of the demonstration: one account for each kind of user, with the grants of their work."""

from datetime import date

from baoton.kit.access import System
from baoton.people.actions import give
from baoton.people.models import Grant, Person

PASSWORD = (
    "baoton-demo"  # printed on the screen of the demonstration; a real installation has no such account
)
CAST = (
    ("lan", "Vũ Thị", "Lan", "so_nnmt", "Chuyên viên Sở NN&MT", "officer", ""),
    ("dung", "Lò Văn", "Dũng", "kiem_lam", "Kiểm lâm viên", "ranger", "12"),
    ("sung", "Giàng A", "Sùng", "ubnd_03451", "Công chức xã Mù Cả", "commune", "12/03451"),
    ("pao", "Vàng A", "Pao", "ubnd_03463", "Công chức xã Tà Tổng", "commune", "12/03463"),
    ("minh", "Trần Quang", "Minh", "canh_sat_moi_truong", "Cảnh sát môi trường", "police", "12"),
    ("thu", "Đỗ Thị", "Thu", "quan_ly_thi_truong", "Kiểm soát viên thị trường", "market", "12"),
    ("hoa", "Phạm Thị", "Hoa", "so_tai_chinh", "Chuyên viên Sở Tài chính", "finance", "12"),
    ("khoa", "Nguyễn Đăng", "Khoa", "so_nnmt", "Chuyên gia thực vật theo hợp đồng", "surveyor", "12"),
    ("quan", "Hoàng Thị", "Quân", "so_nnmt", "Quản trị hệ thống", "admin", ""),
)


def cast(until: date | None = None) -> list[Person]:
    """Every member of the cast has an account and their grants; a second run changes nothing."""
    people = []
    for username, family, given, organisation, title, role, area in CAST:
        person, made = Person.objects.get_or_create(
            username=username,
            defaults={
                "last_name": family,
                "first_name": given,
                "organisation_id": organisation,
                "title": title,
            },
        )
        if made:
            person.set_password(PASSWORD)
            person.save()
        if not Grant.objects.filter(person=person, role=role).exists():
            limit = until if role == "surveyor" else None
            group = "plant" if role == "surveyor" else ""  # the contract is for plants
            give(
                System(),
                person,
                role,
                area_path=area,
                taxon_group=group,
                until=limit,
                reason="tài khoản trình diễn",
            )
        people.append(person)
    return people
