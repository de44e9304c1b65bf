"""The words that reply rules are made of."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """A stable id and the wording it catches, over plain words (see reply_text)."""

    id: str
    pattern: re.Pattern[str]


def rule(rule_id: str, *patterns: str) -> Rule:
    """A rule that any of the patterns triggers, on word boundaries."""
    return Rule(rule_id, re.compile("|".join(rf"(?<!\w)(?:{pattern})(?!\w)" for pattern in patterns)))


# What is sent (nouns) and what senders do (doings). "send" needs an object: "stop sending the same tech" is about work.
NOUNS = (
    r"(?:texts?|texting|messag(?:e|es|ing)|sms|mms|notifications?|alerts?|reminders?|subscriptions?"
    r"|solicitations?|spam"
    r"|communications?|correspondence|robotexts?|follow ?ups?|outreach|contact|updates|announcements"
    r"|surveys|dms?)"
)
DOING = (
    r"(?:text(?:ing|ed)?|messag(?:e|ing|ed)|contact(?:ing|ed)?|communicat(?:e|ing)|solicit(?:ing)?"
    r"|spam(?:ming)?|call(?:ing)?"
    r"|harass(?:ing)?|bother(?:ing)?|bug(?:ging)?|annoy(?:ing)?|pester(?:ing)?|hound(?:ing)?|stalk(?:ing)?"
    r"|ping(?:ing)?"
    r"|badger(?:ing)?|blow(?:ing)? (?:me|my phone|us) ?up|blow(?:ing)? up my (?:phone|cell)|hit(?:ting)?"
    r" (?:me|us) up"
    r"|follow(?:ing)? ?up|reach(?:ing)? out|writ(?:e|ing)(?: to)? me|chasing me|sms(?:ing)?|dm(?:ing)?"
    r"|nagging|nag"
    r"|selling me|trying to sell|marketing to me|disturb(?:ing)?|blast(?:ing)?|bombard(?:ing)?|hassl(?:e"
    r"|ing)|msg)"
)
SENDING = (
    r"sen[dt](?:ing)?(?: out)? (?:(?:me|us|to) )*(?:all |any |so many |more |no more |further |anymore "
    r"|the |your |another |one more |a )*?"
    r"(?:me|us|this|these|those|them|it|stuff|things|crap|shit|junk|garbage|bullshit|bs|nonsense|anything"
    r"|everything"
    rf"|{NOUNS}|again|anymore|this number)(?!\w)"
)
FILL = (
    r"(?:with|w|of|all|any|every|each|these|those|the|this|that|your|youre|my|me|us|to|from|for|sending"
    r"|send|getting|giving"
    r"|trying|attempting|so|many|much|damn|damned|fuck|fucking|fking|freaking|frigging|effing|goddamn|god"
    r"|bloody|stupid"
    r"|annoying|constant|constantly|endless|automated|automatic|auto|robo|bot|unwanted|unsolicited|dumb"
    r"|please|ever|even"
    r"|more|further|future|daily|weekly|mass|bulk|random|junk|new|other|calls|calling|email|emails"
    r"|emailing|or|phone|cell"
    r"|both|now|already|company|incoming|ridiculous|nonstop|constantly|lame|silly|group|follow|phone|it"
    r"|shitty|spammy|those"
    r"|pointless|useless|additional|receiving|continuing|always|a|hell|texts?|messages?|texting|messaging"
    r"|spam|sms)"
)
APPOINTMENT_FILL = r"(?:appointment|service|job|review|confirmation|estimate|survey|payment|follow up)"
STOP = r"(?:stop|stopall|quit|cease|halt|desist|discontinue)"
END = (
    r"(?:end|cancel|disable|terminate|suspend|turn off|shut off|cut off|kill|deactivate|unsubscribe|mute"
    r"|delete|remove)"
)
ME = (
    r"(?:me|us|(?:my|our) (?:\w+ )?number|(?:my|our) (?:cell|phone|mobile|line|name|info|information|contact"
    r"|details|data)"
    r"|this (?:number|phone|cell|line|mobile|contact))"
)
TAG = (
    r"(?: (?:please|now|ever|again|anymore|any ?more|thanks|ok|okay|thank you|thanks you|at all"
    r"|immediately|asap|today|right away|any longer|period|back))*"
)
CLOSE = rf"{TAG}(?= [|,]|$)"
PERSON = (
    r"(?:him|her|them|the \w+|my (?:wife|husband|spouse|mom|mother|dad|father|son|daughter|tenants?|boss"
    r"|partner|kids?"
    r"|brother|sister|roommate|renters?|neighbou?rs?|office|landlord|assistant|manager|girlfriend"
    r"|boyfriend|fiancee?))"
)
SERVICE = (
    r"(?:billing|autopay|auto pay|charg\w+|bill|membership|crew|job|install\w*|digg\w*|driver|tech\w*"
    r"|truck|kids|tank|mess|bleeding|heating|plumb\w*|leak\w*"
    r"|water|drip\w*|noise|noises|toilet|furnace|heat|heater|ac|unit|pump|flow\w*|running|drain\w*|fan"
    r"|pipes?|faucet"
    r"|sink|shower|tub|valve|smell|gas|flood\w*|overflow\w*|beep\w*|alarm|motor|compressor|thermostat"
    r"|breaker|power|door|opener"
    r"|rain\w*|snow\w*|roof|gutters?|sound|rattl\w*|squeak\w*|buzz\w*|cool\w*|blower|blowing(?! up)"
    r"|cycl\w*|working|work|light\w*"
    r"|sprinklers?|disposal|dishwasher|washer|dryer|fridge|freezer|engine|garage|dog|barking|house|car"
    r"|truck|street|gate"
    r"|invoice|charge|payment|warranty|filters?|vents?|ducts?|humming|spinning|turning|making|starting"
    r"|starts|clog\w*)"
)
KEYWORD = r"(?:stop|quit|end|cancel|unsubscribe|optout|revoke|help|start|yes)"
