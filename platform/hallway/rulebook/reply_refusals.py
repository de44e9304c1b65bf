"""How people ask in English to be left alone: refusing, removing, revoking."""

from hallway.rulebook.reply_rules import CLOSE, DOING, FILL, ME, NOUNS, SENDING, SERVICE, rule

REFUSALS = (
    rule(
        "opt_out.unwanted",
        (
            r"(?:dont|no longer|not|never|didnt|do i|dont even|rather not|prefer not(?: to)?)(?: (?:really|even"
            r"|ever|wish|want|wanna|need|care|like|interested|would|to|in|for|any|longer|want anymore"
            r"|wanting))+(?: (?:receive|receiving|get|getting|be|being|have|hear|hearing|see|seeing|any|anymore"
            r"|more|further|all|the|your|these|those|this|such|of|from|future|sms|automated|or|calls|marketing"
            r"|random|kind|kinds|sort|type|you|it|in|on|part|to|phone|so|many|damn|stupid))* (?:texts?|texting"
            r"|texted|messages?|messaging|messaged|contacted|solicited|bothered|notifications?|alerts?|reminders"
            r"|spam|sms|communications?|contact|correspondence|called|emailed|your list|this list|from you"
            r"|from yall|from your company|from this (?:number|company|business))"
        ),
        (
            r"(?:dont|no longer|not|never|didnt)(?: (?:really|even|wish|want|wanna|need|care|like|interested|to|in"
            r"|for|receive|get|receiving|getting|see))+ (?:these|this|those|them|any of (?:this|these)"
            r"|stuff like this|any more of (?:this|these)|any more)(?: (?:anymore|any more|any longer|ever|again"
            rf"|at all)|(?<=these)|(?<=this)|(?<=them)){CLOSE}"
        ),
        (
            r"(?:dont|no longer|not|never)(?: (?:really|even|wish|want|wanna|need|care|like|interested|to|in|for"
            r"|ever))* (?:hear|hearing)(?: \w+)? (?:from|back)(?! him| her| the)(?! you (?:until|before|till|today"
            r"|about))"
        ),
        (
            r"(?:rather|prefer|want|like|wish|ask|request)(?: \w+){0,2} (?:not|to not)(?: (?:to|be|get|receive"
            r"|receiving|getting|being|have|any|these|your|the|more|further|such))+ (?:texted|messaged|contacted"
            r"|texts?|messages?|bothered|these|anymore|reminders|alerts)"
        ),
        r"rather (?:you|yall|they) (?:stopped|quit|didnt) (?:text|messag|contact|send)\w*",
        r"(?:didnt|never|havent) (?:\w+ )?optin",
        (
            r"(?:didnt|never|havent|dont) (?:\w+ )?(?:sign|signed|sign me|ask|asked|subscribe|subscribed|agree"
            r"|agreed|consent|consented|optin|request|requested|authorize|authorized|give|gave|given)(?: (?:up|me"
            r"|you|yall|anyone|any|my|for|to|permission|consent|get|receive|receiving|be|getting|permission to"
            r"|the right|anything|your|number))* (?:these|this|texts?|messages?|texted|texting|contacted|sms"
            r"|text me|message me|contact me|any of this|text|list|spam|notifications|alerts|reminders|permission)"
            r"(?! (?:plan|warranty|quote|estimate|service|charge|price|job|work|part|unit|time|day))"
        ),
        (
            rf"(?:hate|despise|loathe|tired of|sick of|annoyed (?:by|with|at|about)|fed up with|over"
            rf"|done (?:with|getting"
            rf"|receiving)|had enough of|dont (?:like|appreciate|enjoy)|not a fan of)(?: (?:{FILL}|getting))*"
            rf" (?:{NOUNS}|these|texted|being texted|spammed){CLOSE}"
        ),
        (
            rf"(?:prefer|rather|better|appreciate it|like it|love it|happier|great)(?: if| that)?(?: you| yall| they)"
            rf" (?:didnt|dont|wouldnt|not|never|stop|stopped|quit)(?: \w+)? (?:{DOING}|{SENDING})"
        ),
        (
            rf"(?:no|not|dont|you dont|never)(?: \w+)? (?:need|have) (?:for )?(?:you )?to (?:keep |continue "
            rf"|be )*(?:{DOING}"
            rf"|{SENDING})(?: {ME})? (?:anymore|any ?more|any longer|again|going forward|in the future)"
        ),
        rf"(?:^|[|,] )enough(?: (?:of|{FILL})){{0,4}} (?:{NOUNS})" + CLOSE,
        (
            r"i (?:do not|dont|no longer|never|didnt) (?:consent|optin|give consent)(?! to the (?:work|charge"
            r"|repair|price))"
        ),
    ),
    rule(
        "opt_out.remove_me",
        (
            r"(?:remove|delete|erase|purge|scrub|wipe|clear|unlist|strike|scratch|drop|unenroll|unregister|exclude"
            rf"|deregister)(?: (?:all|please|of|both))* {ME}(?: (?:and|info|number|name|from|off|out|of|all|any"
            r"|your|youre|ur|the|this|that|these|those|future|please|contact|call|calling|text|texting|texts"
            r"|messages?|messaging|mailing|marketing|distribution|customer|phone|sms|company|lists?|systems?"
            r"|database|records|contacts?|files?|here|everything|it|immediately|again|group|chat|thread|now|asap"
            r"|thanks|permanently|forever|at|once|today|or|ill|today|already|right|away|notifications?|alerts?"
            r"|reminders?|subscription|calls|crm|books|phonebook|address|book|service|program|communications?|data"
            r"|spam|correspondence|so|i|dont|get))*?(?= [|,]|$| and (?:stop|dont|never|block)| or | before "
            r"| because | we | i | as i| ill| im| since)"
        ),
        (
            r"(?=(?:\w+ ){1,7}(?:off|from|out|outta|removed|taken)\b)"
            r"(?:remove|delete|erase|purge|scrub|drop|scratch|take|get|pull|want|need|strike|like|keep|leave|put"
            rf"|move)(?: (?:please|to be|to get|be))*(?: (?:{ME}|off|taken|removed|out|this|myself|number"
            r"|name))+(?: (?:off|of|from|out|removed|taken|your|youre|the|this|that|ur|all|any|these|text|texting"
            r"|texts|message|messaging|marketing|mailing|contact|call|calling|distribution|customer|phone|sms"
            r"|company|auto|automated|spam|group|whatever|damn|fucking|stupid|list|a|reminder))*(?: (?:list|lists"
            r"|system"
            r"|database|records|contacts|texts|messages|phone|sms|distribution|text|reminders|notifications|alerts"
            r"|thread|spam|rolodex|listing|group|chat|blasts?))"
        ),
        (
            r"(?:taken|removed|deleted|dropped|unlisted) (?:off|from|out of)(?: (?:of|all|any|your|youre|you|the"
            r"|this|that|text|texting|messaging|message|mailing|marketing|contact|call|calling|customer|company"
            r"|ur))* (?:lists?|system|database|records|contacts|texts|messages|notifications|alerts)"
        ),
        (
            r"(?:take|remove|delete|get|drop|pull|scratch)(?: please)? (?:me|us|him|her|them|(?:my|his|her|our"
            rf"|this|their) (?!{SERVICE})\w+(?: \w+)?|\d+) (?:off|of|from|frm|out of)(?: (?:of|all|any|your|youre"
            r"|you|the|this|that|text|texting|messaging|message|mailing|marketing|contact|call|calling|customer"
            r"|company|ur))* (?:lists?|system|database|contacts|texts|messages|notifications|alerts)"
        ),
        rf"(?:take|get|remove) ?(?:{ME}) off" + CLOSE,
        rf"^(?!.*\b{SERVICE}\b).*\b(?:number|line|phone|cell)\b.* (?:remove|delete|lose|forget) it" + CLOSE,
        r"(?:^|[|,] |please |me |us )off (?:of )?(?:the|your|you|this|ur|that|all) (?:\w+ )?lists?",
        r"takeme off",
        (
            r"(?:want|wanted|like|asked|need|ask|asking|wish|can i|could i|may i|please|have|get|be)(?: \w+){0,4}"
            r" (?:removed|taken off|deleted|unlisted)(?: (?:from|off|please|now|of|the|this|your|all|any|list"
            r"|system|database|asap|immediately))*(?= [|,]|$)"
        ),
        r"(?:^|[|,] |please |and |just |to )remove" + CLOSE,
        r"(?:wrong number|not \w+)(?: \w+)? [|,] (?:please )?delete" + CLOSE,
        (
            r"remove(?: \d+)? from (?:the |your |this )?(?:list|system|database)|(?:remove|delete|take)(?: \d+)+"
            r" (?:from|off)"
        ),
        (
            r"(?:taking|removing|getting|deleting) (?:me|us|my number|my name|this number)(?: \w+)?(?: (?:off|from"
            r"|out of)) (?:\w+ ){0,2}(?:list|system|database|texts|contacts)"
        ),
        (
            r"(?:lose|forget|loose|toss|throw away|burn|stop using|quit using|get rid of|trash|dump|ditch) (?:my"
            r"|this|our) (?:number|info|contact|digits|name|phone)"
        ),
        r"forget (?:i|we) exist",
        (
            r"(?:want|how|get|need)(?: \w+){0,4} off (?:of )?(?:this|your|the|ur|these|that|all)(?: \w+)? ?(?:list"
            r"|lists|texts|thread|chain|text)"
        ),
        (
            r"(?:how|where|who|what)(?: \w+){1,5} (?:unsubscribe|optout|get off|make (?:these|this|them) stop|stop"
            r" (?:these|this|them|getting|receiving|all|the (?:text|messag)\w*)|cancel (?:these|this|them)|turn"
            r" (?:these|this|them) off|be removed|get removed|end (?:these|this))"
        ),
        (
            r"(?:want|wants|need|like|wish|love|going|trying|asking|please|i|to|must|cant|had)(?: \w+){0,2}"
            r" (?:unsubscribe|optout)(?! of the (?:warranty|plan|inspection|protection|service|duct|maintenance"
            r"|filter))"
        ),
        (
            r"(?<!not )(?<!dont )(?:unsubscribe|optout)(?: (?:me|us|this|my|from|of|all|everything|number|the|your"
            r"|these|any|phone|now|please|immediately|asap|every|each|future|further|text|messages?|texts?|list"
            r"|lists|notifications|sms|communications?|service|program|alerts|reminders|thanks|today|already|and"
            r"|it|ok|twice|once|again))*"
            r"(?= [|,]|$)"
        ),
    ),
    rule(
        "opt_out.email_instead",
        r"^(?:hi |please |ok |just |only )*(?:by |via |e ?mail me |use )*e? ?mail only" + CLOSE,
        r"^(?:hi |please |ok )*(?:only (?:e ?mail|mail)(?: me| us)?|e ?mail (?:me|us) only)" + CLOSE,
        (
            r"(?:only|just|please|rather you|prefer you) (?:contact|reach|write|message) (?:to )?(?:me|us)"
            r"(?: only| just)? (?:by|via|through|with|at|on) (?:my )?e ?mail(?! (?:address|about|the|for)\b)"
        ),
        r"(?:contact|reach|write) (?:me|us) (?:by|via|through) e ?mail (?:only|(?:and )?not|instead of|rather than)",
    ),
    rule(
        "opt_out.leave_alone",
        (
            r"leave (?:me|us|my (?:family|phone|number|wife|husband|mom|mother|dad))(?: \w+){0,3} (?:alone|be"
            r"|in peace)"
            r"(?! until| till)"
        ),
        (
            r"(?:^|[|,] |please |just |and |now )(?:go away|fuck off|piss off|buzz off|bugger off|shut up"
            r"|stay away|back off)"
            r"(?: (?:and|from|already|you)\b.*)?"
            rf"{CLOSE}"
        ),
        (
            r"leave (?:me|us|my number|my \w+ number) (?:out|off|outta)(?! (?:a|the) (?:quote|estimate|invoice"
            r"|note))"
        ),
        r"(?:get|got) (?:me|us) outta? (?:of )?(?:this|your|here|these)",
        r"get (?:off|out of) my (?:phone|life|cell|line)|quit it" + CLOSE,
    ),
    rule(
        "opt_out.consent_withdrawn",
        (
            r"(?:revok|withdr|rescind|retract|cancel|terminat|remov|pull)\w*(?: \w+){0,3} (?:consent|permission"
            r"|authorization|optin|approval)"
        ),
        r"(?:consent|permission) (?:is |has been |was )?(?:revoked|withdrawn|rescinded|denied)",
        (
            r"(?:not|never|no|isnt|arent|werent|dont have|doesnt have|without"
            r"|nobody)(?: \w+){0,2} (?:authorized|allowed"
            r"|permitted|permission|authorization|right|business|reason|consent|welcome"
            r"|approved)(?: \w+)? (?:to|for) (?:be )?"
            rf"(?:{DOING}|send\w*|use my|have my)(?! (?:him|her|them|the)\b)"
        ),
        (
            r"(?:without|no) (?:my |any )?(?:consent|permission|authorization)(?= [|,]|$| to (?:text|contact"
            r"|message|call|send|use))"
        ),
        (
            r"(?:dont|never|not|no|didnt|havent|hasnt|who)(?: (?:have|had|given|give|gave|got|you|yall))+(?: (?:my"
            r"|any|our|you|yall|the|prior|written|express))* (?:consent|permission|authorization)(?= [|,]|$| to"
            r" (?:text|contact|message|call|send|use|my))"
        ),
    ),
)
