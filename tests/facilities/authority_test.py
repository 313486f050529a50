"""The CITES scientific authority is asked of a first code and answers, each in the days the rulebook gives."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from tests.facilities.cases import act, facility, stock
from tests.facilities.dossiers_test import dossier
from tests.facilities.pages_test import signed_in

from baoton.facilities.actions import dossiers
from baoton.facilities.models import Application
from baoton.kit.writing import clock
from baoton.kit.writing.refusal import NotNow
from rulebook.workdays import add_working_days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
RECEIVED = date(2026, 2, 10)


@pytest.fixture
def asked(province: None) -> Application:
    at = facility()
    stock(at)
    one = act("application", dossier(at), "accept", on=RECEIVED)
    return act("application", one, "ask_authority", on=date(2026, 2, 12))


def test_the_answer_runs_on_a_clock_of_its_own_over_tet(asked: Application) -> None:
    running = clock.opened(asked.pk, dossiers.ANSWER)
    assert running is not None and running.days == 15
    assert running.due == add_working_days(date(2026, 2, 12), 15) > date(2026, 3, 10)
    one = act("application", asked, "record_answer", on=date(2026, 3, 3), authority_answer="không ảnh hưởng")
    assert clock.opened(one.pk, dossiers.ANSWER) is None
    assert clock.opened(one.pk, dossiers.TERM) is not None  # no law read says that the dossier waits
    assert (one.authority_answered, one.authority_answer) == (date(2026, 3, 3), "không ảnh hưởng")


def test_the_page_tells_by_when_to_ask_and_that_the_term_was_not_read(asked: Application) -> None:
    at = facility("Trại khác")
    stock(at)
    fresh = act("application", dossier(at), "accept", on=RECEIVED)
    told = dossiers.authority(fresh)
    assert told is not None and told["due"] == date(2026, 2, 12) and told["late"]
    late = dossiers.authority(asked)
    assert late is not None and not late["late"]
    client: Client = signed_in("dung")
    words = client.get(f"/so/facilities-application/{fresh.pk}/").content.decode()
    assert "Hạn gửi: 12/02/2026" in words and "Đã qua hạn gửi" in words
    assert "84/2021/NĐ-CP" in words and "chưa đọc trong văn bản" in words


def test_it_is_asked_once_of_a_first_code_and_never_before_the_dossier_came(asked: Application) -> None:
    with pytest.raises(NotNow, match="Đã gửi hỏi cơ quan khoa học CITES ngày 12/02/2026"):
        act("application", asked, "ask_authority", on=date(2026, 2, 13))
    with pytest.raises(ValidationError, match="trước ngày 12/02/2026"):
        act("application", asked, "record_answer", on=date(2026, 2, 11), authority_answer="x")
    at = facility("Trại khác")
    stock(at)
    change = act("application", dossier(at, "change"), "accept", on=RECEIVED)
    with pytest.raises(NotNow, match="cấp mã số lần đầu"):
        act("application", change, "ask_authority", on=date(2026, 2, 12))
    first = act("application", dossier(at), "accept", on=RECEIVED)
    with pytest.raises(NotNow, match="Chưa gửi hỏi"):
        act("application", first, "record_answer", on=date(2026, 2, 12), authority_answer="x")
    assert dossiers.authority(change) is None
