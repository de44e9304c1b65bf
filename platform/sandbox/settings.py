"""What can be chosen when the carrier is started."""

from dataclasses import dataclass
from pathlib import Path

DEFAULT_ACCOUNT_SID = "AC" + "5a4db0c5" * 4
DEFAULT_AUTH_TOKEN = "fa4ef00d" * 4
DEFAULT_CARDS_KEY = "sk_test_" + "5a4db0c5" * 3
DEFAULT_CARDS_SECRET = "whsec_" + "fa4ef00d" * 4


@dataclass
class Settings:
    """Times are seconds. `time_scale` shortens everything that happens inside a call (0.1: ten times faster);
    `step` is the real time between two states of a message; `number_rate` is messages per second and number,
    0 for no limit; `review_seconds` is how long a filing is looked at; `clock` is the file that keeps the turns of
    the world's clock. `mail_port` is where mails are taken by SMTP (0: nowhere), `mail_to` the host:port to which
    people here send theirs. `cards_key` is the secret key of the card desk's one account; its events go to
    `cards_hook`, signed with `cards_secret`."""

    state: Path
    host: str = "127.0.0.1"
    port: int = 4010
    public_url: str = ""
    product_url: str = ""
    account_sid: str = DEFAULT_ACCOUNT_SID
    auth_token: str = DEFAULT_AUTH_TOKEN
    step: float = 0.15
    time_scale: float = 1.0
    number_rate: float = 0.0
    transcription_delay: float = 3.0
    review_seconds: float = 20.0
    clock: Path | None = None
    mail_port: int = 0
    mail_to: str = ""
    cards_key: str = DEFAULT_CARDS_KEY
    cards_secret: str = DEFAULT_CARDS_SECRET
    cards_hook: str = ""

    @property
    def base_url(self) -> str:
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"
