"""The sentences a legal status is said in; one place, so that a jurist can read them through."""

from collections.abc import Iterable, Sequence

from rulebook.answers import Hit
from rulebook.certainty import SAID, Certainty
from rulebook.lists import Entry, groups
from rulebook.reading import said

CLOSER = "có mục khác trong cùng danh mục nêu đích danh hơn"
NO_RANKS = "Chưa biết họ, bộ của tên này nên các mục ghi theo họ, theo bộ chưa được xét."
DOUBTFUL = "Tên có “cf.” hoặc “aff.”: mẫu chưa được định danh chắc chắn."
ORIGIN_UNKNOWN = "Chưa rõ nguồn gốc mẫu vật (tự nhiên hay nuôi, trồng): tạm xét theo chế độ nghiêm hơn."
ORIGINS = {"wild": "mẫu vật từ tự nhiên", "propagated": "mẫu vật nuôi, trồng nhân tạo"}


def short(group: str) -> str:
    """The group as it is said in passing."""
    return groups()[group].short


def only_breed(entry: Entry) -> str:
    """Why a breed's entry does not cover the species."""
    return f"danh mục chỉ nêu {_breed(entry)}, không nêu cả loài"


def _breed(entry: Entry) -> str:
    name = entry.vietnamese_name.split(";")[0]
    return name[:1].lower() + name[1:]


def other_origin(entry: Entry) -> str:
    """Why an entry for one origin does not cover the other."""
    return f"mục này chỉ áp dụng cho {ORIGINS[entry.condition]}"


def excepted(what: str) -> str:
    """Why a wide entry does not cover a taxon it excepts."""
    return f"mục này trừ {what}"


def exception_unclear(group: str) -> str:
    """A wide entry excepts a group whose entry has a condition that is not met."""
    return (
        f"Mục này trừ các loài thuộc {short(group)}; loài này ở {short(group)} chỉ theo nguồn gốc khác, "
        "nên việc mục này có áp dụng hay không chưa chắc chắn."
    )


def only_part(entry: Entry) -> str:
    """The list names a subspecies or variety and the record only the species."""
    return f"Danh mục chỉ nêu {entry.scientific_name}; cần định danh dưới loài."


def genus_only(genus: str, listed: Iterable[str]) -> str:
    """The record names a genus some of whose species are listed."""
    count = len(set(listed))
    return f"Mới định danh đến chi {genus}; chi này có {count} loài trong danh mục, cần định danh đến loài."


def not_a_name(text: str) -> str:
    """The text cannot be looked up at all."""
    return f"“{text}” không phải là tên khoa học hay tên giống có trong danh mục."


def _where(hit: Hit, entry: str = "mục") -> str:
    number = f", {entry} {hit.entry.number}" if hit.entry.number else ""
    return f"{hit.instrument}, {hit.entry.annex}{number}"


def _entry(hit: Hit) -> str:
    vietnamese = hit.entry.vietnamese_name.split(";")[0]
    return f"“{hit.entry.name_as_printed}”" + (f" ({vietnamese})" if vietnamese else "")


def vietnamese(
    name: str, hits: Sequence[Hit], deciding: Hit | None, mark: Certainty, gaps: Sequence[str]
) -> str:
    """Which entry decided and why, for the page."""
    if deciding is None:
        aside = "; ".join(dict.fromkeys(h.set_aside for h in hits if h.how != "breed_of"))
        breeds = dict.fromkeys(_breed(h.entry) for h in hits if h.how == "breed_of")
        if breeds:
            aside = "; ".join(
                part for part in (aside, f"chỉ nêu {', '.join(breeds)}, không nêu cả loài") if part
            )
        text = f"{name}: không có trong danh mục" + (f" ({aside})." if aside else ".")
        return text if not gaps else f"{text} Chưa khẳng định được: {' '.join(gaps)}"
    group = groups()[deciding.group]
    condition = f", đối với {ORIGINS[deciding.entry.condition]}" if deciding.entry.condition else ""
    since = f", từ {said(deciding.entry.period.start)}" if deciding.entry.period.start else ""
    through = {
        "synonym": f", qua tên đồng nghĩa {deciding.name}",
        "species": ", mục của loài bao gồm bậc dưới loài",
        "genus": ", mục ghi theo chi",
        "family": ", mục ghi theo họ",
        "order": ", mục ghi theo bộ",
    }.get(deciding.how, "")
    text = f"{name} là {group.vi}{condition} theo {_where(deciding)}: {_entry(deciding)}{through}{since}"
    others = dict.fromkeys(short(h.group) for h in hits[1:] if not h.set_aside and h.group != deciding.group)
    text += f"; cũng thuộc {', '.join(others)}, áp dụng chế độ nghiêm hơn." if others else "."
    if deciding.why:
        text += f" {deciding.why}"
    elif mark != "read":
        text += f" Mức tin cậy: {SAID[mark]}."
    return f"{text} {ORIGIN_UNKNOWN}" if ORIGIN_UNKNOWN in gaps else text


def english(
    name: str, hits: Sequence[Hit], deciding: Hit | None, mark: Certainty, gaps: Sequence[str]
) -> str:
    """The same in English, shorter: the law's own words stay Vietnamese."""
    if deciding is None:
        text = f"{name}: in no list held here."
        return f"{text} Not a verdict of safety: {len(gaps)} open question(s)." if gaps else text
    group = groups()[deciding.group]
    condition = f" ({deciding.entry.condition} specimens)" if deciding.entry.condition else ""
    others = dict.fromkeys(h.group for h in hits[1:] if not h.set_aside and h.group != deciding.group)
    also = f"; also {', '.join(others)}, the stricter prevails" if others else ""
    sure = "" if mark == "read" else f" Certainty: {mark}."
    entry = f"“{deciding.entry.name_as_printed}”"
    return f"{name}: {group.en}{condition}, by {_where(deciding, 'entry')}: {entry}{also}.{sure}"
