"""Users, organisations, roles and explicit grants."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "baoton.people"
    verbose_name = "Người dùng"

    def ready(self) -> None:
        """Signing in writes nothing into the database, so that it never waits; an empty book says who may fill it."""
        from django.contrib.auth.signals import user_logged_in

        from baoton.kit.pages.empty import tell_holders
        from baoton.people.queries import holders

        tell_holders(holders)
        user_logged_in.disconnect(dispatch_uid="update_last_login")
