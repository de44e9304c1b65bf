"""Our own check agrees with the carrier's own, and refuses what it must."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import Headers, MultiDict

from webhooks.signature import SETTINGS, SIGNATURE, is_genuine

TOKEN = "12345"
# The example of Twilio's documentation.
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
CALL = {"CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234", "From": "+14158675309"}
CALL |= {"To": "+18005551212"}
SIGNED = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
FIELD = st.text(st.characters(codec="utf-8"), max_size=20)


def check(
    form: dict[str, list[str]] | None,
    signature: str,
    url: str = URL,
    *,
    body: bytes = b"",
    tokens: tuple[str, ...] = (TOKEN,),
    settings: str = "",
) -> bool:
    return is_genuine(url, form, body, Headers({SIGNATURE: signature, SETTINGS: settings}), tokens)


def lists(fields: dict[str, str]) -> dict[str, list[str]]:
    return {name: [value] for name, value in fields.items()}


def test_the_documented_example_is_genuine() -> None:
    assert check(lists(CALL), SIGNED)


@pytest.mark.parametrize("changed", [{"Digits": "1235"}, {"Extra": ""}, {"To": ""}])
def test_a_changed_added_or_emptied_field_is_refused(changed: dict[str, str]) -> None:
    assert not check(lists(CALL | changed), SIGNED)


@pytest.mark.parametrize("signature", ["", "x", SIGNED[:-1], SIGNED + "=", "é" * 28])
def test_a_missing_or_mangled_signature_is_refused(signature: str) -> None:
    assert not check(lists(CALL), signature)


def test_the_previous_token_still_counts_and_a_stranger_s_does_not() -> None:
    assert check(lists(CALL), SIGNED, tokens=("new token", TOKEN))
    assert not check(lists(CALL), SIGNED, tokens=("new token", "another"))


@given(st.dictionaries(FIELD, st.lists(FIELD, min_size=1, max_size=3), max_size=6), st.sampled_from([
    "https://hooks.example/h", "https://hooks.example:443/h?a=b", "http://127.0.0.1:8000/h", "http://hooks.example/h?x=1",
]), st.sampled_from(["HMAC_SHA1", "HMAC_SHA256"]))  # fmt: skip
def test_any_form_with_blanks_duplicates_and_ports_is_judged_as_the_vendor_does(
    form: dict[str, list[str]], url: str, algorithm: str
) -> None:
    fields = MultiDict([(name, value) for name, values in form.items() for value in values])
    vendor = RequestValidator(TOKEN)
    signature = vendor.compute_signature(url, fields, algorithm)
    settings = f"key=webhooks_sharedkey_1,algorithm={algorithm}"

    assert vendor.validate(url, fields, signature, algorithm)
    assert check(form, signature, url, settings=settings)
    assert not check(form | {"Added": ["1"]}, signature, url, settings=settings)


@pytest.mark.parametrize(("asked", "signed"), [("https://a.example/h", "https://a.example:443/h"),
                                              ("https://a.example:443/h", "https://a.example/h")])  # fmt: skip
def test_the_port_may_be_written_or_not(asked: str, signed: str) -> None:
    assert check({}, RequestValidator(TOKEN).compute_signature(signed, {}), url=asked)


def test_an_algorithm_we_do_not_know_is_refused() -> None:
    assert not check(lists(CALL), SIGNED, settings="key=k,algorithm=ROT13")


def test_a_json_body_counts_only_with_its_hash_in_the_signed_address() -> None:
    body = b'{"hello": "world"}'
    url = f"https://a.example/h?bodySHA256={hashlib.sha256(body).hexdigest()}"
    signature = RequestValidator(TOKEN).compute_signature(url, {})
    assert RequestValidator(TOKEN).validate(url, body.decode(), signature)

    assert check(None, signature, url=url, body=body)
    assert not check(None, signature, url=url, body=body + b" ")
    bare = "https://a.example/h"
    assert not check(None, RequestValidator(TOKEN).compute_signature(bare, {}), url=bare, body=body)


def test_keep_blank_values_is_what_the_carrier_signs() -> None:
    form = parse_qs("Body=&From=%2B15125550148", keep_blank_values=True)
    assert check(form, RequestValidator(TOKEN).compute_signature(URL, {"Body": "", "From": "+15125550148"}))
