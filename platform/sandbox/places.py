"""Where US area codes are: what Twilio tells about a caller and where it sells numbers. A few, not all."""

from typing import NamedTuple


class Place(NamedTuple):
    city: str = ""
    state: str = ""
    zip: str = ""
    latitude: str = "0"
    longitude: str = "0"


PLACES: dict[str, Place] = {
    "202": Place("WASHINGTON", "DC", "20001", "38.9072", "-77.0369"),
    "206": Place("SEATTLE", "WA", "98101", "47.6062", "-122.3321"),
    "210": Place("SAN ANTONIO", "TX", "78205", "29.4241", "-98.4936"),
    "212": Place("NEW YORK", "NY", "10001", "40.7128", "-74.0060"),
    "213": Place("LOS ANGELES", "CA", "90012", "34.0522", "-118.2437"),
    "214": Place("DALLAS", "TX", "75201", "32.7767", "-96.7970"),
    "215": Place("PHILADELPHIA", "PA", "19102", "39.9526", "-75.1652"),
    "303": Place("DENVER", "CO", "80202", "39.7392", "-104.9903"),
    "305": Place("MIAMI", "FL", "33130", "25.7617", "-80.1918"),
    "312": Place("CHICAGO", "IL", "60601", "41.8781", "-87.6298"),
    "313": Place("DETROIT", "MI", "48226", "42.3314", "-83.0458"),
    "404": Place("ATLANTA", "GA", "30303", "33.7490", "-84.3880"),
    "405": Place("OKLAHOMA CITY", "OK", "73102", "35.4676", "-97.5164"),
    "407": Place("ORLANDO", "FL", "32801", "28.5383", "-81.3792"),
    "415": Place("SAN FRANCISCO", "CA", "94102", "37.7749", "-122.4194"),
    "480": Place("MESA", "AZ", "85201", "33.4152", "-111.8315"),
    "502": Place("LOUISVILLE", "KY", "40202", "38.2527", "-85.7585"),
    "503": Place("PORTLAND", "OR", "97204", "45.5152", "-122.6784"),
    "512": Place("AUSTIN", "TX", "78701", "30.2672", "-97.7431"),
    "602": Place("PHOENIX", "AZ", "85004", "33.4484", "-112.0740"),
    "612": Place("MINNEAPOLIS", "MN", "55401", "44.9778", "-93.2650"),
    "614": Place("COLUMBUS", "OH", "43215", "39.9612", "-82.9988"),
    "615": Place("NASHVILLE", "TN", "37201", "36.1627", "-86.7816"),
    "617": Place("BOSTON", "MA", "02108", "42.3601", "-71.0589"),
    "619": Place("SAN DIEGO", "CA", "92101", "32.7157", "-117.1611"),
    "702": Place("LAS VEGAS", "NV", "89101", "36.1699", "-115.1398"),
    "704": Place("CHARLOTTE", "NC", "28202", "35.2271", "-80.8431"),
    "713": Place("HOUSTON", "TX", "77002", "29.7604", "-95.3698"),
    "737": Place("AUSTIN", "TX", "78701", "30.2672", "-97.7431"),
    "801": Place("SALT LAKE CITY", "UT", "84101", "40.7608", "-111.8910"),
    "813": Place("TAMPA", "FL", "33602", "27.9506", "-82.4572"),
    "816": Place("KANSAS CITY", "MO", "64106", "39.0997", "-94.5786"),
    "904": Place("JACKSONVILLE", "FL", "32202", "30.3322", "-81.6557"),
    "919": Place("RALEIGH", "NC", "27601", "35.7796", "-78.6382"),
    "972": Place("DALLAS", "TX", "75201", "32.7767", "-96.7970"),
}
NOWHERE = Place()


def place(number: str) -> Place:
    return PLACES.get(number[2:5], NOWHERE) if number.startswith("+1") else NOWHERE


def geography(end: str, number: str) -> dict[str, str]:
    """FromCity, FromState, FromZip, FromCountry (or To...) as Twilio adds them to a webhook."""
    where = place(number)
    country = "US" if number.startswith("+1") else ""
    return {f"{end}City": where.city, f"{end}State": where.state, f"{end}Zip": where.zip, f"{end}Country": country}
