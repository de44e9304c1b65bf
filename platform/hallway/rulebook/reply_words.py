"""Whole-message keywords and the courtesy words that may stand around them."""


def phrases(block: str) -> frozenset[str]:
    """Phrases set apart by bars; line ends inside a phrase do not matter."""
    return frozenset(" ".join(phrase.split()) for phrase in block.split("|"))


# FCC per-se words (47 CFR 64.1200(a)(10)), the carriers' default words, and what people type for them.
STRONG = phrases(
    """
    stop | stopall | unsubscribe | yes stop | stoptexting | stopmsg | stoptext | stoptexts | stop w the texts |
    st op | make it stop | make them stop | unsubscribe me | optout | please optout | stop it | stop this |
    stop that | stop now | stop these | stop them | stop everything | stop all of it | stop all this |
    stop sending | stop sms | stop text | stop texts | stop txt | stop messages | stop me | just stop |
    stop fucking texting | cease | cease and desist | desist | remove me | take me off | do not contact | dnc |
    leave me alone | do not call list | no mas | stop stop | stop 2 end | stop2end | stop2quit | stop to end |
    unsubscribe stop | stop unsubscribe | arret | arrete | arretez | stopp | desabonner | desabonnez moi |
    desinscrire | ya basta | dar de baja | darme de baja | desuscribir | desuscribirme | desuscribeme |
    desuscribanme | date de baja | denme de baja | dame de baja | descadastrar | 退订 | 退訂 | 停止 | 请停止 |
    請停止 | стоп
    """
)
# Said alone they end it; inside a longer message they mean many things.
BARE = phrases(
    """
    end | quit | cancel | out | i want out | want out | can you not | blocking | bloquear | take my name off |
    off list | off the list | off this list | off your list | removed | un enroll | unenroll | unenroll me |
    disenroll | disenroll me | deactivate | unfollow | erase | stopping | unsolicited | cancel me | td | 拒收 |
    tu choi | anular | darse de baja | remove from list | revoke | revoked | harassment | harassing | remove |
    delete | delete me | block | blocked | block me | youre blocked | you are blocked | your blocked |
    im blocking you | spam | spammer | spammers | this is spam | no more | enough | enough already | thats enough |
    go away | get lost | buzz off | bug off | bugger off | fuck off | f off | eff off | piss off | screw off |
    back off | beat it | shut up | stfu | knock it off | cut it out | give it a rest | lay off | end it | end this |
    end all | end these | quit it | quit this | no texts | no text | no texting | no sms | no messages |
    no contact | no spam | halt | exit | terminate | discontinue | disable | end texts | im out | stay away |
    get off | remove number | remove my number | unlist me | drop me | lose me | forget me | no thanks stop |
    reported | reported as spam | reported as junk | reported for spam | reported spam | report spam |
    marked as spam | junk | not interested stop | alto | para | pare | paren | parar | parale | parele | basta |
    cancelar | cancela | cancele | cancelen | baja | salir | fin | finalizar | terminar | detener | detente |
    detengan | detenganse | detengase | eliminar | eliminame | eliminenme | borrar | borrame | borrenme | remover |
    quitar | quitame | quitenme | suspender | dejar | no molestar | no molesten | no moleste | ya paren | ya pare |
    ya para | ya parale | ya no mas | ya no | no mas por favor | dejame | dejenme | bloqueado | renunciar |
    alto ya | ya alto | callate | callense | largo | pare de | sair | fin des messages | arreter | annuler |
    se desabonner | abmelden | ende | basta cosi | annulla | tigil | itigil | tama na | dung | dung lai | ngung |
    ngung lai | huy | huy dang ky | kanpe | sispann | rete | 取消 | 停 | 取消订阅 | 取消訂閱 | 别发了 | 不要发了 |
    отписаться | отпишите | хватит | 중지 | 그만 | 수신거부 | توقف | الغاء
    """
)
# Several of them strung together still say one thing: "stop end unsubscribe", "reported and blocked".
SINGLE = phrases("stop | stopall | unsubscribe | optout | block | blocked | blocking | reported | reporting")
LISTED = SINGLE | phrases(
    """
    end | quit | cancel | remove | removed | revoke | delete | deleted | deleting | report | spam | junk | cease |
    desist | as | and | or | you | this | number | im | your
    """
)
HELP = phrases("help|info|information|more information|ayuda|informacion|aide|more info|help info|ayudame")
START = phrases(
    """
    start | unstop | subscribe | resubscribe | join | optin | optin me | resume | start again | start texts |
    restart | sign me back up | empezar | comenzar | iniciar | suscribir | suscribirme | suscribeme | reanudar |
    empieza | commencer | enroll me | start texting | resume texts | turn on
    """
)
CONFIRM = phrases(
    """
    c | y | yes | yep | yup | yeah | yea | ya | yess | confirm | confirmed | confirming | i confirm |
    confirm appointment | ok confirmed | si | confirmo | confirmado | confirmada | si confirmo | confirmar |
    yes confirmed | yes confirm | i confirmed | we confirm | correct | affirmative
    """
)
RESCHEDULE = phrases(
    """
    r | reschedule | rescheduling | resched | re schedule | reagendar | reprogramar | cambiar | cambiar cita |
    different day | different time | another day | another time | other day | otro dia | otra hora | rain check |
    postpone | posponer
    """
)
COURTESY = phrases(
    """
    again | already | and | asap | asshole | assholes | bitch | bitches | bitte | bro | buddy | cheers | christ |
    dammit | damn | damnit | dude | favor | ffs | folks | fool | forever | fuck | fucking | god | gracias | guys |
    hello | hola | hey | hi | hmm | i | idiot | idiots | im | immediately | jerk | jerks | jesus | just | k | kind |
    kindly | lady | lol | loser | losers | maam | mam | man | merci | morons | now | number | ok | okay | omg |
    people | permanently | please | por | porfa | porfavor | regards | right | said | saying | senor | senora |
    sir | smh | so | sorry | svp | thank | thanks | then | tho | though | thumbsup | u | ugh | uh | um | well |
    wtf | sil | te | vous | plait | xin | ya | yall | you
    """
)
