"""An account with a role, a browser signed in as a person, the text of an answer."""

from typing import Any

from django.test import Client

from baoton.people.models import Grant, Person

GOOD = "suối Nậm Ma mùa lũ"


def account(name: str, role: str, area: str = "", body: str = "so_nnmt", password: str = GOOD) -> Person:
    person = Person.objects.create_user(
        name, password=password, organisation_id=body, first_name=name.title()
    )
    if role:
        Grant.objects.create(person=person, role=role, area_path=area)
    return person


def inside(person: Person) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def text(answer: Any) -> str:
    return answer.content.decode()  # type: ignore[no-any-return]
