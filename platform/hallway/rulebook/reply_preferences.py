"""Wording for wishes about some texts only, for coming back, and for messages that want a person to look."""

import re

from hallway.rulebook.reply_vocabulary import notation

# Cut out before opt-outs are looked for: a wider request beside it wins.
PARTIAL = notation.rules(
    """
    partial.marketing
        stop/stopall/quit/no/unsubscribe/optout/cancel/end/without/skip/hold/dont/never/not/remove/take [me/from/of
            /off/the/your/any/these/those/sending/with/getting/texting/receiving/want/to/more/get/receive/out/us
            /about/send/ask/asking/for/like/so/many/list/text/need/interested/auto/daily/weekly/other/texts/in]*
            PROMO [text/texts/message/messages/list/stuff/email/emails/sms]? ![and all/everything]
        no/sin/ya [no/quiero/me/manden/mas/envien/las/sus/deseo/recibir/mande/mandes/quieren]* PROMO
        stop/quit advertising/marketing to me/us
    partial.only
        only/just/solo/solamente want/need/like/text/send/message/contact/wish/care/quiero/manden/get/me/for/recibir
            ..4 reminder/reminders/appointment/appointments/service/repair/job/confirmation/confirmations/schedule
            /scheduling/updates/invoice/invoices/recordatorios/cita/citas/emergency/emergencies/important/necessary
            /urgent/visit/order/account/work
        text/message me only for/when/if/about
        reminder/reminders/appointment/appointments/confirmation/confirmations/updates only
        [service/appointment texts]? texts only [on/for/about]
        reminders/appointments/updates/confirmations ..2 are/is? fine/ok/okay/good
        solo recordatorios/citas
        just/only the? appointment? reminders
        dont/never/stop/not ..3 [CONTACT/MESSAGES] [me/us / my phone]? ..3 unless ..8
    partial.when
        only/just text/message/contact/send/call [me/us/texts/messages]* WHEN
        -you/yall dont/not/never/no/stop/avoid [you/please/ever/even/more/be/want/to/me/any/u]* [CONTACT/MESSAGES /
            sending me? texts/messages/these] [me/us/please/texts/messages/anything/again / to me / my phone/cell /
            this number / call or / or text/call]* WHEN ..8
        no late/early/night/weekend texts/messages
        no me/nos? ES_WRITE [mas/mensajes/textos]* [despues/antes de / de noche / tan tarde/temprano / los
            domingos/sabados / en/por la noche/manana/tarde / hasta / al trabajo / cuando] ..8
        text/message/messages/texts me? less/fewer/less [often]?
        text/message/messages/texts me? not so/as often/much
        fewer/less/many texts/messages/reminders
        YOU text/message me? too much
        PROMO no .
        solo/solamente ..3 recordatorios/citas
        one text/reminder/message is enough
    """
)

OPT_IN_UNDO = notation.rules(
    """
    opt_in.undo
        accident/mistake/mistakenly/accidentally/accidently/oops/error/querer/meant ..6 stop/unsubscribe/optout
            /stopped/blocked/cancel
        didnt/not mean/supposed ..6 stop/unsubscribe/optout
        wrong button ..6 stop/unsubscribe/optout
        stop/unsubscribe/optout ..4 accident/mistake/accidentally/mistakenly/error
        undo/ignore/disregard/reverse ..3 stop/optout/unsubscribe
        take back ..3 stop/optout/unsubscribe
        kid/son/daughter/toddler/baby ..2 texted/sent/hit/typed/pressed stop
        cancel/lift/remove/reset/delete my/the/that stop/optout/unsubscribe request? .
    """
)

OPT_IN = notation.rules(
    """
    opt_in.again
        text/texts/texting/message/messages/messaging/reminders/notifications/alerts [me/us]? [again / back on] .
        [its/it/is/you/yall/youre]* ok/okay/fine/alright/free/can/may/good/allowed ANY? to? now? text/texting
            /message/messaging [me/us]? now? .
        nevermind/mind/nvm/actually/ok/okay/yes/please ,? keep texting/messaging/sending me? .
        start/resume/restart/begin/renew/reactivate/continue [sending/the/your/my/me/getting/receiving/all/with]*
            texts/texting/messages/messaging/reminders/notifications/alerts/sms/updates/subscription
        turn [the/my/your]? [texts/messages/reminders/notifications/alerts/them] back? on
        turn back? on [the/my/your]? texts/messages/reminders/notifications/alerts
        [add/sign/put/subscribe/optin/enroll me/us] [up/on/to/for/the/your/list/text/back/in]* [back/again/texts
            /text/messages/reminders/alerts/list] [in/on/to/up/for/the/your/list/text/texts/again]* . !about/when
        want/like/ok/okay/fine/happy/sure ..3 get/receive/optin ..2 texts/messages/reminders again
        want/like the? texts/messages/reminders back .
        [^ / id like to / want to / please/i/we/yes] optin/unstop/resubscribe/subscribe [me/please/again/back /
            to/for the? texts/messages / my number]* .
        pueden/puede/puedes/vuelvan/quiero [volver/a]* mandar~/enviar~/escribir~/recibir~ ..3 [otra vez / de nuevo /
            nuevamente]
        [pueden/puede/puedes / me pueden/puede] volver a ES_WRITE
        vuelvan a ES_WRITE
        quiero [volver a]? recibir mensajes/textos/recordatorios
        [^ / quiero/deseo / volver a] suscribirme [otra vez / de nuevo]? .
    """
)

EMAIL_ONLY = notation.rules(
    """
    ordinary.email_only
        [unsubscribe/optout/stop / remove/take me] ..8 email/emails/newsletter/newsletters/emailing
    """
)

AUTOMATIC = notation.rules(
    """
    ordinary.auto_reply
        im/currently/am ..2 driving
        dont disturb while/mode/is/on/turned
        auto matic? reply/response/responder
        autoreply/autoresponse / automatic/automatically/automated reply/response/sent
        out of the? office
        im not receiving notifications
        ill see your message
        driving focus
        respuesta automatica
    """
)
# A person asks in between, whatever else the message says.
ASKS_PLAINLY = notation.pattern("stop/quit/dont TEXTED me/us/MINE")

DOUBTFUL = notation.rules(
    """
    doubtful.hostile
        fuck/screw you/u/yall
        go to hell
        piece of shit
        scammer/scammers $
        you suck
        asshole/assholes
    doubtful.complaint
        why/how ..4 keep/still/always/constantly ..2 [CONTACT/MESSAGES/sending]
        you/yall [keep/constantly / are always/constantly / wont quit] ANY? [CONTACT / sending me]
        too many texts/messages
        stop/quit texting/calling/contacting/messaging/bothering !me/us/and/but/just/please/or ANY
        dont/not/no need/want you? to text/message/contact me/us
        i dont do? text/texts/texting
    doubtful.bare
        ^^ [off/mute/leave/scam/fraud/wrong/silence/pause/bye/goodbye/hands/canceled/blocking/out / done with this /
            cancel it/this/that/everything / no calls / stop my/the? service / delete this/it / remove it/that /
            forget it / not you / cancel my/the? maintenance? membership/plan/account/contract / count me out] $$
    """
)

DECLINE = notation.rules(
    """
    ordinary.decline
        [not / no longer] interested
        no thanks/gracias
        went with someone/another/a
        found/hired/using/got someone/somebody/another
        too expensive/much/high
        ill pass
        all set
        [we/im / we re] good
        no longer need
    """
)

# Read as typed: what phones send when a person taps a reaction.
TAPBACK = re.compile(
    r"\s*(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|removed (?:a|an) \w+ from"
    r"|reacted .{1,12} (?:to|with)|reacted to|les? (?:gust[oó]|encant[oó])|[tm]e (?:gust[oó])|se ri[oó] (?:de|con)"
    r"|a? ?\w+ le gust[oó]|enfatiz[oó]|.{1,8} (?:to|a)(?=\s*[“\"«]))"
    r"\s*(?:an image|a movie|a video|an attachment|an audio|[“\"«'‘].*)",
    re.IGNORECASE | re.DOTALL,
)
