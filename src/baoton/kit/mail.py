"""Mail through the server that the set-up page names, read when a letter is sent; else through the environment's."""

from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

from baoton.kit import office


class Office(EmailBackend):
    """Django's own way to an SMTP server, with what the administrator told."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        held = office.told()
        if held.get("mail_host"):
            tls = held.get("mail_tls", "starttls")
            kwargs |= {
                "host": held["mail_host"],
                "port": int(held.get("mail_port") or 587),
                "username": held.get("mail_user") or "",
                "password": held.get("mail_password") or "",
                "use_tls": tls == "starttls",
                "use_ssl": tls == "ssl",
            }
        super().__init__(*args, **kwargs)


def send(to: str, subject: str, text: str) -> None:
    """One plain letter; raises what the server or the network said."""
    EmailMessage(subject, text, office.sender(), [to], connection=get_connection()).send()
