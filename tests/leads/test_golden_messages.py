"""Messages as people write them, and the context that must be drawn from each."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from hallway.leads.extract import Field, extract

ZONE = "America/Chicago"
MONDAY_MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo(ZONE))

# Trade, message, then what must be found. A name that is not listed must not be found at all;
# service and urgency are values, preferred_time is the label, the rest are values.
Expected = dict[str, str]
GOLDEN: list[tuple[str, str, Expected]] = [
    ("plumbing", "water heater leaking at 1120 Bluff Creek, need someone today",
     {"service": "water_heater_leak", "urgency": "urgent", "address": "1120 Bluff Creek",
      "preferred_time": "Mon, Nov 23, any time"}),
    ("plumbing", "leeking watter heater pls help", {"service": "water_heater_leak", "urgency": "urgent"}),
    ("plumbing", "toilit clogged, no rush", {"service": "toilet_clog", "urgency": "normal"}),
    ("plumbing",
     "Hi this is Dana. Sink is backed up, come tomorrow between 2 and 4. 4501 N Lamar Blvd #204, Austin TX 78751",
     {"service": "drain_clog", "urgency": "urgent", "name": "Dana", "preferred_time": "Tue, Nov 24, 2–4 pm",
      "address": "4501 N Lamar Blvd #204, Austin, TX 78751", "zip": "78751"}),
    ("plumbing", "Toilet won't stop running, next Tuesday morning ok?",
     {"service": "toilet_repair", "urgency": "normal", "preferred_time": "Tue, Dec 1, morning"}),
    ("plumbing", "We have no hot water since yesterday. Can you come today after 5?",
     {"service": "no_hot_water", "urgency": "urgent", "preferred_time": "Mon, Nov 23, after 5 pm"}),
    ("plumbing", "pipe burst in the basement water everywhere!!! 77 W Ridge Canyon View Ln",
     {"service": "burst_pipe", "urgency": "emergency", "address": "77 W Ridge Canyon View Ln"}),
    ("plumbing", "Sewer is backing up into the tub, 9802 FM 1826, Austin 78737",
     {"service": "sewer_backup", "urgency": "emergency", "address": "9802 FM 1826, Austin 78737", "zip": "78737"}),
    ("plumbing", "the garbage disposal is humming and wont spin", {"service": "garbage_disposal", "urgency": "normal"}),
    ("plumbing", "How much for a new water heater? 50 gallon. House built in 1998",
     {"service": "water_heater_install", "urgency": "normal"}),
    ("plumbing", "kitchen fawcet dripping, no hurry. This is Marcus Bell",
     {"service": "faucet", "urgency": "normal", "name": "Marcus Bell"}),
    ("plumbing", "My sump pump quit and the basement is flooding", {"service": "sump_pump", "urgency": "emergency"}),
    ("plumbing", "low water pressure in the whole house", {"service": "low_pressure", "urgency": "normal"}),
    ("plumbing", "gas smell by the stove", {"service": "gas_line", "urgency": "emergency"}),
    ("plumbing", "I smell gas near the water heater", {"service": "gas_line", "urgency": "emergency"}),
    ("plumbing", "wet spot on the ceiling under the upstairs bathroom", {"service": "pipe_leak", "urgency": "normal"}),
    ("plumbing", "no tengo agua caliente, pueden venir mañana por la tarde?",
     {"service": "no_hot_water", "urgency": "urgent", "preferred_time": "Tue, Nov 24, afternoon"}),
    ("plumbing", "fuga de agua debajo del fregadero, me llamo Rosa",
     {"service": "pipe_leak", "urgency": "urgent", "name": "Rosa"}),
    ("plumbing", "Huele a gas en la cocina", {"service": "gas_line", "urgency": "emergency"}),
    ("plumbing", "se me tapó el baño, necesito un plomero hoy",
     {"service": "toilet_clog", "urgency": "urgent", "preferred_time": "Mon, Nov 23, any time"}),
    ("plumbing", "calentador gotea, vivo en 123 Calle Luna",
     {"service": "water_heater_leak", "urgency": "urgent", "address": "123 Calle Luna"}),
    ("plumbing", "Dana here, call me back at 512-555-0142", {"name": "Dana"}),
    ("plumbing", "can you stop by at noon", {"preferred_time": "Mon, Nov 23, noon"}),
    ("plumbing", "dishwasher hookup Friday between 9 and 11",
     {"service": "appliance_hookup", "urgency": "normal", "preferred_time": "Fri, Nov 27, 9–11 am"}),
    ("plumbing", "we dont have water at all at 12 county road 115",
     {"service": "water_line", "urgency": "urgent", "address": "12 County Road 115"}),
    ("plumbing", "Hey its Tom, toilet in unit B is clogged. 2200 Guadalupe St Unit B",
     {"service": "toilet_clog", "urgency": "normal", "name": "Tom", "address": "2200 Guadalupe St Unit B"}),
    ("plumbing", "it's not leaking anymore, thanks", {"urgency": "normal"}),
    ("plumbing", "the leak is fixed, thank you", {"urgency": "normal"}),
    ("plumbing", "The leak stopped so no rush, and may need a new faucet", {"service": "faucet", "urgency": "normal"}),
    ("plumbing", "not an emergency but kitchen faucet drips", {"service": "faucet", "urgency": "normal"}),
    ("plumbing", "frozen pipes!! please hurry", {"service": "burst_pipe", "urgency": "urgent"}),
    ("plumbing", "3/4 inch pipe cracked, 24/7 service?", {"service": "burst_pipe", "urgency": "normal"}),
    ("plumbing", "sewage coming up in the basement shower", {"service": "sewer_backup", "urgency": "emergency"}),
    ("plumbing", "you fixed our water heater last year, now the toilet is overflowing",
     {"service": "toilet_clog", "urgency": "urgent"}),
    ("plumbing", "in the next hour please, pipe is spraying", {"service": "burst_pipe", "urgency": "emergency"}),
    ("plumbing", "we have 2 toilets and 3 sinks to replace, 100 gallon tank",
     {"service": "toilet_repair", "urgency": "normal"}),
    ("plumbing", "4207 cedar hollow rd\nround rock tx 78681",
     {"address": "4207 Cedar Hollow Rd, Round Rock, TX 78681", "zip": "78681"}),
    ("plumbing", "it's at my moms house, 15 Maple Ct, apt 3. She's home after 10am",
     {"address": "15 Maple Ct Apt 3", "preferred_time": "Mon, Nov 23, after 10 am"}),
    ("plumbing", "I'm Looking for a plumber in 78704",
     {"service": "plumbing_general", "urgency": "normal", "zip": "78704"}),
    ("plumbing", "hose bib outside drips", {"service": "faucet", "urgency": "normal"}),
    ("hvac", "no heat and we have a newborn. 88 Oak St",
     {"service": "no_heat", "urgency": "emergency", "address": "88 Oak St"}),
    ("hvac", "AC quit today, blowing hot air. after 3 works",
     {"service": "no_cooling", "urgency": "urgent", "preferred_time": "Mon, Nov 23, after 3 pm"}),
    ("hvac", "Furnace stopped working this morning", {"service": "no_heat", "urgency": "urgent"}),
    ("hvac", "It's not the furnace, it's the thermostat. Blank screen", {"service": "thermostat", "urgency": "normal"}),
    ("hvac", "AC blowing warm air, its 95 degrees in here with my 85 year old mother",
     {"service": "no_cooling", "urgency": "emergency"}),
    ("hvac", "Need a tune up before winter. Any time next week",
     {"service": "tune_up", "urgency": "normal", "preferred_time": "Mon, Nov 30 – Fri, Dec 4, any time"}),
    ("hvac", "furnace making loud banging noise", {"service": "noise", "urgency": "normal"}),
    ("hvac", "heater not working. 1801 E 7th St Apt 12. tonight if possible",
     {"service": "no_heat", "urgency": "urgent", "address": "1801 E 7th St Apt 12",
      "preferred_time": "Mon, Nov 23, night"}),
    ("hvac", "quote for mini split install in the garage", {"service": "mini_split", "urgency": "normal"}),
    ("hvac", "water dripping from the ceiling near the ac unit", {"service": "ac_leak", "urgency": "urgent"}),
    ("hvac", "carbon monoxide detector going off!", {"service": "carbon_monoxide", "urgency": "emergency"}),
    ("hvac", "The carbon monoxide detector needs a new battery", {"service": "carbon_monoxide", "urgency": "normal"}),
    ("hvac", "no A/C upstairs", {"service": "no_cooling", "urgency": "urgent"}),
    ("hvac", "mi aire no enfria, es urgente", {"service": "no_cooling", "urgency": "urgent"}),
    ("hvac", "upstairs is way hotter than downstairs", {"service": "uneven", "urgency": "normal"}),
    ("hvac", "AC unit wont turn on, can you do Wed at 8am?",
     {"service": "no_cooling", "urgency": "urgent", "preferred_time": "Wed, Nov 25, 8 am"}),
    ("hvac", "Are you guys open?", {}),
    ("electrical", "outlet sparking in the kitchen and burning smell",
     {"service": "sparks_burning", "urgency": "emergency"}),
    ("electrical", "3 way switch not working, whenever you get a chance", {"service": "switch", "urgency": "normal"}),
    ("electrical", "I need two flood lights installed next week",
     {"service": "lighting", "urgency": "normal", "preferred_time": "Mon, Nov 30 – Fri, Dec 4, any time"}),
    ("electrical", "half the house has no power", {"service": "power_out", "urgency": "urgent"}),
    ("electrical", "breaker keeps tripping when I run the microwave", {"service": "breaker", "urgency": "normal"}),
    ("electrical", "panel is hot and smells like burning", {"service": "sparks_burning", "urgency": "emergency"}),
    ("electrical", "Want to install an EV charger for my Tesla in the garage. Quote please",
     {"service": "ev_charger", "urgency": "normal"}),
    ("electrical", "lights flicker whenever the dryer runs", {"service": "lighting", "urgency": "normal"}),
    ("electrical", "My smoke detectors keep chirping", {"service": "smoke_detector", "urgency": "normal"}),
    ("electrical", "got shocked touching the light switch", {"service": "shock", "urgency": "emergency"}),
    ("electrical", "tree pulled down the power line to our house", {"service": "down_line", "urgency": "emergency"}),
    ("electrical", "no hay luz en la mitad de la casa", {"service": "power_out", "urgency": "urgent"}),
    ("electrical", "install ceiling fan in 2 bedrooms next weekend",
     {"service": "ceiling_fan", "urgency": "normal", "preferred_time": "Sat, Dec 5 – Sun, Dec 6, any time"}),
    ("roofing", "tree fell on our roof, rain coming in", {"service": "roof_leak", "urgency": "emergency"}),
    ("roofing", "Roof is leaking over the living room, can you come this weekend?",
     {"service": "roof_leak", "urgency": "urgent", "preferred_time": "Sat, Nov 28 – Sun, Nov 29, any time"}),
    ("roofing", "need a quote for new roof, house built in 1985", {"service": "replacement", "urgency": "normal"}),
    ("roofing", "guters clogged", {"service": "gutters", "urgency": "normal"}),
    ("roofing", "Missing shingles after the storm last night", {"service": "missing_shingles", "urgency": "normal"}),
    ("roofing", "tengo goteras en el techo, 415 Elm St, Round Rock, TX 78664",
     {"service": "roof_leak", "urgency": "urgent", "address": "415 Elm St, Round Rock, TX 78664", "zip": "78664"}),
    ("roofing", "how much for metal roof 2400 sq ft", {"service": "replacement", "urgency": "normal"}),
    ("garage_doors", "my car is stuck in the garage, spring broke. I have to be at work in two hours",
     {"service": "trapped", "urgency": "urgent"}),
    ("garage_doors", "garage door wont close", {"service": "wont_close", "urgency": "urgent"}),
    ("garage_doors", "garage door off track", {"service": "off_track", "urgency": "normal"}),
    ("garage_doors", "garage door is stuck open and I have to leave town tomorrow",
     {"service": "wont_close", "urgency": "urgent"}),
    ("garage_doors", "my son's finger is caught in the garage door", {"service": "trapped", "urgency": "emergency"}),
    ("garage_doors", "la puerta del garaje no abre", {"service": "wont_open", "urgency": "normal"}),
    ("garage_doors", "keypad needs reprogram", {"service": "remote_keypad", "urgency": "normal"}),
    ("cleaning", "deep clean 3 bed 2 bath, Dec 5 or Dec 6 in the morning. My name is Ana López",
     {"service": "deep_clean", "urgency": "normal", "preferred_time": "Sat, Dec 5, morning", "name": "Ana López"}),
    ("cleaning", "Need weekly cleaning for 2000 sq ft house, zip 78745",
     {"service": "recurring", "urgency": "normal", "zip": "78745"}),
    ("cleaning", "move out clean for 2br apartment on the 30th",
     {"service": "move_out", "urgency": "normal", "preferred_time": "Mon, Nov 30, any time"}),
    ("cleaning", "limpieza profunda para mi casa este sábado",
     {"service": "deep_clean", "urgency": "normal", "preferred_time": "Sat, Nov 28, any time"}),
    ("cleaning", "airbnb turnover tomorrow between 11 and 3",
     {"service": "airbnb", "urgency": "normal", "preferred_time": "Tue, Nov 24, 11 am–3 pm"}),
    ("general", "toilet clogged", {"service": "toilet_clog", "urgency": "normal"}),
    ("general", "mow my lawn every other week", {"service": "landscaping", "urgency": "normal"}),
    ("general", "The AC is out and we have a baby", {"service": "no_cooling", "urgency": "emergency"}),
    ("general", "hole in drywall needs patch, also mount a tv. the 5th at noon",
     {"service": "drywall", "urgency": "normal", "preferred_time": "Sat, Dec 5, noon"}),
    ("plumbing", "need someone to look at a slow leak under the bathroom sink, not a rush, maybe next week",
     {"service": "pipe_leak", "urgency": "normal", "preferred_time": "Mon, Nov 30 – Fri, Dec 4, any time"}),
    ("plumbing", "smells like rotten eggs in the garage", {"service": "gas_line", "urgency": "emergency"}),
    ("plumbing", "The drain in my laundry room backs up every time I run the washer",
     {"service": "drain_clog", "urgency": "urgent"}),
    ("plumbing", "hi, no hot watter since this mornin. can u come asap? 1200 w 6th st apt 210",
     {"service": "no_hot_water", "urgency": "urgent", "address": "1200 W 6th St Apt 210"}),
    ("plumbing", "123 Main", {"address": "123 Main"}),
    ("hvac", "i think my capacitor is bad, fan on outside unit isnt spinning",
     {"service": "blower_fan", "urgency": "normal"}),
    ("electrical", "hot tub needs to be wired, 50 amp. Available Sat morning",
     {"service": "hot_tub", "urgency": "normal", "preferred_time": "Sat, Nov 28, morning"}),
    ("electrical", "outlet makes buzzing sound and feels warm", {"service": "sparks_burning", "urgency": "urgent"}),
    ("garage_doors", "door goes down then comes right back up", {"service": "wont_close", "urgency": "normal"}),
    ("cleaning", "party on Saturday, can you clean Friday afternoon",
     {"service": "event", "urgency": "normal", "preferred_time": "Fri, Nov 27, afternoon"}),
    ("plumbing", "I'm available Mon-Fri 8-5", {"preferred_time": "Mon, Nov 23 – Fri, Nov 27, 8 am–5 pm"}),
    ("plumbing", "can we do Thursday instead? Monday doesn't work", {"preferred_time": "Thu, Nov 26, any time"}),
    ("plumbing", "not Monday, Tuesday after 2 is fine", {"preferred_time": "Tue, Nov 24, after 2 pm"}),
    ("plumbing", "I called yesterday at 4 and nobody answered", {}),
    ("plumbing", "ok thanks!", {}),
    ("plumbing", "please stop texting me", {}),
    ("plumbing", "invoice 10234 is wrong", {}),
    ("plumbing", "$150 to come out? that's 3 times more", {}),
    ("plumbing", "i may need 2 of them", {}),
]  # fmt: skip


@pytest.mark.parametrize(("trade", "message", "expected"), GOLDEN, ids=[row[1][:60] for row in GOLDEN])
def test_a_message_yields_exactly_the_context_a_dispatcher_would_note(
    trade: str, message: str, expected: Expected
) -> None:
    fields = extract(message, trade, now=MONDAY_MORNING, zone=ZONE)
    found = {f.name: f.label if f.name == "preferred_time" else f.value for f in fields}
    assert found == expected


def test_every_field_shows_the_words_it_came_from() -> None:
    for trade, message, _ in GOLDEN:
        for field in extract(message, trade, now=MONDAY_MORNING, zone=ZONE):
            assert field.source_words == message[field.start : field.end]
            assert field.source_words.strip()
            assert field.reason
            assert 0 < field.confidence <= 1


def test_the_reason_for_urgency_quotes_the_words() -> None:
    urgency = _field("urgency", "water heater leaking at 1120 Bluff Creek, need someone today")
    assert urgency.reason == 'Leaking: "leaking" and "today"'


def test_a_typo_lowers_the_confidence_and_is_told() -> None:
    plain = _field("service", "water heater leaking")
    typed = _field("service", "watter heater leaking")
    assert typed.confidence < plain.confidence
    assert "typo" in typed.reason


def _field(name: str, message: str) -> Field:
    fields = extract(message, "plumbing", now=MONDAY_MORNING, zone=ZONE)
    return next(field for field in fields if field.name == name)
