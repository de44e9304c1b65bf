"""Who is in the demo world: an agency, three businesses, their people and phones."""

from __future__ import annotations

from dataclasses import dataclass, field

PASSWORD = "hallway-demo"  # noqa: S105  (printed at the start; the demo world is for trying out)
WEEK = {day: [["08:00", "17:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}
WEEK_AND_SATURDAY = {**WEEK, "sat": [["09:00", "13:00"]]}


@dataclass(frozen=True)
class Person:
    """Somebody with a log-in; the first person of a business answers its texts in the stories."""

    name: str
    email: str
    role: str


@dataclass(frozen=True)
class Cell:
    """A phone of the business that rings; the first is on call."""

    label: str
    e164: str


@dataclass(frozen=True)
class Shop:
    """One business as it is set up."""

    slug: str
    columns: dict[str, object]
    area_code: str
    people: tuple[Person, ...]
    cells: tuple[Cell, ...]
    by_agency: bool = True
    hours: dict[str, list[list[str]]] = field(default_factory=lambda: dict(WEEK))
    line: str = ""  # what stands at the top of its web site


AGENCY = {"name": "Northstar Marketing", "slug": "northstar"}
NORA = Person("Nora Lindqvist", "nora@northstar.example", "owner")

SHOPS = (
    Shop(
        "bluff-creek",
        {
            "name": "Bluff Creek Plumbing",
            "trade": "plumbing",
            "timezone": "America/Chicago",
            "state": "TX",
            "zip": "78704",
            "phone": "+15125550170",
            "website": "https://bluffcreekplumbing.example",
            "postal_address": "1120 Bluff Creek Dr, Austin, TX 78704",
            "brand_color": "#1d4ed8",
        },
        "512",
        (
            Person("Alice Romero", "alice@bluffcreek.example", "owner"),
            Person("Bob Tran", "bob@bluffcreek.example", "agent"),
        ),
        (Cell("Alice's cell", "+15125550171"), Cell("Bob's cell", "+15125550173")),
        hours=WEEK_AND_SATURDAY,
        line="Leaks, clogs and water heaters, fixed today.",
    ),
    Shop(
        "ridgeline",
        {
            "name": "Ridgeline Roofing",
            "trade": "roofing",
            "timezone": "America/Denver",
            "state": "CO",
            "zip": "80215",
            "phone": "+13035550160",
            "website": "https://ridgelineroofing.example",
            "postal_address": "8800 W Colfax Ave, Lakewood, CO 80215",
        },
        "303",
        (Person("Maya Ortiz", "maya@ridgeline.example", "owner"),),
        (Cell("Maya's cell", "+13035550161"),),
        line="Roofs that outlast the hail.",
    ),
    Shop(
        "charlies",
        {
            "name": "Charlie's Garage Doors",
            "trade": "garage_doors",
            "timezone": "America/Chicago",
            "state": "TX",
            "zip": "78748",
            "phone": "+15125550115",
            "website": "https://charliesdoors.example",
            "postal_address": "9600 S 1st St, Austin, TX 78748",
        },
        "737",
        (Person("Charlie Novak", "charlie@charlies.example", "owner"),),
        (Cell("Charlie's cell", "+15125550116"),),
        by_agency=False,
        line="Garage doors that open when you do.",
    ),
)
