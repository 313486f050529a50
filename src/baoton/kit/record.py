"""The row every register holds: a key made by whoever writes it, an owner, a commune, a tombstone."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baoton.kit.ids import new_id

if TYPE_CHECKING:
    from baoton.kit.access import Actor


class Record(models.Model):
    """One row of a register; who wrote it and when is its audit trail, not a column.

    `area_path` is the commune (`97/00123`), the province (`97`) or empty for outside or unknown.
    `revision` grows by one at every change, so an import knows whether somebody touched its row since.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.CharField(_("cơ quan"), max_length=40, blank=True, default="")
    area_path = models.CharField(_("xã, phường"), max_length=40, blank=True, default="")
    revision = models.PositiveIntegerField(default=1, editable=False)
    batch = models.UUIDField(null=True, editable=False)
    withdrawn = models.DateTimeField(_("rút lúc"), null=True, editable=False)

    masked: ClassVar[bool] = False
    opening_is_audited: ClassVar[bool] = False
    """Whether it is personal data: whoever opens one record is written into the audit log."""
    of_one_body: ClassVar[bool] = False
    """Whether each row belongs to one body: whoever works elsewhere reads what that body lends him, nothing else."""
    ordinals: ClassVar[Mapping[str, str]] = {}
    """Columns of days of which another column keeps the ordinal (0: no day): an index stands on that one."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The row stands as this object says; an object that forgot its true place refuses."""
        if self.masked:
            raise ValueError("a masked record cannot be saved")
        super().save(*args, **kwargs)

    @classmethod
    def barred(cls, actor: "Actor") -> models.Q | None:
        """The rows that no grant opens to the actor, however wide; None: there are none."""
        return None

    @classmethod
    def theirs(cls, actor: "Actor", verb: str) -> models.Q | None:
        """The rows on which the actor holds the verb for being who he is; None: grants alone decide."""
        return None

    def snapshot(self) -> dict[str, Any]:
        """Every stored value by column, as plain JSON can hold it: what the audit trail keeps."""
        return {f.attname: plain(f, getattr(self, f.attname)) for f in self._meta.concrete_fields}


def plain(field: "models.Field[Any, Any]", value: Any) -> Any:
    """One column's value as JSON can hold it; bytes are kept as hex so that nothing is lost."""
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    holder: Any = _Holder(field, value)
    return field.value_to_string(holder)


class _Holder:
    """Lets Django's own field write one value as text."""

    def __init__(self, field: "models.Field[Any, Any]", value: Any) -> None:
        setattr(self, field.attname, value)
