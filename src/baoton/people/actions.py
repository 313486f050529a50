"""What is done with people: load the bodies, add, change and close accounts, give and end grants, hand work over."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import rulebook
from baoton.kit.access import Actor, Denied, Scope, System, require
from baoton.kit.place import Located
from baoton.kit.reading.register import all_registers
from baoton.kit.text import fold, tidy
from baoton.kit.writing import audit
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.verb import declare
from baoton.people import links, sessions
from baoton.people.models import ADMIN, Grant, OneTimeLink, Organisation, Person, SecondFactor
from baoton.people.roles import names, table

LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
OPENING = {"people.person.invite", "people.person.reset", "people.person.change", "people.person.view_as"}
"""What lets into an account, or changes where its letters go."""
CHANGED = ("last_name", "first_name", "email", "phone", "title", "organisation_id")
declare("people.person.see", _("xem người dùng và quyền"))
declare("people.person.add", _("thêm người dùng"))
declare("people.person.change", _("sửa thông tin người dùng"))
declare("people.person.invite", _("đưa liên kết chọn mật khẩu"))
declare("people.person.password", _("chọn mật khẩu"))
declare("people.person.hand_over", _("bàn giao công việc"))
declare("people.person.end_sessions", _("kết thúc phiên làm việc của người khác"))
declare("people.person.view_as", _("xem như người khác"))
declare("people.person.viewed", _("thôi xem như người khác"))
declare("people.body.change", _("thêm, sửa cơ quan"))
declare("people.setup", _("cài đặt ban đầu"))
declare("people.person.close", _("khoá tài khoản"))
declare("people.person.open", _("mở lại tài khoản"))
declare("people.person.reset", _("đặt lại mật khẩu và lớp bảo vệ thứ hai"))
declare("audit.see", _("xem nhật ký"))
declare("people.init", _("cài đặt hệ thống"))
declare("people.grant.give", _("cấp quyền"))
declare("people.grant.end", _("thu hồi quyền"))


@transaction.atomic
def load(province: str) -> int:
    """The bodies of the province and a People's Committee for each commune stand; loading twice changes nothing."""
    book, on = rulebook.province(province), timezone.localdate()
    for body in book.bodies:
        Organisation.objects.update_or_create(
            code=body.key, defaults={"name": body.name, "name_en": body.en, "area_path": book.code}
        )
    for unit in rulebook.units(on=on, province=province):
        Organisation.objects.update_or_create(
            code=f"ubnd_{unit.code}",
            defaults={
                "name": f"UBND {unit.full_name[0].lower()}{unit.full_name[1:]}",
                "name_en": f"People's Committee of {unit.name}",
                "area_path": unit.path,
            },
        )
    return Organisation.objects.count()


# — rights —


def covers(scope: Scope, grant: Scope) -> bool:
    """Whether whoever holds a right within `scope` may give one within `grant`."""
    inside = not scope.area_path or f"{grant.area_path}/".startswith(f"{scope.area_path}/")
    same_body = scope.organisation in ("", grant.organisation)
    return inside and same_body and scope.taxon_group in ("", grant.taxon_group)


def may_give(actor: Actor, grant: Scope) -> bool:
    """Whether the actor may give, and so end, a grant of this reach."""
    return any(covers(held, grant) for held in actor.scopes("people.grant.give"))


def may_on(actor: Actor, verb: str, person: Person) -> bool:
    """Whether the actor holds the verb for this person: all, or those of the bodies within the actor's reach."""
    body = person.organisation
    theirs = Scope(body.area_path if body else "", person.organisation_id or "")
    return any(covers(Scope(s.area_path, s.organisation), theirs) for s in actor.scopes(verb))


def within(actor: Actor, person: Person) -> bool:
    """Whether the person holds no grant but such as the actor may give: who opens the account holds no more than he."""
    return all(may_give(actor, grant.scope) for grant in person.grants.in_force())


def _must(actor: Actor, verb: str, person: Person) -> None:
    if not may_on(actor, verb, person):
        raise Denied(actor, verb, person)
    if verb in OPENING and not within(actor, person):
        raise NotNow(_("Người này có quyền rộng hơn quyền bạn được cấp; nhờ quản trị của tỉnh."))


def give(
    actor: Actor,
    person: Person,
    role: str,
    *,
    area_path: str = "",
    organisation: str = "",
    taxon_group: str = "",
    until: date | None = None,
    reason: str = "",
) -> Grant:
    """The person holds the role from today, there, until then; written in the audit. Nobody gives himself any."""
    require(actor, "people.grant.give")
    if role not in table():
        raise ValueError(_("Không có vai trò “%(role)s”.") % {"role": role})
    scope = Scope(area_path, organisation, taxon_group)
    if not may_give(actor, scope):
        raise NotNow(_("Bạn không được cấp quyền rộng hơn phạm vi của chính mình."))
    if str(person.pk) == actor.actor_id:
        raise NotNow(_("Không tự cấp quyền cho chính mình."))
    if until is not None and until < timezone.localdate():
        raise NotNow(_("Ngày hết hạn đã qua."))
    with transaction.atomic():
        grant = Grant.objects.create(
            person=person,
            role=role,
            area_path=area_path,
            organisation=organisation,
            taxon_group=taxon_group,
            until=until,
            given_by=actor.actor_name,
            reason=reason,
        )
        audit.write(
            actor,
            "people.grant.give",
            register="people.grant",
            object_id=person.pk,
            object_name=f"{person}: {names().get(role, role)}",
            new=_told(grant),
            note=reason,
        )
    return grant


def end(actor: Actor, grant: Grant, reason: str) -> None:
    """The grant holds no longer; that it was held stays in the audit."""
    require(actor, "people.grant.end")
    if not may_give(actor, grant.scope):
        raise NotNow(_("Bạn không được thu hồi quyền rộng hơn phạm vi của chính mình."))
    if str(grant.person_id) == actor.actor_id:
        raise NotNow(_("Không tự thu hồi quyền của chính mình."))
    with transaction.atomic():
        audit.write(
            actor,
            "people.grant.end",
            register="people.grant",
            object_id=grant.person_id,
            object_name=f"{grant.person}: {names().get(grant.role, grant.role)}",
            old=_told(grant),
            note=reason,
        )
        grant.delete()


def _told(grant: Grant) -> dict[str, Any]:
    return {
        "role": grant.role,
        "area_path": grant.area_path,
        "organisation": grant.organisation,
        "taxon_group": grant.taxon_group,
        "until": grant.until.isoformat() if grant.until else None,
    }


def roles() -> Iterable[str]:
    return table()


# — accounts —


def username_for(last_name: str, first_name: str) -> str:
    """A free sign-in name: the given name with the initials before it (`Giàng A Sùng` becomes `sungga`)."""
    given, before = fold(first_name).replace(" ", ""), fold(last_name).split()
    stem = "".join(c for c in given + "".join(w[0] for w in before) if c.isascii() and c.isalnum())[:30]
    stem, taken = stem or "nguoidung", set(Person.objects.values_list("username", flat=True))
    return next(n for i in range(1, 10_000) if (n := stem if i == 1 else f"{stem}{i}") not in taken)


def add(actor: Actor, values: Mapping[str, Any], username: str = "") -> Person:
    """A new account that nobody can open until its owner has chosen a password by a one-time link."""
    require(actor, "people.person.add")
    person = Person(
        username=tidy(username).lower() or username_for(values["last_name"], values["first_name"])
    )
    person.set_unusable_password()
    return _save(actor, "people.person.add", person, values)


def change(actor: Actor, person: Person, values: Mapping[str, Any]) -> Person:
    """The account carries these particulars."""
    _must(actor, "people.person.change", person)
    return _save(actor, "people.person.change", Person.objects.get(pk=person.pk), values)


def _save(actor: Actor, verb: str, person: Person, values: Mapping[str, Any]) -> Person:
    fresh = person._state.adding
    old = None if fresh else {k: getattr(person, k) for k in CHANGED}
    for name in CHANGED:
        if name in values:
            setattr(person, name, values[name] or (None if name == "organisation_id" else ""))
    if not person.organisation_id or not person.first_name:
        raise ValidationError(_("Ghi tên và cơ quan của người dùng."))
    _must(actor, verb, person)
    person.full_clean()
    with transaction.atomic():
        person.save(force_insert=fresh)
        new = {k: getattr(person, k) for k in CHANGED} | ({"username": person.username} if fresh else {})
        audit.write(
            actor, verb, register="people.person", object_id=person.pk, object_name=str(person), old=old, new=new
        )  # fmt: skip
    return person


def invite(actor: Actor, person: Person, reason: str = "") -> str:
    """A one-time link with which the person chooses a password; told this once."""
    _must(actor, "people.person.invite", person)
    if str(person.pk) == actor.actor_id or not person.is_active:
        raise NotNow(_("Chỉ đưa liên kết cho tài khoản đang mở của người khác."))
    kind = OneTimeLink.Kind.RESET if person.has_usable_password() else OneTimeLink.Kind.JOIN
    with transaction.atomic():
        token = links.make(kind, person, actor.actor_name)
        audit.write(
            actor, "people.person.invite", register="people.person", object_id=person.pk,
            object_name=str(person), note=reason,
        )  # fmt: skip
    return token


@transaction.atomic
def begin(
    token: str, password: str, values: Mapping[str, Any] | None = None, username: str = ""
) -> Person | None:
    """The owner of the link has a password, the first administrator an account; None where it opens nothing.

    Raises `ValidationError` where the password or the particulars will not do; the link still opens then.
    """
    link = links.find(token, lock=True)
    if link is None:
        return None
    if link.person is None:
        person = add(System(), values or {}, username)
        give(System(), person, ADMIN, reason=str(_("quản trị đầu tiên")))
    else:
        person = link.person
    validate_password(password, person)
    person.set_password(password)
    Person.objects.filter(pk=person.pk).update(password=person.password, session_epoch=F("session_epoch") + 1)
    OneTimeLink.objects.filter(pk=link.pk).update(used=timezone.now())
    audit.write(
        person,
        "people.person.password",
        register="people.person",
        object_id=person.pk,
        object_name=str(person),
    )
    return Person.objects.get(pk=person.pk)


@transaction.atomic
def administrator(username: str, password: str | None, values: Mapping[str, Any]) -> Person:
    """The named account is open and may administer everywhere; for whoever holds the machine itself.

    It has this password, or where None keeps its own; its second factor is gone, as after any reset.
    """
    programme = System()
    person = Person.objects.filter(username=username.lower()).first() or add(programme, values, username)
    changes: dict[str, Any] = {"is_active": True}
    if password is not None:
        validate_password(password, person)
        person.set_password(password)
        changes["password"] = person.password
    SecondFactor.objects.filter(person=person).delete()
    _change(programme, "people.person.reset", person, "baoton admin", **changes)
    if not Person.objects.administrators().filter(pk=person.pk).exists():
        give(programme, person, ADMIN, reason="baoton admin")
    return person


# — handing over —

Heir = Callable[[Person, Person], int]
HEIRS: list[tuple[Any, Heir]] = []


def passes(label: Any) -> Callable[[Heir], Heir]:
    """The decorated function gives what one person has in hand to another and says how many things went over."""

    def keep(work: Heir) -> Heir:
        HEIRS.append((label, work))
        return work

    return keep


def hand_over(
    actor: Actor, leaver: Person, heir: Person, reason: str, *, grants: bool, shut: bool
) -> dict[str, int]:
    """What the leaver has in hand is the heir's: open imports and drafts, the grants too if wished; one audit event."""
    _must(actor, "people.person.hand_over", leaver)
    _must(actor, "people.person.hand_over", heir)
    if leaver.pk == heir.pk or not heir.is_active:
        raise NotNow(_("Chọn một người khác, tài khoản đang mở."))
    told: dict[str, int] = {}
    with transaction.atomic():
        if grants:
            held = {(g.role, g.scope) for g in heir.grants.in_force()}
            given = [g for g in leaver.grants.in_force() if (g.role, g.scope) not in held]
            for one in given:
                give(
                    actor, heir, one.role, area_path=one.area_path, organisation=one.organisation,
                    taxon_group=one.taxon_group, until=one.until, reason=reason,
                )  # fmt: skip
            told[str(_("quyền"))] = len(given)
        for label, work in HEIRS:
            told[str(label)] = work(leaver, heir)
        audit.write(
            actor, "people.person.hand_over", register="people.person", object_id=leaver.pk,
            object_name=f"{leaver} → {heir}", new=told, note=reason,
        )  # fmt: skip
        if shut and leaver.is_active:
            close(actor, leaver, reason)
    return told


@passes(_("lần nhập tệp còn dở"))
def open_imports(leaver: Person, heir: Person) -> int:
    """Files that were read and not yet written go over."""
    from baoton.kit.models import ImportBatch

    S = ImportBatch.State
    rows = ImportBatch.objects.filter(actor_id=str(leaver.pk), state__in=[S.UPLOADED, S.CHECKED, S.HALF])
    return rows.update(actor_id=str(heir.pk), actor_name=str(heir))


@passes(_("bản nháp"))
def drafts(leaver: Person, heir: Person) -> int:
    """Records that the leaver reported and might still mend are the heir's to see and mend; who reported stays told."""
    moved = 0
    for book in all_registers():
        if not issubclass(book.model, Located) or book.model.mended_while is None:
            continue
        rows = book.model._default_manager.filter(reporter=str(leaver.pk), withdrawn__isnull=True)
        moved += rows.filter(book.model.mended_while).update(reporter=str(heir.pk))
    return moved


# — bodies —


def change_body(
    actor: Actor, code: str, name: str, name_en: str = "", area_path: str = "", private: bool = False
) -> Organisation:
    """A body stands under this name; a new code makes a new body."""
    require(actor, "people.body.change")
    if not tidy(name):
        raise ValidationError(_("Ghi tên cơ quan."))
    known = Organisation.objects.filter(code=code).first()
    body = known or Organisation(code=code, private=private)
    old = {"name": known.name, "name_en": known.name_en, "area_path": known.area_path} if known else None
    body.name, body.name_en, body.area_path = tidy(name), tidy(name_en), area_path
    body.full_clean()
    with transaction.atomic():
        body.save()
        new = {"name": body.name, "name_en": body.name_en, "area_path": body.area_path}
        audit.write(
            actor, "people.body.change", register="people.organisation", object_name=body.name, old=old, new=new
        )  # fmt: skip
    return body


@dataclass(frozen=True)
class Deputy:
    """Somebody who may do one step that needs rights over people: named in the log, and no more than that step."""

    actor: Actor
    verbs: Sequence[str]

    @property
    def actor_id(self) -> str:
        return self.actor.actor_id

    @property
    def actor_name(self) -> str:
        return self.actor.actor_name

    def scopes(self, verb: str) -> Sequence[Scope]:
        return (Scope(),) if verb in self.verbs else ()


STEP = ("people.body.change", "people.person.add", "people.grant.give", "people.person.invite")


def open_private(
    actor: Actor, code: str, body: str, area_path: str, values: Mapping[str, Any], role: str, reason: str
) -> tuple[Person, str]:
    """An account whose one role reaches the rows of its own private body alone, and its one-time link.

    Whoever calls has asked whether the actor may do it; the body is made where there is none of that code yet.
    """
    deputy = Deputy(actor, STEP)
    with transaction.atomic():
        if not Organisation.objects.filter(code=code).exists():
            change_body(deputy, code, body, area_path=area_path, private=True)
        person = add(deputy, {**values, "organisation_id": code})
        give(deputy, person, role, organisation=code, reason=reason)
        return person, invite(deputy, person, reason)


def invite_private(actor: Actor, code: str, person: Person, reason: str) -> str:
    """A fresh one-time link for an account of that body whose owner never came in."""
    own = {(g.organisation, g.area_path) for g in person.grants.in_force()} <= {(code, "")}
    if person.organisation_id != code or person.has_usable_password() or not own:
        raise NotNow(_("Chủ tài khoản đã vào; quên mật khẩu thì nhờ quản trị đặt lại."))
    return invite(Deputy(actor, STEP), person, reason)


def close(actor: Actor, person: Person, reason: str) -> None:
    """The account is closed and every session of it has ended, also should it be opened again."""
    _change(actor, "people.person.close", person, reason, is_active=False)


def reopen(actor: Actor, person: Person, reason: str) -> None:
    """The account is open again, with the grants it holds; sessions from before stay ended."""
    _change(actor, "people.person.open", person, reason, is_active=True)


def reset(actor: Actor, person: Person, reason: str) -> str:
    """A fresh password, told this once, and no second factor any more; every session has ended."""
    _must(actor, "people.person.reset", person)
    fresh = "-".join("".join(secrets.choice(LETTERS) for _i in range(5)) for _j in range(4))
    with transaction.atomic():
        person.set_password(fresh)
        SecondFactor.objects.filter(person=person).delete()
        _change(actor, "people.person.reset", person, reason, password=person.password)
    return fresh


def end_sessions(actor: Actor, person: Person, reason: str) -> None:
    """Every session of the person has ended; the account stays open."""
    _change(actor, "people.person.end_sessions", person, reason)


def end_one_session(actor: Actor, person: Person, digest: str, reason: str) -> None:
    """One session of the person has ended."""
    _must(actor, "people.person.end_sessions", person)
    if not sessions.end(person, digest):
        raise NotNow(_("Phiên này đã kết thúc rồi."))
    audit.write(
        actor, "people.person.end_sessions", register="people.person", object_id=person.pk,
        object_name=str(person), note=reason,
    )  # fmt: skip


def _change(actor: Actor, verb: str, person: Person, reason: str, **values: Any) -> None:
    _must(actor, verb, person)
    if str(person.pk) == actor.actor_id:
        raise NotNow(_("Không tự làm việc này với tài khoản của chính mình."))
    with transaction.atomic():
        rows = Person.objects.filter(pk=person.pk)
        old = rows.get().is_active
        rows.update(session_epoch=F("session_epoch") + 1, **values)
        person.refresh_from_db()
        audit.write(
            actor, verb, register="people.person", object_id=person.pk, object_name=str(person),
            old={"is_active": old}, new={"is_active": person.is_active}, note=reason,
        )  # fmt: skip


def end_other_sessions(person: Person) -> None:
    """Every session of the person has ended; whoever asks renews the one at hand."""
    Person.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])
