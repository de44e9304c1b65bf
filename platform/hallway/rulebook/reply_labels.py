"""Wording for the other answers: preferences, wrong numbers, help, coming back, appointments."""

from hallway.rulebook.reply_rules import CLOSE, DOING, NOUNS, rule
from hallway.rulebook.reply_words import phrases

PROMO = (
    r"(?:deals?|promos?|promotions?|promotional|offers?|ads?|advertis\w+|coupons?|specials?|sales"
    r"|marketing|discounts?|newsletters?"
    r"|ofertas?|promociones|publicidad|anuncios|descuentos|upsell\w*|campaigns?|commercials?"
    r"|sales pitch\w*|review requests?|reviews?|surveys?|feedback|ratings?)"
)
WHEN = (
    r"(?:after|before|until|till|past|between|during|unless|on (?:my|the)? ?(?:sun\w*|sat\w*|mon\w*|tue\w*"
    r"|wed\w*|thu\w*|fri\w*|week\w*|holidays?)"
    r"|at (?:work|night|noon|dinner|\d+\w*|home)|while|this (?:late|early)|so (?:late|early)|too (?:late"
    r"|early)|late|early|if|when|in the (?:morning|evening|middle)"
    r"|over the|as (?:often|much)|daily|more than|by phone(?! or)|on weekends|tonight|today|(?:right )?now im)"
)

PARTIAL = (
    rule(
        "partial.marketing",
        (
            r"(?:stop|stopall|quit|no|no more|unsubscribe|optout|cancel|end|dont want|without|skip|remove me"
            r"|take me off|dont need|not interested in|dont send|never send|hold)(?: (?:me|from|of|the|your|any"
            r"|these|those|sending|with|getting|texting|receiving|want|to|more|get|receive|out|off|us|about"
            r"|send|ask|asking"
            rf"|for|like|so|many|list|ur|text))* {PROMO}(?: (?:texts?|messages?|list|stuff|emails?|sms))?(?! and"
            r" (?:all|everything))"
        ),
        (
            rf"not? (?:the )?{PROMO}|(?:no|sin|ya no)(?: (?:quiero|me|manden|mas|envien|mas|las|sus|deseo"
            rf"|recibir))* {PROMO}"
        ),
    ),
    rule(
        "partial.only",
        (
            r"(?:only|just|solo|solamente) (?:want|need|like|text|send|message|contact|wish|care|quiero|manden\w*"
            r"|get|me|for|recibir)(?: \w+){0,4} (?:reminders?|appointments?|service|repair|job|confirmations?"
            r"|schedul\w+|updates|invoices?|recordatorios|citas?|emergenc\w+|important|necessary|visit|work|order"
            r"|account)"
        ),
        (
            r"(?:reminders?|appointments?|confirmations?|service texts|updates) only|(?:reminders|appointment\w*"
            r"|updates|confirmations)(?: \w+){0,2} (?:are|is) (?:fine|ok|okay|good)|solo recordatorios|(?:just"
            r"|only) (?:appointment )?reminders"
        ),
        (
            rf"(?:dont|never|stop|not)(?: \w+){{0,3}} (?:{DOING}|{NOUNS})(?: me| us"
            r"| my phone)?(?: \w+){0,3} unless(?: \w+)*"
        ),
    ),
    rule(
        "partial.when",
        rf"(?:only|just) (?:text|message|contact|send|call)(?: (?:me|us|texts|messages))* {WHEN}",
        rf"(?:dont|stop|no)(?: \w+)? (?:{DOING}|{NOUNS})(?: me| us)? (?:so|as|too) (?:much|often|many|frequently)",
        (
            r"(?<!you )(?:dont|not|never|no|stop|please no|avoid)(?: (?:you|please|ever|even|more|be|want|want to"
            r"|me|any))*"
            rf" (?:{DOING}|{NOUNS}|sending(?: me)? (?:texts|messages|these))(?: (?:me|us|my phone|my cell|to me"
            rf"|this number|or call|or text|please|texts|messages|anything|again|to me))* {WHEN}(?: \w+)*"
        ),
        (
            r"(?:no|ya no) (?:me |nos )?(?:mand|envi|escrib|text|llam|marqu|contact|molest)\w+(?: mas| mensajes"
            r"| textos)* (?:despues de|antes de|de noche|tan tarde"
            r"|tan temprano|los (?:domingos|sabados)|en la (?:noche|manana)|hasta|al trabajo|cuando)(?: \w+)*"
        ),
        (
            r"(?:text|message|messages?|texts) (?:me )?(?:less|less often|fewer|not so often|not as often)"
            r"|(?:fewer|less|too many|so many) (?:texts|messages|reminders)"
        ),
    ),
)

EMAIL_ONLY = rule(
    "ordinary.email_only",
    (
        r"(?:unsubscribe|optout|remove me|take me off|stop)(?: \w+){0,8} (?:emails?|newsletters?|e mails?"
        r"|emailing)"
    ),
)

WRONG_NUMBER = (
    rule(
        "wrong_number.said",
        (
            r"(?:wrong|incorrect|bad) (?:number|person|guy|phone|contact|party|lady|man|woman|cell|recipient|dude"
            r"|girl|customer)(?! (?:on|for the|of|in|at) )"
        ),
        (
            r"(?:have|got|texting|texted|reached|called|messaged|contacting|had)(?: \w+){0,2}"
            r" (?:the )?wrong(?= [|,]|$| number| person)"
        ),
        (
            r"(?:numero|persona|telefono) (?:incorrect\w|equivocad\w|errone\w)|(?:se )?(?:equivoco|equivocaron"
            r"|equivocad\w)(?: de (?:numero|persona))?|mauvais numero|numero errado"
        ),
    ),
    rule(
        "wrong_number.not_them",
        r"not (?:her|his|their|that|\w+s) (?:number|phone|cell)(?: anymore| any more)?",
        r"(?:no longer|isnt|not|wasnt) (?:her|his|their|\w+s) (?:number|phone|cell)",
        (
            r"(?:no|nobody|no one|noone|isnt|not|there is|theres|aint)(?: \w+){0,4} (?:by|with|of) that name"
            r"|(?:nobody|no one|noone) (?:here )?(?:named|called)"
        ),
        (
            r"(?:dont|never) (?:know|heard of|knew) (?:that person|this person|who (?:that|this) is|who (?:youre"
            r"|you are)"
            r" (?:trying|looking|talking)|anyone (?:named|by))(?: \w+)*"
        ),
        (
            r"(?:just|recently|only)?(?: |^)?(?:got|received|inherited)(?: \w+){0,2} this"
            r" (?:phone )?(?:number|phone)(?: (?:number|last|yesterday|today|recently|this|a|\d+"
            r"|two|few|and|so|from)|$| [|,])"
        ),
        (
            r"(?:got|have|had|reached|want|need|calling|texting|belonged to|looking for|for) (?:\w+ )?"
            r"(?:old|previous|prior|former|last) (?:owner|user|person|holder)|(?:old|previous|former) (?:owner"
            r"|user|holder) of this"
            r" (?:number|phone)|(?:number|phone) (?:was|has been|got) (?:reassigned|recycled)"
        ),
        (
            r"(?:not|isnt) (?:the|that|their|this) (?:right )?(?:person|guy|lady|one)(?: (?:you|youre|your) .*"
            r"| anymore)?"
            rf"{CLOSE}"
        ),
        (
            r"(?:number|phone|line) (?:no longer|doesnt|dont) belongs? to"
            r"|(?:have|got) the old (?:owners?|persons?) number|had this (?:number|phone) (?:for|since)"
        ),
        r"打错|打錯|号码错|號碼錯|nham so|sai so|faux numero",
        (
            r"(?:he|she|they) (?:doesnt|dont|no longer|does not)(?: \w+)? (?:have|has|use|own|uses|owns"
            r"|live)(?: at| in)? ?(?:this|here|that)"
        ),
        (
            r"(?:i|we) (?:never|didnt) (?:called|call|contacted|contact|texted|hired|hire|reach out to) (?:you"
            r"|yall|anyone"
            r"|anybody|this company|your company)(?! back)"
            r"|(?:i|we) (?:never|didnt) (?:requested|request|ask for|asked for) (?:this|any of this|a quote"
            r"|an estimate|service)"
        ),
        (
            r"no soy (?:esa|ese|el|la|\w+)(?: persona)?|(?:esta|este) no es(?= \w+$)|no conozco|aqui no (?:vive"
            r"|hay|esta)|no vive aqui"
            r"|(?:ya )?no es (?:el|su) (?:numero|telefono)|no es mi (?:cita|casa)|esta persona no|numero ya no es"
            r"|nadie (?:aqui )?(?:se llama|con ese)"
        ),
    ),
)
# Read on the text as typed, because a name shows by its capital letter.
NOT_ME = (
    r"(?:\b(?:[Tt]his|[Ii]t)\s*(?:isn|ain)['’]?t|\b[Tt]his\s+is\s+not|\b(?:I|i)['’]?m\s+not|\bI\s+am\s+not"
    r"|^\s*[Nn]ot)\s+(?:(?:Mr|Mrs|Ms|Dr)\.?\s+)?(?P<name>[A-Z][a-z]{2,}|me|him|her)\s*(?:[.!?,;]|['’]s\b|$"
    r"|\s+(?:anymore|sorry|and|you|it|wrong|who|but|[A-Z][a-z]+))"
    r"|\b[Nn]o(?:body named|\s?one named)?\s+(?P<other>[A-Z][a-z]{2,})\s+(?:here|at\s+this|on\s+this"
    r"|lives)\b"
)
NOT_ME_LOWER = rule(
    "wrong_number.name",
    r"(?:this|it) (?:isnt|aint|is not) (?:me|him|her|mr \w+|mrs \w+|ms \w+|the right (?:number|person))" + CLOSE,
    r"^not (?:me|him|her)" + CLOSE,
)
NOT_NAMES = phrases(
    """
    good | sure | interested | ready | available | happy | working | home | here | okay | now | today | yet |
    urgent | correct | right | fair | cool | the
    """
)

HELP = (
    rule(
        "help.who",
        (
            r"who (?:is|r|are|s|the (?:hell|fuck|heck) (?:is|are)) (?:this|you|that|yall|it)|whos (?:this|that"
            r"|texting)|who (?:is )?(?:texting|messaging|sending)|what (?:company|business|number) (?:is|are)"
            r" (?:this|you|yall)|who (?:sent|am i)|quien (?:es|eres|habla|me escribe|son)|de parte de quien"
        ),
        (
            r"(?:what|whats|why) (?:(?:are|is|am|do|did) )?(?:these|this|you|i"
            r"|yall)(?: \w+){0,2} (?:these )?(?:texts?|messages?"
            r"|texting me|messaging me|getting these|about|for|number)(?: (?:from|for|about))*"
            rf"{CLOSE}"
        ),
    ),
    rule(
        "help.keyword",
        (
            r"(?:what|how) (?:does|is|happens if|do)(?: \w+){0,3} (?:stop|unsubscribe|optout|revoke)"
            r"(?: (?:do|mean|work|for|mean here)| [|,]|$)|(?:stop|revoke|unsubscribe) (?:[|,] )?what (?:does|do)"
            r"|(?:do|should|can) i (?:reply|text|send)"
            r" (?:stop|start|yes|help|c|r)"
        ),
    ),
)

OPT_IN_UNDO = (
    rule(
        "opt_in.undo",
        (
            r"(?:accident|mistake|mistakenly|accidentally|accidently|oops|wrong button|by error|in error"
            r"|didnt mean|did not mean|not mean|wasnt supposed|por error|sin querer)(?: \w+){0,6} (?:stop"
            r"|unsubscribe|optout|stopped|blocked|cancel)(?!\w)"
        ),
        (r"(?:stop|unsubscribe|optout)(?: \w+){0,4} (?:accident|mistake|accidentally|mistakenly|error)"),
        r"(?:undo|ignore|disregard|reverse|take back)(?: \w+){0,3} (?:stop|optout|unsubscribe)",
        r"(?:cancel|lift|remove|reset|delete) (?:my|the|that) (?:stop|optout|unsubscribe)(?: request)?" + CLOSE,
    ),
)
OPT_IN = (
    rule(
        "opt_in.again",
        (
            r"(?:text|texts|texting|message|messages|messaging|reminders|notifications|alerts)(?: me| us)?"
            r" (?:again|back on)"
            rf"{CLOSE}"
        ),
        (
            r"(?:its |it is |yall |you |youre )?(?:ok|okay|fine|alright|free|can|may|good"
            r"|allowed)(?: \w+)? (?:to )?(?:now )?"
            r"(?:text|message)(?:ing)?(?: me| us)?(?: now)?"
            rf"{CLOSE}"
        ),
        r"(?:never ?mind|nvm|actually|ok|okay|yes|please) (?:[|,] )?keep (?:texting|messaging|sending)(?: me)?" + CLOSE,
        r"(?:pueden|puede|puedes) volver a (?:mandar|enviar|escribir|textear)\w*|vuelvan a (?:mandar|enviar"
        r"|escribir)\w*",
        (
            r"(?:start|resume|restart|begin|renew|reactivate|continue|turn on|turn back on)(?: (?:sending|the|your"
            r"|my|me|getting|receiving|all|with))* (?:texts|texting|messages|messaging|reminders|notifications"
            r"|alerts|sms|updates|subscription)"
        ),
        r"turn (?:the |my |your )?(?:texts|messages|reminders|notifications|alerts)(?: back)? on",
        (
            r"(?:add|sign|put|subscribe|optin) (?:me|us) (?:back(?: in| on| to| up| for| the| your| list| text)*"
            r"|(?:up |on |to |for |the |your )*(?:texts?|messages|reminders|alerts)(?: list)?)(?: again)?"
            rf"{CLOSE}"
        ),
        (
            r"(?:want|like|ok|okay|fine|happy|sure)(?: \w+){0,3} (?:get|receive|optin)(?: \w+){0,2} (?:texts"
            r"|messages|reminders)(?: again)"
        ),
        (
            r"(?:^|[|,] |id like to |want to |please |i |we |yes )(?:optin|unstop|resubscribe|re subscribe"
            r"|subscribe)(?: (?:me|please|again|back|to (?:texts|messages|the texts)|for (?:texts|messages)"
            r"|my number))*"
            rf"{CLOSE}"
        ),
        (
            r"(?:pueden|puede|puedes|vuelvan a|quiero) (?:volver a )?(?:mandar\w*|enviar\w*|escribir\w*"
            r"|recibir)(?: \w+){0,3} (?:otra vez|de nuevo|nuevamente)"
        ),
    ),
)
