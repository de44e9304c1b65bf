"""How people ask in English to be left alone: by threatening the law, a report or a block, or telling of a death."""

from hallway.rulebook.reply_rules import CLOSE, DOING, SERVICE, rule

LAWYER = r"(?:lawyers?|attorneys?|legal (?:team|counsel|department)|solicitor)"
KIN = (
    r"(?:mom|mother|mama|dad|father|husband|wife|spouse|son|daughter|brother|sister|grand\w+|uncle|aunt|parents?"
    r"|partner|roommate|friend|he|she|they)"
)

THREATS = (
    rule(
        "opt_out.legal",
        (
            rf"(?:im|ill|i will|well|we will|were|youll|you will|expect to|about to|gonna|going to)(?: be)?"
            rf" (?:call|contact|consult|hear|speak|talk|forward|send|alert|notify|hiring|hire"
            rf"|get)\w*(?: \w+){{0,4}} {LAWYER}"
            rf"{CLOSE}"
        ),
        r"see (?:you|yall|u) in court",
        (
            rf"{DOING}(?: \w+){{0,3}} (?:again|anymore|more)(?: \w+)?(?: ,)? (?:and|or|ill|im|i will|well"
            rf"|see)(?: \w+){{0,7}}"
            rf" (?:sue|suing|court|{LAWYER}|report\w*|police|cops|block\w*|lawsuit|complaint|legal)"
        ),
        rf"^(?!.*\b{SERVICE}\b).*\b(?:will|going to|gonna|ill|to|can) sue(?: you| u| yall)?" + CLOSE,
        r"tcpa|fcc(?! licen)|ftc|cease and desist|telephone consumer protection",
        r"(?:do not|dont|donot|no) call (?:list|registry|database|register)|dnc(?: list| registry)?",
        (
            r"(?:report|reporting|reported|complaint|complain|complaining|file|filing|filed|turn"
            r"|turning)(?: \w+){0,5} (?:fcc|ftc|attorney general|spam|junk|do not call|harassment|7726|federal)(?!"
            r" (?:folder|filter))"
        ),
        (
            r"(?:text|message|contact|spam|harass)\w*(?: \w+){0,8} (?:filing|complaint|report(?:ing)? (?:you|this"
            r"|it|yall))"
        ),
        (
            r"(?:sue|suing|lawsuit|legal action)(?: \w+){0,8} (?:texts?|texting|messag\w+|spam\w*|harass\w*)"
            r"|(?:lawyer|attorney)(?: \w+){0,6} (?:these|your|the) (?:texts|messages)"
        ),
        (r"(?:texts|texting|messaging|spam|harass)\w*(?: \w+){0,8} (?:sue|suing|lawsuit|legal action)"),
        (
            r"(?:this is|youre|you are|yall are|considered|its|constitutes|now|you are|borderline|straight)"
            r" (?:\w+ )?(?:harassment|harassing|spamming)(?: \w+)?|(?:texts?|messages?|texting"
            r"|messaging)(?: \w+){0,2}? (?:unwanted|unwelcome|not welcome|welcome here|arent welcome|arent wanted"
            r"|not wanted|intrusive|an invasion)|(?:unlawful|illegal|unsolicited|unwanted) (?:texts?|messages?"
            r"|contact)|(?:texts?|messages?|texting|messaging)(?: \w+){0,3} illegal|report(?:ing)? (?:you"
            r"|yall|this number|your number|these texts)(?: [|,]|$)|illegal(?:ly)? (?:text|messag|contact)\w*"
        ),
    ),
    rule(
        "opt_out.blocking",
        (
            r"(?:im|ill|i|we|were|well|will|am|be|gonna|going to|now|just|has|have|and) (?:be )?(?:block|blocked"
            r"|blocking)(?: (?:you|u|yall|(?:this|your|the|ur) (?:number|phone|text\w*)))+"
            r"(?! off)"
        ),
        (
            r"(?:^|[|,] )(?:block|blocked|blocking)(?: (?:you|me|this|my|your|number|and|deleted?|reported"
            r"|reporting|from|texting|spam))*"
            rf"{CLOSE}"
        ),
        r"(?<!is )(?<!was )(?:you|youre|your|number|this|u|yall)(?: \w+){0,2} (?:being |been |getting )?blocked"
        + CLOSE,
        (
            r"consider (?:yourself|this number) blocked|reporting and blocking|(?:breaking|violating|against) the"
            r" (?:law|do not call)"
        ),
        r"(?:blocked|block) and (?:deleted?|reported|report)",
        (
            r"(?<!did i )(?<!dont )(?<!wont )(?<!not )(?<!to )(?:block|report)(?:ing) (?:you|u|yall"
            r"|(?:this|your|ur) (?:number|company|phone))(?! off)"
        ),
    ),
    rule(
        "opt_out.died",
        (
            rf"(?:{KIN}(?: \w+){{0,3}} (?:died|passed|dead|gone|deceased)|deceased|death|(?:no longer|not) (?:with us"
            r"|alive|living))\b.*\b(?:remove|delete|take|stop|unsubscribe|cancel|update) (?!by\b|over\b|in\b)"
            rf"(?:\w+ ){{0,3}}(?:number|name|off|list|account|phone|contact|info|it|him|her|this|these|texts|messages)"
        ),
        rf"(?:{KIN}(?: \w+){{0,3}} (?:died|passed|dead|deceased)|deceased)\b.*\b(?:remove|stop|delete)" + CLOSE,
    ),
)
