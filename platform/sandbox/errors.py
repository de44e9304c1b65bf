"""Refusals with Twilio's codes, wording and HTTP status (https://www.twilio.com/docs/api/errors)."""

from collections.abc import Mapping

from aiohttp import web

WORDING: dict[int, tuple[int, str]] = {
    20001: (400, "{detail}"),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20404: (404, "The requested resource {path} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "Service unavailable"),
    21201: (400, "No 'To' number is specified"),
    21205: (400, "Url is not a valid URL: {url}"),
    21210: (400, "'From' phone number not verified: {number}"),
    21211: (400, "Invalid 'To' Phone Number: {number}"),
    21212: (400, "Invalid 'From' Number: {number}"),
    21213: (400, "No 'From' number is specified"),
    21215: (400, "Account not authorized to call {number}. Geographic permission is needed"),
    21220: (400, "Call is not in-progress. Cannot redirect."),
    21408: (400, "Permission to send an SMS has not been enabled for the region of the 'To' number: {number}"),
    21421: (400, "PhoneNumber is invalid: {number}"),
    21422: (400, "PhoneNumber {number} is not available"),
    21452: (400, "No phone numbers found in area code {area}"),
    21602: (400, "Message body or media URLs must be specified."),
    21603: (400, "A 'From' phone number or a MessagingServiceSid is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The 'From' phone number {number} is not a valid, message-capable number of this account."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (400, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: (400, "The 'To' phone number {number} is not currently reachable via SMS"),
    21614: (400, "'To' number is not a valid mobile number: {number}"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21620: (400, "Invalid media URL(s)"),
    21623: (400, "Number of media files exceeds allowed limit"),
    21704: (400, "The Messaging Service contains no phone numbers"),
    21705: (400, "The Messaging Service Sid {sid} is invalid"),
    21710: (409, "Phone Number is already in the Messaging Service"),
    21712: (409, "Phone Number is associated with another Messaging Service"),
    30001: (400, "Queue overflow"),
    30003: (400, "Unreachable destination handset"),
    30004: (400, "Message blocked"),
    30005: (400, "Unknown destination handset"),
    30006: (400, "Landline or unreachable carrier"),
    30007: (400, "Message filtered"),
    30008: (400, "Unknown error"),
    30019: (400, "Content size exceeds carrier limit"),
    30032: (400, "Toll-Free Number Has Not Been Verified"),
    30034: (400, "Message from an Unregistered Number"),
    30036: (400, "Validity Period Expired"),
    30409: (400, "Messages can only be canceled while they are scheduled or queued"),
    35114: (400, "SendAt must be between 15 minutes and 35 days in the future"),
    35118: (400, "MessagingServiceSid is required to schedule a message"),
    12300: (400, "Invalid Content-Type"),
    11200: (400, "HTTP retrieval failure"),
}


class Refused(Exception):
    """A request the carrier will not carry out; `code` is Twilio's."""

    def __init__(self, code: int, **values: str) -> None:
        self.code = code
        self.values = values
        super().__init__(f"{code}: {wording(code, **values)}")


def wording(code: int, **values: str) -> str:
    text = WORDING.get(code, (400, "Unknown error"))[1]
    return text.format(**values) if values else text.split(":")[0].split(" {")[0]


def answer(code: int, values: Mapping[str, str], status: int | None = None) -> web.Response:
    """Twilio's error body: {code, message, more_info, status}."""
    status = status or WORDING.get(code, (400, ""))[0]
    body = {
        "code": code,
        "message": wording(code, **values),
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if status == 401 else None
    return web.json_response(body, status=status, headers=headers)
