"""What is done to surveys: versions of protocols, designs, samples, results, and the visits behind them."""

from baoton.surveys.actions.campaigns import (
    derive_campaign,
    derive_site,
    draw_sample,
    no_reserve,
    not_ready,
    take_reserve,
)
from baoton.surveys.actions.following import follow, stand
from baoton.surveys.actions.measuring import follow_numbers
from baoton.surveys.actions.protocols import (
    asks_nothing,
    derive_protocol,
    derive_question,
    load,
    next_version,
    only_of_drafts,
    replaces_former,
)
from baoton.surveys.actions.sending import (
    dataset_of,
    may_send,
    record_visit,
    refusals,
    sender,
    sent_by,
    take_back,
    take_in,
    write_down,
)

__all__ = [
    "asks_nothing",
    "dataset_of",
    "derive_campaign",
    "derive_protocol",
    "derive_question",
    "derive_site",
    "draw_sample",
    "follow",
    "follow_numbers",
    "load",
    "may_send",
    "next_version",
    "no_reserve",
    "not_ready",
    "only_of_drafts",
    "record_visit",
    "refusals",
    "replaces_former",
    "sender",
    "sent_by",
    "stand",
    "take_back",
    "take_in",
    "take_reserve",
    "write_down",
]
