"""Wording that nobody acts on by itself: automatic replies, tapbacks, polite declines, and what a person must judge."""

from hallway.rulebook.reply_rules import DOING, NOUNS, rule

AUTOMATIC = (
    rule(
        "ordinary.auto_reply",
        (
            r"(?:im|i am|currently|am)(?: \w+){0,2} driving|dont disturb (?:while|mode|is|on|turned)"
            r"|auto ?(?:matic)? ?(?:reply"
            r"|response|responder)|automatic(?:ally)? (?:reply|response|sent)|automated (?:reply|response)|out of"
            r" (?:the )?office|im not receiving notifications|ill see your message|driving focus"
            r"|respuesta automatica"
        ),
    ),
)
TAPBACK = (
    r"^\s*(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|removed (?:a|an) \w+ from"
    r"|reacted .{1,12} (?:to|with)|reacted to"
    r"|le (?:gust[oó]|encant[oó])|te (?:gust[oó])|se ri[oó] (?:de|con)|a? ?\w+ le gust[oó]|enfatiz[oó]"
    r"|.{1,8} (?:to|a)(?=\s*[“\"«]))\s*(?:an image|a movie|a video|an attachment|an audio|[“\"«'‘].*)"
)
DECLINE = rule(
    "ordinary.decline",
    (
        r"(?:not|no longer) interested|no thanks|no gracias|went with (?:someone|another|a different)|(?:found"
        r"|hired|using|got) (?:someone|somebody|another)|too (?:expensive|much|high)|ill pass|all set"
        r"|we(?:re)? good|im good|no longer need"
    ),
)
DOUBTFUL = (
    rule(
        "doubtful.hostile",
        r"fuck (?:you|u|yall)|screw you|go to hell|piece of shit|scammers?(?= [|,]|$)|you suck|assholes?",
    ),
    rule(
        "doubtful.complaint",
        (
            rf"(?:why|how come)(?: \w+){{0,3}} (?:keep|still|always|constantly)(?: \w+){{0,2}} (?:{DOING}|{NOUNS}"
            r"|sending)"
        ),
        rf"(?:you|yall) (?:keep|are always|wont quit|are constantly)(?: \w+)? (?:{DOING}|sending me)",
        (
            r"too many (?:texts|messages)|(?:stop|quit) (?:texting|calling|contacting|messaging|bothering)"
            r" (?!(?:me|us|and|but|just|please|or)\b)\w+"
        ),
        (
            r"(?:dont|not|no) (?:need|want)(?: you)? to (?:text|message|contact) (?:me|us)|i dont"
            r" (?:do )?text(?:ing|s)?"
        ),
    ),
    rule(
        "doubtful.bare",
        (
            r"^(?:off|mute|leave|scam|fraud|done with this|cancel (?:it|this|that|everything|all|all of it)"
            r"|no calls|blocking|out|i want out|can you not|wrong|stop (?:my |the )?service|delete this|delete it"
            r"|remove it|remove this|forget it|silence|pause|bye|goodbye|not you|cancel (?:my |the )?(?:membership"
            r"|plan|maintenance plan|account|contract|service plan)|hands?)$"
        ),
    ),
)
