"""Who works here: organisations, people, and the explicit grants they hold."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, ClassVar, NoReturn

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from baoton.kit.access import Scope, within_body
from baoton.kit.ids import new_id
from baoton.kit.record import Record

ADMIN = "admin"
NEVER_VIEWED = ("people.", "audit.")
"""Rights over people and the log are not lent to whoever looks through another's eyes."""


class Bodies(models.QuerySet["Organisation"]):
    def offices(self) -> "Bodies":
        """Those to which work is given; not the owner of one place who keeps his own book."""
        return self.filter(private=False)


class Organisation(models.Model):
    """A body of the programme; `code` is what records carry in their `organisation` column.

    A private one is that of a single owner, who sees his own rows alone.
    """

    code = models.CharField(_("mã cơ quan"), primary_key=True, max_length=40)
    name = models.CharField(_("tên cơ quan"), max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    area_path = models.CharField(_("địa bàn"), max_length=40, blank=True, default="")
    private = models.BooleanField(_("của một chủ cơ sở"), default=False)

    objects = Bodies.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        """The name in the reader's language."""
        return self.name_en if self.name_en and get_language() == "en" else self.name


class People(UserManager["Person"]):
    """The accounts; none is made that the table of rights knows nothing of."""

    def create_superuser(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Django's own door to an account without a body and without a grant stays shut."""
        raise ValidationError(_("Không tạo tài khoản bằng cách này. Chạy: baoton admin TÊN"))

    def waiting(self) -> "models.QuerySet[Person]":
        """Open accounts whose owner has not yet chosen a password."""
        return self.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def administrators(self) -> "models.QuerySet[Person]":
        """Open accounts that may give grants everywhere, today."""
        held = Grant.objects.in_force().filter(role=ADMIN, area_path="", organisation="")
        return self.filter(is_active=True, pk__in=held.values("person"))


class Person(AbstractUser):
    """A user; what the person may do comes from grants alone, never from being staff."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("cơ quan")
    )
    title = models.CharField(_("chức vụ"), max_length=120, blank=True, default="")
    phone = models.CharField(_("điện thoại"), max_length=30, blank=True, default="")
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[People] = People()
    viewer: "Person | None" = None

    def get_session_auth_hash(self) -> str:
        """What a session must carry to hold: it changes with the password and with every ending of all sessions."""
        text = f"{self.password}:{self.session_epoch}"
        return salted_hmac("baoton.people.session", text, algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return iter(())

    def __str__(self) -> str:
        return f"{self.last_name} {self.first_name}".strip() or self.username

    @property
    def actor_id(self) -> str:
        """Who acts: while somebody looks through this person's eyes, that somebody."""
        return str(self.pk if self.viewer is None else self.viewer.pk)

    @property
    def actor_name(self) -> str:
        return str(self if self.viewer is None else self.viewer)

    @cached_property
    def _held(self) -> list[tuple[frozenset[str], Scope]]:
        from baoton.people.roles import verbs_of

        return [(verbs_of(grant.role), grant.scope) for grant in self.grants.in_force()]

    def scopes(self, verb: str) -> Sequence[Scope]:
        """Where the person holds the verb today; read once per object, so once per request.

        Looked at through another's eyes, a true place is known only where the onlooker may know it too.
        """
        held: Sequence[Scope] = (
            [scope for verbs, scope in self._held if verb in verbs] if self.is_active else ()
        )
        held = within_body(verb, held, self.organisation_id or "")
        if self.viewer is None or not held:
            return held
        if verb.startswith(NEVER_VIEWED):
            return ()
        if not verb.endswith(".see_precise"):
            return held
        own = self.viewer.scopes(verb)
        return held if Scope() in own else [one for one in held if one in own]


class OneTimeLink(models.Model):
    """A link that opens once: it makes the first administrator, or lets a person choose a password.

    Only a keyed digest of it is kept, so nobody reads an open link out of the database.
    """

    class Kind(models.TextChoices):
        FIRST = "first", _("quản trị đầu tiên")
        JOIN = "join", _("vào lần đầu")
        RESET = "reset", _("đặt lại mật khẩu")

    digest = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=8, choices=Kind)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="links")
    made_by = models.CharField(max_length=200, blank=True, default="")
    made = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    used = models.DateTimeField(null=True)


class SecondFactor(models.Model):
    """What a person signs in with besides the password; `codes` are digests of the unused recovery codes."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="second")
    secret = models.CharField(max_length=64)
    confirmed = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)
    codes = models.JSONField(default=list)


class GrantRows(models.QuerySet["Grant"]):
    def in_force(self) -> "GrantRows":
        """Grants that have begun and not run out, today."""
        today = timezone.localdate()
        return self.filter(Q(until__isnull=True) | Q(until__gte=today), since__lte=today)


class Grant(models.Model):
    """One role held by one person, in one area, for one organisation's rows or one taxon group, until a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("vai trò"), max_length=40)
    area_path = models.CharField(_("địa bàn"), max_length=40, blank=True, default="")
    organisation = models.CharField(_("chỉ dữ liệu của cơ quan"), max_length=40, blank=True, default="")
    taxon_group = models.CharField(_("chỉ nhóm loài"), max_length=40, blank=True, default="")
    since = models.DateField(_("từ ngày"), default=timezone.localdate)
    until = models.DateField(_("đến ngày"), null=True, blank=True)
    given_by = models.CharField(_("người cấp"), max_length=200, blank=True, default="")
    reason = models.CharField(_("căn cứ"), max_length=300, blank=True, default="")

    objects = GrantRows.as_manager()

    class Meta:
        ordering: ClassVar = ["person", "role"]

    def __str__(self) -> str:
        return f"{self.role} · {self.area_path or _('toàn tỉnh')}"

    @property
    def scope(self) -> Scope:
        return Scope(self.area_path, self.organisation, self.taxon_group)


class Duty(Record):
    """Who is on duty for what people tell: a person of a body, in an area, from one day to another."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, verbose_name=_("người trực"), related_name="duties"
    )
    since = models.DateField(_("từ ngày"))
    until = models.DateField(_("đến ngày"))
    note = models.CharField(_("ghi chú"), max_length=300, blank=True, default="")

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["area_path", "since", "until"], name="duty_area")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="duty_ends_after_it_began",
                condition=Q(until__gte=models.F("since")),
                violation_error_message=_("Ngày cuối không thể trước ngày đầu."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.since:%d/%m}–{self.until:%d/%m/%Y}"
