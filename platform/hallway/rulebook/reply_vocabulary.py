"""The classes of words that the rules for replies name in capitals."""

from hallway.rulebook.reply_notation import Notation

# Things of the trade: "stop", "end" and "remove" beside one of them are about the work.
_WORK = """
    leak~ water drip~ noise noises toilet furnace heat heater heating ac unit pump flow~ running drain~ fan pipe
    pipes faucet sink shower tub valve smell gas flood~ overflow~ beep~ alarm motor compressor thermostat breaker
    power door opener rain~ snow~ roof gutter gutters sound rattl~ squeak~ buzz~ cool~ blower cycl~
    working work light~ sprinkler sprinklers disposal dishwasher washer dryer fridge freezer engine garage dog
    barking house car truck street gate invoice charge charges payment payments warranty filter filters vent
    vents duct ducts humming spinning turning making starting starts clog~ billing autopay charging
    bill bills membership crew job install~ digg~ driver tech~ tank repair~ mess bleeding plumb~ renewal renewals
    mowing drilling hammering ceiling unit window
"""

notation = Notation(_WORK)

_WORDS = {
    "OTHERS": "old other work office house home wifes husbands moms dads daughters sons previous former",
    "NUMBER": "number numbers phone line cell mobile",
    # What is sent to people, and what senders do to them.
    "MESSAGES": """
        text texts texting message messages messaging sms mms notification notifications alert alerts reminder
        reminders subscription subscriptions solicitation solicitations spam communication communications
        correspondence robotext robotexts robocalls [follow up] [follow ups] followup followups outreach contact
        contacts updates announcements surveys dm dms blasts
    """,
    "CONTACT": """
        text texting texted message messaging messaged contact contacting contacted communicate communicating
        solicit~ spam spamming spammed call calling called harass~ bother~ bug bugging annoy~ pester~ hound~ stalk~
        ping pinging badger~ disturb~ blast~ bombard~ hassl~ nag nagging dm sms chase chasing [blow me/us up]
        [blowing me/us/up] [blowing up] [blow up my] [hit me/us up] [hitting me/us up] [follow up] [following up]
        followup [reach out] [reaching out] [reach me/us] [reaching me/us] [write me] [write to me] [writing me]
        [writing to me] [sell me] [selling me] [trying to sell] [market to me] [marketing to me] robocalling
        robotexting autotexting
    """,
    "TEXT": """
        [reach out] [follow up] text texting message messaging contact contacting call calling spam sms msg solicit
        soliciting
    """,
    "TEXTED": "text~ messag~ contact~ spam~ harass~ bother~ bug bugging sms call~ solicit~",
    "STOP": "stop stopping stopall quit quitting cease ceasing halt desist discontinue discontinuing",
    "END": """
        end ending cancel canceling disable terminate suspend kill deactivate unsubscribe mute delete remove
        [turn/shut/switch/cut off]
    """,
    "REMOVE": """
        remove delete erase purge scrub wipe clear unlist strike scratch drop unenroll disenroll unregister exclude
        deregister cross
    """,
    "PERMISSION": "consent permission authorization approval",
    "LIST": """
        list lists system systems database records contacts contact texts text messages message notifications alerts
        reminders sms thread chain rolodex listing chat crm phone phonebook [address book] [group text] directory
    """,
    # Who is written to.
    "MINE": """
        [my/our number] [my/our !OTHERS ANY number] [my/our cell/phone/mobile/line/name/info/information/contact]
        [my/our details/data/digits] [this number/phone/cell/line/mobile/contact]
    """,
    "ME": "me us myself ourselves MINE",
    # "Send" needs an object: "stop sending the same tech" is about work.
    "OBJECT": """
        me us this these those them it stuff things crap shit junk garbage bs nonsense anything everything links
        again anymore [this number] MESSAGES
    """,
    "SENDING": """
        [send/sent/sending out? me/us/to/all/any/so/many/more/no/further/anymore/the/your/another/one/a/my/of* OBJECT]
    """,
    "PERSON": """
        him her them [the !NUMBER ANY]
        [my wife/husband/spouse/mom/mother/dad/father/son/daughter/tenant/tenants/boss/partner/kid/kids/brother]
        [my sister/roommate/renter/renters/neighbor/neighbors/neighbour/office/landlord/assistant/manager]
        [my girlfriend/boyfriend/fiance/fiancee/ex]
    """,
    "KIN": """
        mom mother mama dad father husband wife spouse son daughter brother sister grandma grandpa grandmother
        grandfather uncle aunt parent parents partner roommate friend he she they
    """,
    "YOU": "you yall u they",
    # Words between the ones that matter.
    "FILL": """
        with w of all any every each these those the this that your youre my me us to from for sending send getting
        giving trying attempting so many much damn damned fuck fucking fking freaking frigging effing goddamn god
        bloody stupid annoying constant constantly endless automated automatic auto robo bot unwanted unsolicited
        dumb please ever even more further future daily weekly mass bulk random junk new other calls calling phone
        cell both now already company incoming ridiculous nonstop lame silly group follow it shitty spammy pointless
        useless additional receiving continuing always a hell text texts message messages texting messaging spam sms
        email emails emailing [email/emails/emailing/call/calling/calls/phone/voicemails and] or such kind kinds
        sort type marketing
    """,
    "VISIT": "appointment appointments service job review confirmation estimate survey payment quote roof plumbing",
    "TAG": """
        please now ever again anymore [any more] thanks thank ok okay [at all] [thanks you] immediately asap today
        [right away] [any longer] [from now on] [going forward] period back tho though lol sir maam bro dude man
        guys yall everyone forever permanently sorry already here people
    """,
    "AGAIN": "again anymore [any more] [any longer] [going forward] [in the future] ever",
    "WHEN": """
        after before until till past between during unless while late early if when daily tonight
        [on my? the? sun~/sat~/mon~/tue~/wed~/thu~/fri~/week~/holidays/holiday] [at work/night/noon/dinner/home]
        [at NUMERAL] [this/so/too late/early] [in the morning/mornings/evening/evenings/middle/afternoon/afternoons]
        [over the] [as often/much] [more than] [by phone !or] [right? now im] [so much/often/many]
        [too much/often/many]
    """,
    "PROMO": """
        deal deals promo promos promotion promotions promotional offer offers ad ads advert~ coupon coupons special
        specials sales marketing discount discounts newsletter newsletters upsell~ campaign campaigns commercial
        commercials [review request] [review requests] review reviews survey surveys feedback rating ratings oferta
        ofertas promociones publicidad anuncios descuentos
    """,
    "LAWYER": "lawyer lawyers attorney attorneys solicitor [legal team/counsel/department]",
    "KEYWORD": "stop quit end cancel unsubscribe optout revoke help start yes",
    # What a wish to be left alone does not reach across, beside the work.
    "HARD": "him her them and but if when while until unless before after so because till then",
    # "Stop over", "stop at the gate", "stop if you see a leak".
    "STOPOVER": "by in at over off here for and on after before when if out there",
    # What makes a wish one about times or cases, not about all texts.
    "NEVER": """
        [-you/yall/i/we dont/never] [^ not] [please/you/kindly/mind not] [cease/refrain to/from]
        [rather you? not/didnt]
    """,
    "KEEPING": """
        you yall ever please even try to be get anyone keep on like dare bother start continue attempt just u wish
        again [want/need you/yall to] [want/wish/care to get/be] [for you to]
    """,
    "ALSO": """
        , or and nor call calls text texts message email emails calling texting contact visit write me us my mail
    """,
    "CONDITION": """
        after before until till during between unless while if when past [at work/night/NUMERAL]
        [so/this/too late/early] [on sun~/sat~/mon~/tue~/wed~/thu~/fri~/week~] [by phone !or]
    """,
    "SAY": """
        said say saying told tell telling asked ask asking replied reply replying texted texting typed typing text
        sent sending requested requesting request wrote writing demanded begged
    """,
    "ES_MESSAGES": """
        mensaje mensajes texto textos sms msj msjs notificaciones recordatorios alertas avisos mensajeria spam
    """,
    "ES_FILL": """
        de con los las sus tus estos esos este esta mas me nos a al mi mis numero telefono celular cel tantos tanto
        todos todas por favor ya el la su tu que mandar enviar recibir recibiendo ningun ninguno automaticos ni
        llamadas o y otro otros otra vez vuelvan vuelvas volver nunca jamas escriba escriban
    """,
    "ES_CONDITION": """
        despues antes hasta cuando si entre durante tan [en la/el] [los domingos/sabados] [el domingo/sabado]
        [al trabajo/mismo/tecnico] [la factura] [el recibo] [a mi !numero/telefono/celular] [a las] otro
        [la cotizacion] [el estimado] [de noche]
    """,
    "DAY": """
        today tomorrow tonight monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur
        thurs fri sat sun week month morning afternoon evening noon weekend
    """,
}

# Bidding and infinitive forms only: "no me mandaron la factura" is about a bill that did not come.
_ES_ENDINGS = "(?:en|es|e|a|an|as|ar|ir|er|arme|irme|arnos|ando|iendo|andome|iendome|enme|eme|ame|arle)"
_ES_WRITE = (
    "mand|envi|escrib|texte|text|texter|mensaje|contact|molest|fastidi|jod|ching|acos|hostig|insist|notific|marqu|marc|llam"
    "|habl|busqu|chate|comuniqu"
)
_ES_REMOVE = "quit|borr|elimin|sac|retir|tach|remuev|remov|saqu|saq|olvid|pierd|bloque|dese?ch|desuscrib"
# Forms that a list would hold badly.
notation.classes |= {
    "NAMES": r" \w+s",
    "PHONE": r"(?: \d{7,}| \d{3}(?: \d{3})? \d{4})",
    "WORKING": r" _?(?!text|messag|contact|call|spam|send|both|harass|bug|sell|try|ask|gett|receiv)\w+ing",
    "ES_WRITE": rf" (?:{_ES_WRITE}){_ES_ENDINGS}",
    "ES_REMOVE": rf" (?:{_ES_REMOVE})(?:e|en|a|an|ar|er|es|as|rme|i)?",
    "ES_REMOVE_ME": rf" (?:{_ES_REMOVE})\w*(?:me|nme|nos)",
    "FR_WRITE": r" [mnd]?(?:ecri\w+|envo\w+|contact\w+|text\w+|derang\w+|harcel\w+|appel\w+)",
}
for _name, _words in _WORDS.items():
    notation.define(_name, _words)
