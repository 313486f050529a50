"""The collector of sentences meets each one that a reader may, wherever Python lets it stand."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = """
from django.utils.translation import gettext as _, gettext as now, ngettext, pgettext_lazy
a = _("trần")
b = f"<b>{_('trong chuỗi')}</b> {escape(_('trong lời gọi'))}"
c = _("nối " "liền")
d = ngettext("một", "nhiều", n)
e = pgettext_lazy("đơn vị tính", "hồ sơ")
f = translation.gettext("theo tên")
g = _(variable)
h = now("tên khác")
"""


@pytest.mark.once
def test_sentences_are_met_in_f_strings_joined_words_plurals_and_contexts(tmp_path: Path) -> None:
    told = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
    assert told is not None and told.loader is not None
    messages = importlib.util.module_from_spec(told)
    told.loader.exec_module(messages)
    path = tmp_path / "code.py"
    path.write_text(CODE, encoding="utf-8")
    found = set(messages.of_python(path))
    one = {
        ("", (words,))
        for words in ("trần", "trong chuỗi", "trong lời gọi", "nối liền", "theo tên", "tên khác")
    }
    assert found == {*one, ("", ("một", "nhiều")), ("đơn vị tính", ("hồ sơ",))}
