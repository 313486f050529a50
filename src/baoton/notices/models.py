"""What belongs to one reader alone: the secret link of his calendar."""

from django.db import models
from django.utils import timezone

from baoton.people.models import Person


class CalendarLink(models.Model):
    """The link by which a person's telephone reads his calendar; only a keyed digest of it is kept."""

    person = models.OneToOneField(
        Person, primary_key=True, on_delete=models.CASCADE, related_name="calendar_link"
    )
    digest = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField(default=timezone.now)
