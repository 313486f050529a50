"""Users, organisations, roles and explicit grants."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "baoton.people"
    verbose_name = "Người dùng"

    def ready(self) -> None:
        """Signing in writes nothing into the database, so that it never waits for work on the registers."""
        from django.contrib.auth.signals import user_logged_in

        user_logged_in.disconnect(dispatch_uid="update_last_login")
