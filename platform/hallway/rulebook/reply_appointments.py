"""How people confirm, move and cancel appointments."""

import re

from hallway.rulebook.reply_rules import CLOSE, rule

DAY = (
    r"(?:mon|tues?|wed(?:nes)?|thur?s?|fri|satur?|sun)(?:day)?s?|today|tomorrow|tonight|monday|week|month"
    r"|morning|afternoon|evening|noon|weekend"
)

# Words about canceling that are no request to cancel this visit.
LOOK_PAST_APPOINTMENTS = re.compile(
    r"(?<!\w)(?:"
    r"(?:dont|wont|not|never|shouldnt|didnt|hope you dont|did you|was it you that)(?: \w+){0,3}"
    r" (?:cancel\w*|reschedul\w*)"
    r"|no (?:puedo|cancel\w+)(?: cancel\w+)?"
    r"|cancel\w* (?:culture|that|the (?:notification|second|other|alarm|fee|charge|order|part|warranty"
    r"|check|card)"
    r"|(?:my|our|the) (?:class|trip|flight|meeting|plans|order|check|card))"
    r"|can you cancel the alarm|how do i cancel|does stop cancel|i cancel the other"
    r")(?!\w)[^|,]*"
)

CANCEL = (
    rule(
        "cancel.asked",
        (
            r"(?:need|want|like|have|had|got|going|gonna|gotta|wanna|must|will|ill|to|please|can|could|can you"
            r"|can i|should|may|lets|let us|just|go ahead and|id|we|i|and|so|then|but|sorry"
            r"|decided to)(?: \w+)? cancel(?:ling|ing)?(?! (?:my trip|my card|the card|the alarm|again))(?: \w+)*"
        ),
        r"(?:^|[|,] )cancel(?:ling|ing|led|ed)? \w+(?: \w+)*",
        r"(?:^|[|,] )cancel(?= [|,])",
        (
            r"(?<!did you )(?<!why did yall )cancel(?:ling|ing)? (?:my|our|the|this|that|it|today|tomorrow"
            r"|everything)(?: \w+)*"
        ),
        r"call(?:ing)? off (?:the|my|our|tomorrow|today|it)(?: \w+)*|call it off",
        (
            r"(?:stop|scratch|forget|scrap|nix|skip|kill)(?: about)? (?:the|my|our|this|that"
            r"|tomorrows?)(?: \w+)? (?:appointment"
            rf"|visit|booking|service call){CLOSE}|no need for (?:the|a|your) (?:tech\w*|visit|appointment"
            rf"|plumber|guy|crew)"
            r"|(?:cancel\w*|anul\w*) (?:cita|visita)"
        ),
        (
            r"(?:remove|take|drop|get) (?:me|us|my \w+) (?:off|from|out of) (?:the |your )?(?:schedule|calendar"
            r"|appointment|books)"
        ),
        (
            r"(?:cancela|cancelar|cancele|cancelen|cancelo|anular|anula|anule) (?!la (?:tarjeta|cuenta"
            r"|deuda))(?:la|mi|el|nuestra|esta|todo|mañana|manana|lo)(?: \w+)*|(?:quiero|necesito|tengo que|deseo"
            r"|puedo|favor de|quisiera|hay que) (?:cancelar|anular)(?! la (?:tarjeta|cuenta|deuda))(?: \w+)*"
        ),
    ),
    rule(
        "cancel.dont_come",
        (
            r"(?:dont|no need to|not|never|you can skip|needn t|no reason to)(?: (?:need|have|bother|to|even|you"
            r"|send anyone|come|bother))* (?:come|coming|to come|show up|send anyone|send (?:the|a) tech\w*)(?:"
            r" (?:out|by|over|anymore|today|tomorrow|now|any|more|here|then|monday|tuesday|wednesday|thursday"
            r"|friday))*"
            rf"{CLOSE}"
        ),
        (
            r"(?:no longer|dont|wont|not going to|wont be)(?: \w+)? (?:need|needing|want)(?: (?:you|yall|the|your"
            r"|an|a|to|my|this|that|any|tech|to|come|out|us))* (?:appointment|visit|come|service|tech|anymore"
            r"|today|tomorrow|technician|someone|estimate|booking|slot|service call)"
            rf"{CLOSE}"
        ),
        (
            r"(?:ya )?no (?:vengan|venga|vengas|necesitan venir|es necesario que vengan|hace falta que vengan"
            r"|tiene que venir)(?: \w+)*"
        ),
    ),
)
RESCHEDULE = (
    rule(
        "reschedule.asked",
        (
            rf"(?:{DAY}|that (?:time|day|date)|\d+(?:am|pm)?)(?: \w+)? (?:doesnt|wont|isnt|not"
            rf"|no longer)(?: \w+)? (?:work|good"
            r"|possible|going to work)"
        ),
        rf"bump (?:me|us|it|that) to (?:next|{DAY})|no puedo (?:\w+ )+(?:[|,] )?(?:puede|podria|podemos|mejor)",
        (
            r"(?:reschedul\w*|re schedul\w*|resched\w*|postpone\w*|reagend\w+|reprogram\w+|pospon\w+|aplaz\w+"
            r"|rebook)"
        ),
        (
            r"(?:move|push|change|switch|bump|shift|swap|be moved|be changed|be pushed)(?: (?:it|my|the|our|that"
            r"|this|to"
            r"|appointment|visit|back|time|date|day|up|for|service|things|out|over|slot))* (?:to|for|back|until"
            rf"|till|later|earlier|appointment|time|date|day|another|{DAY})"
        ),
        (
            r"(?:another|different|other|better|new|later|earlier)(?: \w+)? (?:day|time|date|slot|week|hour"
            r"|appointment)(?! (?:i|we) (?:call|texted))"
        ),
        (
            r"(?:can|could|may|would|lets|is it possible|any chance|possible)(?! i call| you call| we talk"
            rf"| we call| i text)(?: \w+){{0,6}} (?:instead|earlier|later|sooner|(?:{DAY}) rather)"
        ),
        (
            r"(?:instead of|rather than) (?:\w+ )?(?:mon|tue|wed|thu|fri|sat|sun|today|tomorrow|\d|this|morning"
            r"|afternoon|next)\w*"
        ),
        (
            r"(?:cant|wont|unable to|not able to|couldnt|not going to be able to)(?: \w+){0,3} (?:make it"
            r"|make that|make the|be there|be home|do (?:that|it|today|tomorrow|mon\w*|tue\w*|wed\w*|thu\w*|fri\w*"
            r"|sat\w*|sun\w*))"
        ),
        (
            r"something came up|(?:can|could) (?:we|you|i)(?: \w+){0,2} (?:do|make it|come|try)(?: (?:on|for|at"
            rf"|this|next|it|the|end|of|in))* (?:{DAY}|\d+\w*|next \w+)"
        ),
        (
            r"(?:cambi\w+|mover|pasar\w*|move\w*|mueva\w*|recorrer\w*|dejar\w*)(?: (?:la|mi|el|nuestra|esa"
            r"|lo))*(?: cita| visita| dia| hora)?(?: (?:por|favor|para|al|a))+ ?(?:el |la |otro |manana|lunes"
            r"|martes|miercoles|jueves|viernes|sabado|domingo|favor|proxim\w+|las )?|(?:cambiar|mover)(?: \w+)?"
            r" (?:cita|visita|hora|fecha|dia)|otro dia|otra (?:hora|fecha)"
        ),
    ),
)
CONFIRM = (
    rule(
        "confirm.said",
        (
            r"(?:confirm|confirmed|confirming|confirmo|confirmado|confirmada|confirmamos)(?! (?:the price|what|if"
            r"|that you|whether|when|your|with))"
        ),
        (
            r"(?:see|c) (?:you|yall|ya|u|him|them)(?: all| guys)? (?:then|there|tomorrow|today|soon|at|on|in"
            r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|next|around|later|between)"
        ),
        (
            r"(?:ill|well|we will|i will|will|someone will|my \w+ will|shell|hell|somebody will|we ll) be (?:here"
            r"|home|there|ready|around|waiting|available|in)|ahi (?:estare|estaremos|estare\w*)|aqui (?:estare"
            r"|estaremos|los espero|lo espero)|(?:nos vemos|los esperamos|los espero|alli estare)"
        ),
        (
            r"(?:^|[|,] )(?:yes|yep|yup|yeah|sure|perfect|great|ok|okay|sounds good|si"
            r"|that)(?: [,|])?(?: \w+){0,3} (?:works|is fine|is good|is perfect|is great|will work|still (?:on"
            r"|good|works|fine)|still on for)"
        ),
        r"(?:were|we are|im|i am|still)(?: \w+)? (?:good|set|on) for (?:\w+)",
    ),
)
