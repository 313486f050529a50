"""The original file stays as evidence of its import, out of everybody's sight: it holds the true places.

It is opened from the page of the import alone, by whoever made it or may import everywhere.
"""

from baoton.files.models import Evidence
from baoton.kit.access import Actor
from baoton.kit.importing.commit import kept
from baoton.kit.models import Blob, ImportBatch
from baoton.kit.place import Disclosure


@kept
def keep_source(actor: Actor, batch: ImportBatch) -> None:
    """One withheld piece of evidence names the file, its hash and the import; the same file twice is two imports."""
    blob = Blob.objects.get(pk=batch.sha256)
    Evidence.objects.create(
        kind=Evidence.Kind.SOURCE,
        title=batch.file_name[:300],
        sha256=blob.sha256,
        media_type=blob.media_type,
        size=blob.size,
        creator=actor.actor_name[:200],
        organisation=batch.organisation,
        about_type=ImportBatch._meta.label_lower,
        about_id=batch.pk,
        disclosure=Disclosure.WITHHELD,
    )
