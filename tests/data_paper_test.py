"""The draft of a data paper tells what the published rows of a dataset tell, and nothing that is guarded."""

import io
from datetime import date

import docx
import pytest
from django.test import Client

from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.observations.models import Dataset, Occurrence
from baoton.people.models import Person
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]


def test_a_paper_holds_what_is_published_and_leaves_blanks_for_its_author() -> None:
    dataset = Dataset.objects.create(code="bb", title="Thú Mường Tè", licence="CC BY 4.0")
    for n, status in enumerate(("verified", "verified", "draft")):
        row = Occurrence(
            dataset=dataset, taxon=Taxon.objects.get(scientific_name="Sus scrofa"), day_start=date(2026, 3, 1 + n),
            status=status,
        )  # fmt: skip
        row.put_point(102.4417, 22.4433)
        write.create(REGISTERS["observations.occurrence"], System(), row)
    reader = Client()
    assert reader.get(f"/du-lieu-mo/{dataset.pk}/bai-bao.docx").status_code == 302
    reader.force_login(Person.objects.get(username="lan"))
    assert "bai-bao.docx" in reader.get("/du-lieu-mo/").content.decode()
    document = docx.Document(io.BytesIO(reader.get(f"/du-lieu-mo/{dataset.pk}/bai-bao.docx").content))
    text = "\n".join(
        [p.text for p in document.paragraphs]
        + [c.text for t in document.tables for r in t.rows for c in r.cells]
    )
    for told in (
        "Thú Mường Tè",
        "2 ghi nhận đã xác minh của 1 loài",
        "Sus scrofa",
        "CC BY 4.0",
        "01/03/2026",
        "……",
    ):
        assert told in text, told
    hidden = Dataset.objects.create(code="kin", title="Chưa ai được đọc")
    assert reader.get(f"/du-lieu-mo/{hidden.pk}/bai-bao.docx").status_code == 404
