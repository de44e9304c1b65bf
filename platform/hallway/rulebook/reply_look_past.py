"""English wording that holds a stop word and is no request to be left alone."""

import re

from hallway.rulebook.reply_rules import DOING, KEYWORD, PERSON, SERVICE

# Wording that holds a stop word and is no request. What matches is cut out before the requests are looked for,
# so that a real request elsewhere in the same message still counts.
LOOK_PAST = (
    (
        r"what (?:does|do|is|would|happens if|if)(?: i| you| it| the word)?(?: (?:text|say|send|reply|type|hit"
        rf"|press|answer))?(?: with)? {KEYWORD}"
        r"(?: (?:do|does|mean|means|work|stand for)(?:\b.*)?|(?= [|]|$))"
    ),
    rf"how does {KEYWORD} work",
    rf"{KEYWORD} (?:[|,] )?what (?:does|do) (?:that|it|this) (?:mean|do)",
    (
        r"(?<!times )(?:if|when|should|do|can|must|does|would|could) i (?:just |have to |need to |also "
        r"|ever )?(?:reply|text|send|say|type|answer|press|hit)(?: back)?(?: with"
        rf"| the word)? {KEYWORD}(?: or \w+)?"
    ),
    (
        r"(?:says?|said|saying|read|reads) (?:to |that |i (?:can|should) )?(?:reply|text"
        rf"|send) {KEYWORD}(?: to \w+)?"
    ),
    (
        r"(?:did|didnt|do|does|have|has|when|why) (?:you|yall|u|they|he|she) (?:already |just |ever "
        r"|even )?stop(?:ped)?(?: (?:by|texting|messaging|sending|contacting)(?: me)?)?(?= |$)(?! (?:when"
        r"|after i))"
    ),
    (
        r"(?:glad|happy|thankful|hope|love|good|grateful|great|nice|appreciate) (?:that )?(?:you|yall|u|they)"
        r" (?:never|dont|didnt|wont|havent) (?:\w+ )?stop"
    ),
    (
        r"(?<!why )(?<!if you )(?<!if yall )(?<!if they )(?<!if it )(?<!if this )(?<!if these )"
        r"(?<!you )(?<!yall )(?<!they )(?<!texts )(?<!messages )"
        r"(?:dont|didnt|never|not to|not|wouldnt|shouldnt|dont you|please dont|havent)(?: you| ever| want"
        r" (?:you|it|them|these|this|the \w+) to| want to| need to| have to)? (?:stop|quit|optout|unsubscribe"
        r"|end|cancel)(?:ped)?"
    ),
    (
        r"(?<!why )(?:cant|couldnt|hasnt|doesnt|isnt|wont|arent|without|unable to|keeps?(?! say| tell| ask"
        r"| text| repl| send| typ| writ)|kept|until (?:it|he|they|you|i|we)) (?:\w+ )?(?:stop|stopping|quit"
        r"|quitting|end)(?! (?:text"
        r"|messag|contact|call|spam|send|both|harass))"
    ),
    (
        rf"{SERVICE} (?:\w+ )?(?:does|will|would|wont|cant|doesnt|can|to|just|suddenly|should|has|had|have|did"
        r"|didnt|not|never|needs to|is|going to)? ?(?:stop|quit|end)(?:s|ped|ping|ting|ing|ed)?"
        r"(?! (?:text|messag|contact|send|both|spam|harass|call))"
    ),
    (
        r"(?:bus|truck|pit|rest|door|back|full|hard|one|non|short|whistle|gas|corner|first|next|last|another"
        r"|each|every|second|train|subway|metro"
        r"|trolley|quick|angle|curb|water|a|1st|2nd|3rd|final|only|dead|emergency|e|loading|pull|wheel|slider"
        r"|tank|pressure|limit|drawer|taxi|draft|shut off) stops?(?! texting| messaging| contacting| sending"
        r"| bothering| calling)"
    ),
    r"(?:the|your|my|our|his|her|their) stops? (?:is|on|in|at|for|sign|valve|button|was|and|cock|needs)",
    (
        r"stop ?(?:cocks?|valves?|signs?|lights?|watch|gaps?|box|bath|collar|ends?|loss|leak|payment|order"
        r"|button|switch|work order|moulding|molding|strip)"
    ),
    (
        r"stop (?:by|in(?! the name)|over(?! and)|off|here|there|out|back|past|around|through|along|near|into"
        r"|outside|inside|and (?:see|look|say|pick|check|grab|get|talk|visit|take|give|chat|measure|ring|knock"
        r"|show)"
        r"|on (?:by|over|your|the|our|his|tuesday|monday|wednesday|thursday|friday|saturday|sunday|your way)"
        r"|at(?! once| all)|after|before|for (?:gas|lunch|parts?|coffee|a|the|some|breakfast|food|an)|when you"
        r"|if you (?:see|hear|want|need))"
    ),
    r"stop to (?:see|look|check|get|pick|grab|say|visit|talk|give|drop|measure|take)",
    (
        r"(?:to|will|would|can you|could you|can|make it|help|how do i|how do you|how can i|please|must|i|we"
        r"|it|then|and)? ?(?:stop|quit|end) (?:(?:the|this|that|my|it from|a|our|all the"
        rf"|any) )?(?:(?!doesnt|isnt|didnt)\w+ )?{SERVICE}(?! ?(?:text|messag))"
    ),
    r"(?:make|making|get|getting) (?:it|the \w+|that \w+) (?:to )?stop (?!text|messag|contact|call|send)\w+",
    (
        r"(?:does|did|will|would|when will|why did|why does|until|if|once|after|before|when) (?:it|the \w+"
        r"|that) (?:\w+ )?(?:stop|quit|end)"
    ),
    (
        r"(?:i|we|he|she) (?:need|needs|had|have|has|got|want|wants|can|could|will|ill|would|try|tried|may"
        r"|might|should|was going) (?:to )?(?:stop|quit)(?! (?:getting|receiving|these|texts|the texts|text"
        r"|messag|all))"
    ),
    r"(?:ill|ill just|let me|well|id|gonna|going to|want to|wants to) stop(?! (?:getting|receiving|these))",
    (
        r"(?:in|at|by|until|till|through|toward|near|since|before|around|on|the|dead|back|front|deep|low|high"
        r"|rear|far|other|year|month|week|day|tail|west|east|north|south|open|gable|both|which|loose"
        r"|each) ends?(?: of)?"
    ),
    r"(?:bus|curb|side|car|card) ends? in",
    r"(?:ends|ending|ended) (?:in|at|with|up)|end up|ended up|end unit",
    (
        r"(?:credit card|card|flight|trip|policy|meeting|class|game|school|party|check|other \w+|my other \w+)"
        r" (?:\w+ )?(?:got )?cancel(?:l?ed)?"
    ),
    r"cancell?ation|noise cancel\w*",
    (
        r"(?:take|took|taking|get|getting|knock|knocked) (?:\w+ ){0,3}off (?:the (?:price|bill|total|roof|wall"
        r"|invoice|quote|estimate|table|truck|curb|street|sink)|hold|speaker|work|mute|your shoes|on)"
    ),
    r"stop me if\b.{0,40}",
    r"put a stop on",
    r"why is (?:your|my|this) number blocked",
    (
        r"(?:he|she|someone|somebody|anyone|anybody|who|tech|technician|guy|driver|plumber|crew|team|him"
        r"|tenant|neighbor|inspector|electrician|guys) (?:\w+ ){0,2}?(?:stop|end|quit)(?! (?:text|messag"
        r"|contact|send|both|harass|call))"
    ),
    (
        r"(?:can|could|would|will|able to|free to) (?:\w+ ){0,2}?stop (?:today|now|this|next|around|about"
        r"|between|anytime|any time|whenever|real|first|soon|sometime|later|early)"
    ),
    (
        r"stop (?:on |this |next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day\w*|stop (?:tomorrow|anytime"
        r"|whenever|around \d+|real quick|first thing|sometime)"
    ),
    (
        r"stop (?:bye|buy) ?|stop being so (?:nice|kind|great|good|funny|sweet)|stop (?:making me laugh"
        r"|laughing)"
    ),
    r"(?:at|to|past|from|near|by|before) (?:the|my|that|this|our) (?:\w+ )?stop",
    r"(?:says?|heard|thought) (?:that )?(?:you|yall) (?:dont|never|wont) stop",
)

# The sender's own footer, quoted back inside a longer message.
FOOTER = re.compile(
    r"(?:[|,] )?(?:reply|text|send|txt|type)(?: back)?(?: with)? stop(?: (?:to|2) (?:optout|unsubscribe"
    r"|end|cancel|stop|quit)(?: (?:texts?|messages?|these|this|all|\w+))?)?"
)

# A person who answers for somebody else, or speaks of calls: no request about their own texts.
LOOK_PAST_PERSON = (
    (
        rf"(?:dont|please dont|do not|never|not|no need to) (?:\w+ )?(?:{DOING})(?: or \w+)? {PERSON}"
        rf"|(?:never|no need to) (?:\w+ )?(?:{DOING}) back(?= [|,]|$)"
    ),
    rf"(?:stop|quit) {DOING}(?: or \w+)? {PERSON}(?= .*\b(?:text|call|contact|message) me\b)",
    (
        r"(?:dont|stop|no|quit|not|rather not)(?: need to| have to| want)? (?:call|calling|calls|phone)(?: me"
        r"| us| my \w+)?(?: please| back| anymore)?(?: [|,])?(?: (?:and just|and only|or just|and please|but|i"
        r"|please|just|only|rather|instead|im|at|work|in|a|meeting|you|can|should|to|prefer|so))* (?:text"
        r"|texts|texting|message|txt)(?!(?: ,)? (?:or|and|nor|me again|again|anymore))(?: (?:only|instead|me"
        r"|is|please|ok|okay|fine|works|better|best))*"
    ),
    (
        r"(?:dont|not|no) (?:call|calls|calling|phone)(?: me| us)?(?: please)? [|,] (?:(?!dont|no|not|stop"
        r"|never|quit|or)\w+ ){0,5}[|,] (?:just |please |only )*(?:text|message)(?: me)?(?: please| only"
        r"| instead| is \w+| works)?(?= [|,]|$)"
    ),
    (
        r"(?:text|message)(?: me)?(?: \w+){0,2} (?:instead of|rather than|not|dont|never|no)(?: a| the)?"
        r" (?:call\w*|phone)(?: me)?"
    ),
    (
        r"(?:text|texts|message|texting)(?: me)?(?: please| only| is better| is best| works)*"
        r" (?:[|,] )?(?:please )?(?:dont|no|not|stop)(?: a)? (?:call|calling|calls|phone)(?: me)?(?! or| and)"
    ),
    (
        r"(?:never|didnt|nobody|no one|hasnt|havent|havent been|nobody has|no one has)(?: \w+)? (?:texted"
        r"|contacted|called|messaged)(?: (?:me|us|him|her))?(?: back)?(?= [|,]|$| yet| about)"
    ),
    (
        r"(?:no|dont|not) (?:need|have) to (?:call|text|reply|message|respond)(?! (?:me |us )?(?:again"
        r"|any ?more|any longer))"
        r"(?: (?:me|us))?(?: back)?"
    ),
    (
        r"(?:dont|no) (?:call|calls|calling)(?: me| us)? (?:before|after|until|till|at|between|during|while|on"
        r"|yet|right|today|im|i|unless|when|if)\b[^|]*"
    ),
    (
        r"(?:no|got no|have no|havent any|didnt get|didnt receive|never got|never received|not getting|wasnt"
        r"|any|there was no|there is no|there are no|dont see|didnt see|dont have)(?: (?:get|got|any|a|your"
        r"|the|of|those|more|new|receive|seen|see|getting|have|receiving|my|i|yesterdays|last))* (?:text|texts"
        r"|message|messages|sms|notification|notifications|reminder|reminders|alert|alerts|update|updates"
        r"|contact|follow up|followup)(?: (?:yet|from|came|on|about|for|today|received|this|last|was|yesterday"
        r"|so|with|that|in|at|saying))(?! (?:you (?:please|guys|anymore|again)|you [|,]|you$|your company"
        r"|this number|yall$|ever))[^|]*"
    ),
    (
        r"(?:never|didnt|havent)(?: ever)? (?:get|got|receive|received|see|seen)(?: \w+){0,3} (?:texts?"
        r"|messages?|reminders?|notifications?|alerts?|updates?)"
    ),
    (
        r"(?:unsubscribe|optout|remove|take|stop)(?: (?!text|sms|messag|all|every)\w+){0,8} (?:emails?"
        r"|newsletters?|e mails?|mailers?|postcards?|mail)(?! (?:and|or) (?:text|sms|messag"
        r"|call))(?: (?:list|lists|newsletters?))*(?=.*|$)"
    ),
    (
        r"optout of (?:the |your |this |that |an |any )?(?:\w+ )?(?:warranty|plan|inspection|protection"
        r"|service|duct\w*|maintenance|filter|upgrade|insurance|financing|add ?on|option|membership|cleaning"
        r"|tune up|program fee)"
    ),
    (
        r"(?:remove|take|delete|get|put|keep|leave)(?: \w+){0,4} (?:off|from|out of)? ?(?:the |my |this "
        r"|your )?(?:schedule|calendar|waitlist|wait list|invoice|bill|quote|estimate|hold|roof|account|truck"
        r"|speaker|deed|title|contract|card|wall|house|driveway|property)"
    ),
    (
        r"(?:dont|do not|never) send (?:me )?(?!another (?:text|message)|a (?:single )?(?:text|message))(?:the"
        r"|a|an|him|her|that|another|any(?:one|body)|someone|somebody|your|over|out|same|in|my|him) [^|]*"
    ),
)
