"""An agency that pays for clients: one subscription, as many as it covers, and a statement with its margin."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from billing import usage
from billing.usage import Usage
from groundwork import clock
from groundwork.database import new_id
from tests.billing.desk import GOOD, Desk, Shop
from tests.makers import World
from tests.ui.visitor import Visitor, words


def test_an_agency_pays_for_a_client_and_charges_it_with_its_margin(
    shop: Shop, desk: Desk, world: World, nora: Visitor
) -> None:
    page = f"/agencies/{world.agency}/billing"
    assert "Bluff Creek Plumbing They pay for themselves" in words(nora.get(page))
    assert nora.send(f"{page}/clients/{world.charlie.id}", {"pays": "agency"}).status_code == 404
    nora.get(page)
    nora.send(f"{page}/clients/{world.plumber.id}", {"pays": "agency"})
    assert shop.tenant().standing is None, "nobody has bought anything yet"
    url = nora.send(f"{page}/choose").headers["Location"]
    status, back = desk.fill(url, number=GOOD, exp="12/34", do="pay")
    assert status == 303
    parts = urlsplit(back)
    assert nora.get(f"{parts.path}?{parts.query}").status_code == 303
    assert (shop.tenant().plan, shop.tenant().standing) == ("agency", "trial")
    assert "Your agency pays for this account" in words(shop.visitor.get("/settings/billing"))
    assert shop.visitor.send("/settings/billing/choose", {"plan": "pro"}).status_code == 303
    assert len(desk.all("checkout.session")) == len({one["subscription"] for one in desk.all("checkout.session")})

    with world.plumber.open() as session:
        usage.meter(session, [Usage("segments", new_id(), 3100, clock.now() - timedelta(seconds=1))])
    nora.get(page)
    nora.send(f"{page}/margin", {"margin": "lots"})
    nora.send(f"{page}/margin", {"margin": "20 %"})
    told = words(nora.get(f"{page}/statements/{world.plumber.id}?month={clock.now():%Y-%m}"))
    assert "100 text segments beyond 3,000 $1.80 $2.16" in told
    assert "Together $100.80 $120.96" in told
    assert nora.get(f"{page}/statements/{world.charlie.id}").status_code == 404
    nora.get(page)
    nora.send(f"{page}/clients/{world.plumber.id}", {"pays": "client"})
    assert shop.tenant().standing is None
