"""A dataset's code belongs to its body: whether another body has one of that name is told to nobody."""

import pytest
from django.core.exceptions import ValidationError

from baoton.kit.access import Scope
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.write import create
from baoton.observations.imports.tests.conftest import Officer
from baoton.observations.models import Dataset

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
