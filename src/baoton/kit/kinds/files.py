"""Files given with a form or with an answer: kept by what the declaration says, once the record stands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms

from baoton.kit.access import Actor
from baoton.kit.incoming import look
from baoton.kit.kinds.base import Kind

Keep = Callable[[Actor, Any, Sequence[Any]], None]


class Chooser(forms.FileInput):
    """A box for one or more files."""

    allow_multiple_selected = True


class Several(forms.FileField):
    """The chosen files as a list; none is an empty list."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        files = [super(Several, self).clean(one) for one in given]
        for one in files:
            look(one)
        return files


@dataclass(frozen=True, eq=False)
class Files(Kind):
    """Photos or papers asked beside the other fields; `keep` is given them with the saved record.

    `accept` is what a browser offers to choose from (`image/*` lets a phone open its camera). `look` may read
    the files before the record is written, to fill in what they tell.
    """

    keep: Keep = lambda actor, record, given: None
    look: Callable[[Any, Sequence[Any]], None] | None = None
    accept: str = ""
    filed: bool = False

    word: ClassVar[str] = "files"

    @property
    def needed(self) -> bool:
        return bool(self.required)

    def form_fields(self, actor: Actor, record: Any) -> Mapping[str, forms.Field]:
        box = Chooser(attrs={"accept": self.accept} if self.accept else {})
        return {
            self.name: Several(
                required=self.needed, label=str(self.heading), help_text=str(self.help), widget=box
            )
        }

    def put(self, record: Any, value: Any) -> None:
        """Nothing of the record itself changes, but for what the files tell of it."""
        if self.look is not None and value:
            self.look(record, value)

    def saved(self, actor: Actor, record: Any, value: Any) -> None:
        if value:
            self.keep(actor, record, value)

    def written(self, record: Any) -> dict[str, Any]:
        return {}

    path = ""  # only the record as an object tells it

    def value(self, record: Any) -> Any:
        return None

    def text(self, record: Any) -> str:
        return ""
