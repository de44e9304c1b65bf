"""How people ask in English to be left alone: stop, end, do not."""

from hallway.rulebook.reply_rules import (
    APPOINTMENT_FILL,
    CLOSE,
    DOING,
    END,
    FILL,
    ME,
    NOUNS,
    SENDING,
    SERVICE,
    STOP,
    rule,
)

STOPS = (
    rule(
        "opt_out.stop_messages",
        rf"{STOP}(?: (?:{FILL}|{APPOINTMENT_FILL})){{0,7}} (?:{NOUNS}|{DOING})",
        rf"{STOP}(?: {FILL}){{0,5}} {SENDING}",
        (
            rf"{STOP} (?!by |in |at |the |and |over |if )(?:(?!(?:and|but|or|then|so|to"
            rf"|{SERVICE})\b)\w+ ){{0,2}}(?:texting|messaging|contacting|spamming|harassing|bothering|bugging)"
        ),
        r"stop (?:w|with) (?:this|these|those|that|it|the (?:texts|messages))" + CLOSE,
        r"(?:stop|quit) asking (?:me|us|for|to)(?: \w+){0,3} (?:reviews?|feedback|surveys?|ratings?)",
        r"(?:stop|quit)(?: the)? calls? (?:and|or|n) texts?",
        r"quit sending" + CLOSE,
        rf"{STOP}(?: \w+){{0,4}} (?:all|any|every)(?: {FILL})* {NOUNS}",
        r"(?:put|putting) (?:a|an) (?:stop|end) to (?:it|this|these|all|the (?:text|messag)\w*)",
        (
            rf"(?:tired|sick|fed up|done|had enough|enough)(?: (?:of|with|w|already))+(?: {FILL}){{0,5}} (?:{NOUNS}"
            rf"|{DOING})"
        ),
        (
            r"(?:knock off|lay off|enough with|cut(?: it)?(?: out)?(?: with)?(?: the| these| this)?|no need for"
            rf"|done with)(?: {FILL}){{0,5}} (?:texts?|messages?|texting|spam|sms)"
        ),
    ),
    rule(
        "opt_out.end_messages",
        (
            rf"(?<!save )(?<!alarm )(?<!was )(?<!card )(?<!visit ){END}(?: {FILL}){{0,6}} {NOUNS}(?! (?:fee|sticker"
            r"|light|in|on (?:the|your (?:end|app)|my (?:end|app|thermostat))|about))"
        ),
        rf"(?:turn|shut|switch|cut) (?:{FILL} ){{0,4}}(?:{NOUNS}|these) off",
        rf"turn (?:{FILL} ){{1,4}}this off",
        rf"turn (?:these|this|them)(?: {FILL}){{0,3}} off",
        (
            r"make (?:these|this|them|the texts|the messages|these texts|these messages|it all"
            r"|all this)(?: \w+)? stop"
        ),
    ),
    rule(
        "opt_out.stop_then_why",
        (
            r"^(?:please |just |no |yes |ok )*(?:stop|stopall|unsubscribe|quit) (?:i|im|ive|we|weve|were|you|youre"
            rf"|yall|this|my(?! (?:service|plan|account|membership|card|order|job|payments?|autopay|project))"
            rf"|or|not|already|wrong|who|no|dont|never|have|got|its?|she|he|they)\b(?!.*\b(?:{SERVICE}"
            r"|house|address|turn|go|passed|driveway|drive|road|left|right)\b)"
        ),
    ),
    rule(
        "opt_out.told_to_stop",
        (
            r"(?:i|we|ive|weve|already|times|have|just|im|was|keep|kept|part of|didnt i|didn t i) (?:\w+ )?(?:sa(?:id"
            r"|y|ying)|t(?:ell|old|elling)|ask\w*|repl\w+|text(?:ed|ing)|typ(?:ed|ing)|sen(?:t|ding)|request\w*"
            r"|wr[io]t\w+"
            r"|demand\w*|beg\w*)(?:"
            r" (?:you|yall|them|this|that|it|the|to|people|already|company|number|back|word|before|guys|several"
            r"|times|many|\d+|twice|once|multiple|a|thousand|that|for|all|politely|nicely|your|office|again))*"
            r" (?:stop|quit|cease|unsubscribe|optout|not to (?:text|contact|message|call|be))"
        ),
        (
            r"(?:you|yall|they|this|that|these|those|it|texts|texting|messages|spam|company|harassment|bs|shit"
            r"|crap|everyone|somebody)(?: (?:really|all|all of you|guys|just|absolutely|seriously|better|texts"
            r"|messages|now|texting))*(?: (?:need|needs|has|have|got|must|gotta|should|better|had better"
            r"|ought)(?: to)?)+(?: (?:please|just|seriously|really))* (?:stop|end|quit|cease)(?! (?:by|in|at|over"
            rf"|and|for|here|on|to|after|before|when|if|off|there|(?!{DOING}|sending|selling|trying|asking)\w+ing)\b)"
        ),
        (
            r"(?:please|can you|could you|would you|will you|can u|wont you|cant you|(?<!do )(?<!did )yall"
            r"|(?<!it )(?<!he )(?<!she )just|kindly|better|both)(?: (?:please|just|not|kindly|all|guys|fucking"
            r"|seriously|immediately))* (?:stop|cease|stopall"
            r"|quit)(?: (?:it|this|that|these|them|all of this|with this|all this|for good|the madness))?"
            rf"{CLOSE}"
        ),
        (
            r"(?:want|need|like|asking for|would like|rather)(?: \w+){0,2} (?:it|this|these|those|them|texts"
            r"|messages|texting|you|yall|all)(?: texts| messages| guys)?(?: (?:all|to|just|please))* (?:stop"
            r"|stopped|end|ended|gone)"
            rf"{CLOSE}"
        ),
        (
            r"(?:you|yall|they|these|texts|messages|this company) (?:just |still |really )?(?:never|wont|dont|cant"
            rf"|havent|refuse to)(?: ever| even)? (?:stop|stopped|quit)(?: {FILL}){{0,3}} (?:text|messag|contact"
            r"|call|spam|send|both|harass|coming|even after)\w*"
        ),
        (
            rf"(?:request|notice|demand|warning|order)(?: \w+)? (?:to|that you|for you to) (?:{STOP})"
            rf"(?! (?:the|my|{SERVICE})\b)"
        ),
        r"(?:stop|quit) wasting (?:my|our) time",
        r"(?:what|which) part of (?:\w+ ){0,3}(?:stop|no)",
        r"stop means stop",
        r"(?:your |the )?(?:stop|unsubscribe|optout) (?:doesnt|isnt|didnt|not) work(?:ing)?(?: [|,]|$)",
        rf"to stop (?:these|receiving|getting)(?: {FILL})*(?: {NOUNS})?" + CLOSE,
        (
            r"^(?:reply |text |send |txt )?(?:stop|end|quit|cancel|unsubscribe) (?:to|2) (?:optout|end|quit|stop"
            r"|unsubscribe|cancel)$"
        ),
        rf"^(?!.*\b{SERVICE}\b)(?!(?:how|what|should|can|is|does|it|when)\b).*"
        r"(?<! to)(?<! it)(?<! that)(?<! he)(?<! she)(?<! they)(?<! will)(?<! would)(?<! can)(?<! the)(?<! a)(?<! my)"
        r"(?<! next)(?<! bus)(?<! first)(?<! last)(?<! and)(?<! not)(?<! we)(?<! i)(?<! the guy) stop(?: it"
        r"| this| now| that)?$",
        r"(?:texts?|messages?|texting|messaging|spam|annoying|harassment|illegal|unwanted)\b[^|]* stop$",
        (
            r"if (?:you|yall|they|this|it|these)(?: texts| messages)?(?: dont| doesnt| do not|wont) (?:stop"
            r"|quit)(?= [|,]|$)"
        ),
        (
            r"why (?:dont|wont|cant) (?:you|yall|these|they|this) (?:just )?stop(?: (?:text|messag|contact|both"
            r"|send|spam)\w*| [|,]|$)"
        ),
        (
            r"still (?:getting|receiving|get|receive|sending|texting|am getting|being)(?: \w+){0,4} (?:after"
            r"|even though|despite) (?:\w+ ){0,4}(?:stop|unsubscribe|optout|asked|told)"
        ),
        (
            r"(?:unsubscribe|optout|opted|stop)(?: \w+){0,5} (?:and|but|yet|why am i|why do i)(?: i| im| am| you"
            r"| youre| are| keep| keeps)*(?: still| again| keep)(?: \w+){0,4}"
        ),
    ),
    rule(
        "opt_out.do_not_contact",
        r"(?:(?<!you )(?<!yall )(?:dont|never)(?: again)?|(?:(?<=^)|(?<=[|,] )|(?<=please )|(?<=you )"
        r"|(?<=kindly )|(?<=mind ))not|cease to|no need to keep|refrain from|rather you didnt|rather not)(?:"
        r" (?:you|yall|ever|please|want you to|want yall to|need you to|even|try to|be|get|anyone|keep|keep on"
        r"|like you to|dare|bother|start|continue|attempt|just|u|want to get|want to be|wish to be"
        rf"|wish for you to|care to be|like to be))* (?:{DOING})(?:(?: ,)? (?:or|and|nor|call|calls|text|texts"
        r"|message"
        r"|email|emails|calling|texting|contact|visit|write|me|us|my))*"
        rf"(?:(?: (?:to )?(?:{ME}|it(?! to)|here|on this number|at this number|with texts?|about (?:this"
        rf"|anything|your \w+)|this household|anyone))|{CLOSE}| (?:anymore|any more|ever|again|please|please"
        r"|no more|thanks|at all|period|back))(?! (?:after|before|until|till|at (?:work|night|\d)|during"
        r"|between|unless|on (?:sun|sat|mon|tue|wed|thu|fri|week)|while|so (?:late|early)|this (?:late|early)"
        r"|if|when|past|by phone(?! or)))",
        (
            r"(?:you|yall|they|it) (?:dont|never|do not) (?:ever )?(?:text|contact|message|call)(?:ing)? (?:me|us"
            r"|this number|my \w+)(?: \w+)? ?(?:again|anymore|ever|any more)"
        ),
        (
            r"no need to (?:keep )?(?:text|contact|message|follow up)(?:ing)?(?: (?:with|me|us))* (?:anymore"
            r"|any more|again|any longer)"
        ),
        (
            r"(?:^|[|,] |please )(?:no|not) (?:text|message|contact|sen[dt]|sms|txt)(?: (?:me|more|no|any"
            r"|again|message|text|messages|texts|please|this|number|to|us))+"
            rf"{CLOSE}"
        ),
        rf"not? (?:another|one more|a single) {NOUNS}" + CLOSE,
        r"(?:not|dont|stop) (?:do|doing) (?:the|this|these) (?:text|messag)\w*",
        r"dont (?:ever )?use this number",
        r"one more (?:text|message)(?: \w+){0,4} (?:sue|police|fcc|ftc|lawyer|attorney|report|block\w*)",
        r"shouldnt be on (?:this|your|the|any) (?:\w+ )?list",
        (
            r"(?:decline|declining|refuse|reject|rejecting|refusing)(?: (?:to|receive|accept|get|all|any|further"
            rf"|your|these|more|future))* {NOUNS}"
        ),
        r"(?:not|isnt|arent) to be (?:texted|contacted|messaged|called|solicited)",
        (
            r"(?:dont|not|never|cannot|cant|wont) (?:accept|permit|allow|authorize|welcome|condone"
            rf"|take)(?: {FILL})* (?:{NOUNS}|solicit\w*)"
        ),
        (
            r"(?:dont|not|never|no longer) (?:get|receive|be sent)(?: (?:any|more|anymore|further|another"
            rf"|these|one|from you))+ {NOUNS}"
        ),
        rf"(?:get|receive|want|see|have) no (?:more |further )(?:{FILL} )*{NOUNS}",
        r"(?:dont|never|not)(?: (?:you|ever|please|even|want you to|keep|bother))* " + SENDING,
        (
            r"(?<!have )(?<!got )(?<!see )(?<!get )(?<!getting )(?<!had )(?<!are )(?<!was )(?<!were )no(?: (?:more"
            r"|mor"
            rf"|further|additional|longer))*(?: {FILL}){{0,4}} (?:texts?|texting|(?<=more )message|messag(?:es|ing)"
            r"|sms|mms|contact|communications?|spam|notifications|alerts|reminders|solicit\w*|follow ups?"
            r"|(?<=no more )updates)(?:(?:"
            r" (?:or|and) \w+)?(?: (?:by|via|over) (?:text|sms|phone))?(?: needed)?(?: from (?:you|this|your"
            rf"|yall)\w*(?: \w+)?| to (?:me|this)\w*(?: \w+)?| for me)?){CLOSE}"
        ),
        r"no more (?:of )?(?:these|this|those|it)" + CLOSE,
        (
            r"(?:if|next time) (?:you|u|yall|i|they)(?: \w+){0,4} (?:text|message|contact|texts|messages"
            r"|texted)(?: \w+){0,6} (?:lawyer|attorney|sue|suing|report|fcc|ftc|police|court|legal|block)"
        ),
        (
            r"(?:lawyer|attorney|sue|suing|report|police|court|legal|block)\b(?: \w+){0,6} (?:if"
            r"|next time)(?: \w+){0,5} (?:text|message|contact|call|hear from|texting)"
        ),
        r"next (?:text|message|one)(?: \w+){0,5} (?:lawyer|attorney|court|fcc|ftc|police|legal|lawsuit)",
    ),
)
