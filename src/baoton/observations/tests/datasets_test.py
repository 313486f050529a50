"""A dataset's code and title are its body's until something open stands in it: they tell as much as its places."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from baoton.kit.access import Scope, System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.write import create
from baoton.observations.imports.tests.conftest import Officer
from baoton.observations.models import Dataset, Occurrence
from baoton.places.actions import load as load_places
from baoton.taxa.actions import load as load_taxa

pytestmark = pytest.mark.django_db
BOOK = REGISTERS["observations.dataset"]


class Author(Officer):
    def scopes(self, verb: str) -> tuple[Scope, ...]:
        return (Scope(),) if verb == "observations.dataset.create" else ()


def test_a_code_that_a_hidden_dataset_of_others_has_is_free() -> None:
    Dataset.objects.create(code="ks-hang", title="Khảo sát kín", organisation="khac")
    Dataset.objects.create(code="ks-hang", title="Khảo sát kín của chương trình")
    made = create(BOOK, Author(()), Dataset(code="ks-hang", title="Của xã", organisation="ubnd-mu-ca"))
    assert Dataset.objects.filter(code="ks-hang").count() == 3 and made.organisation == "ubnd-mu-ca"


def test_a_body_has_a_code_once() -> None:
    create(BOOK, Author(()), Dataset(code="ks-hang", title="Của xã", organisation="ubnd-mu-ca"))
    with pytest.raises(ValidationError) as told:
        create(BOOK, Author(()), Dataset(code="ks-hang", title="Lần nữa", organisation="ubnd-mu-ca"))
    assert "Cơ quan đã có bộ dữ liệu mang mã này." in told.value.messages


class Leader(Officer):
    """Somebody of another body who may see every dataset and record, and no guarded place."""

    def scopes(self, verb: str) -> tuple[Scope, ...]:
        return (Scope(),) if verb.startswith("observations.") and verb.endswith(".see") else ()


class Keeper(Leader):
    """Who may know every place too."""

    def scopes(self, verb: str) -> tuple[Scope, ...]:
        return (Scope(),) if verb.startswith("observations.") and ".see" in verb else ()


class Nobody(Officer):
    """A colleague without any right."""

    def scopes(self, verb: str) -> tuple[Scope, ...]:
        return ()


def test_a_survey_of_guarded_records_alone_is_named_to_nobody_who_may_not_know_their_places() -> None:
    load_places()
    load_taxa()
    secret = Dataset.objects.create(code="ks-hang", title="Khảo sát Hang Dơi", organisation="khac")
    empty = Dataset.objects.create(code="ks-moi", title="Chưa có gì", organisation="khac")
    plain = Dataset.objects.create(code="ks-ban", title="Khảo sát bản", organisation="khac")
    for dataset, name in ((secret, "Nomascus concolor"), (plain, "Macaca mulatta")):
        row = Occurrence(
            dataset=dataset, scientific_name=name, organisation="khac", day_start=date(2026, 5, 2)
        )
        row.put_point(102.6372, 22.6189)
        create(REGISTERS["observations.occurrence"], System(), row)
    leader = set(BOOK.door(Leader(())).rows())
    assert plain in leader and secret not in leader and empty not in leader
    assert {secret, plain, empty} <= set(BOOK.door(Keeper(())).rows())


def test_a_colleague_reads_no_title_of_a_survey_whose_places_he_may_not_know() -> None:
    """Nor does whoever keeps the system of the body; an empty survey, or one with something open, is named to all."""
    load_places()
    load_taxa()
    names = {"ks-hang": "Nomascus concolor", "ks-ban": "Macaca mulatta", "ks-moi": ""}
    for code, name in names.items():
        dataset = Dataset.objects.create(code=code, title=code, organisation="so")
        row = Occurrence(dataset=dataset, scientific_name=name, organisation="so", day_start=date(2026, 5, 2))
        row.put_point(102.6372, 22.6189)
        if name:
            create(REGISTERS["observations.occurrence"], System(), row)
    for colleague, told in (
        (Leader, {"ks-ban", "ks-moi"}),
        (Keeper, set(names)),
        (Nobody, {"ks-ban", "ks-moi"}),
    ):
        one = colleague((), organisation_id="so")
        assert set(BOOK.door(one).rows().values_list("code", flat=True)) & set(names) == told, colleague
