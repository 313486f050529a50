"""Decision tables: facts of a case in, an indication out. A person decides; see docs/bang-quyet-dinh.vi.md."""

from rulebook.decisions.deadlines import Deadline, deadlines
from rulebook.decisions.deciding import decide
from rulebook.decisions.facts import Facts, Item
from rulebook.decisions.judging import Judgement, Missing, judge
from rulebook.decisions.listing import SpeciesGroup, species_group
from rulebook.decisions.printing import printed
from rulebook.decisions.reading_aloud import Spoken, read_aloud, sanctions, spoken
from rulebook.decisions.result import Comparison, Decision, Fired, Hearing, Limitation, Office, Open
from rulebook.decisions.tables import Band, Row, Table, tables
from rulebook.decisions.words import fact, said_as, speaking, words

__all__ = [
    "Band",
    "Comparison",
    "Deadline",
    "Decision",
    "Facts",
    "Fired",
    "Hearing",
    "Item",
    "Judgement",
    "Limitation",
    "Missing",
    "Office",
    "Open",
    "Row",
    "SpeciesGroup",
    "Spoken",
    "Table",
    "deadlines",
    "decide",
    "fact",
    "judge",
    "printed",
    "read_aloud",
    "said_as",
    "sanctions",
    "speaking",
    "species_group",
    "spoken",
    "tables",
    "words",
]
