"""The states of a text under news in any order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hallway.conversations.models import STATES
from hallway.sending import SETTLED, may_follow
from hallway.sending.states import FROM_PROVIDER, RANK

NEWS = st.sampled_from(sorted(set(FROM_PROVIDER.values())))


def test_every_state_of_the_table_is_known() -> None:
    assert set(RANK) == set(STATES) - {"received"}


@given(st.sampled_from(sorted(RANK)), st.lists(NEWS, max_size=12))
def test_news_in_any_order_only_ever_moves_a_text_on(state: str, news: list[str]) -> None:
    for one in news:
        if may_follow(state, one):
            assert RANK[one] > RANK[state]
            assert state not in SETTLED or state == "expired"
            state = one


@given(st.permutations(["accepted", "sent", "delivered"]), st.lists(NEWS, max_size=3))
def test_any_order_ends_where_the_right_order_ends(order: list[str], again: list[str]) -> None:
    state = "claimed"
    for one in [*order, *[one for one in again if one not in ("failed", "undelivered", "cancelled")]]:
        state = one if may_follow(state, one) else state
    assert state == "delivered"


def test_a_text_we_believed_unsent_is_corrected_by_the_carrier() -> None:
    assert may_follow("expired", "delivered")
    assert may_follow("queued", "sent")
    assert may_follow("unknown", "undelivered")
    assert not may_follow("refused", "delivered")
