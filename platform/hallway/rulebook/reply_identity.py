"""Wording for a wrong number and for "who is this?"."""

import re

from hallway.rulebook.reply_vocabulary import notation
from hallway.rulebook.reply_words import phrases

WRONG_NUMBER = notation.rules(
    """
    wrong_number.said
        wrong/wronge/incorrect/bad number/person/guy/phone/contact/party/lady/man/woman/cell/recipient/dude/girl
            /customer !on/of/in/at ![for the]
        have/got/texting/texted/reached/called/messaged/contacting/had ..2 wrong [$ / number/person]
        [numero/persona/telefono/esta] [incorrect~/equivocad~/errone~]
        se? equivoco/equivocaron / equivocado de numero
        ^^ equivocado/equivocada $$
        numero errado / mauvais/faux numero / nham so / sai so
    wrong_number.not_them
        not/isnt/wasnt/longer her/his/their/that/NAMES number/phone/cell
        no/nobody/noone/isnt/not/there/theres/aint ..4 by/with/of that name
        nobody/noone here? named/called / no one here? named/called
        dont/never know/knew / heard of
        [dont/never] [know/knew / heard of] [that/this person / who that/this is / who youre/you ..3 / anyone
            named/by / them $]
        [got/received/inherited] ..2 this number/phone [last/yesterday/today/recently/this/a/NUMERAL/two/few/and/so
            /from / $]
        just/recently got this? new? number/phone .
        got/have/had/reached/want/need/calling/texting/belonged/looking/for/thats/you ..2 old/previous/prior/former
            /last owner/user/person/holder/owners
        old/previous/former owner/user/holder of this number/phone
        number/phone [was / has been / got] reassigned/recycled
        [not/isnt] [the/that/their/this] right? person/guy/lady/one [you ..6 / youre ..6 / anymore]? .
        not/isnt the right number/person
        not/isnt who you/u/yall think/want/need/are
        number/phone/line [no longer / doesnt/dont] belong/belongs to
        number/phone/line used to belong
        ya no tiene este numero/telefono
        had this number/phone for/since
        he/she/they [doesnt/dont / no longer] ANY? have/has/use/own/uses/owns/live [at/in]? this/here/that
        i/we never/didnt called/call/contacted/contact/texted/hired/hire you/yall/anyone/anybody/this/your !back
        i/we never/didnt [requested/request / ask/asked for] [this/service / any of this / a quote/estimate / an
            estimate]
        no soy esa/ese/el/la/ella/ANY persona?
        esta/este no es ANY $
        no conozco / aqui no vive/hay/esta / no vive aqui / nadie aqui? [se llama / con ese]
        no es el/su/mi numero/telefono/cita/casa / esta persona no / numero ya no es
    """
)
# No spaces between words there, so plain containment.
WRONG_NUMBER_CJK = re.compile("打错|打錯|号码错|號碼錯|错号|錯號|不是我")

# Read as typed, because a name shows by its capital letter.
NOT_ME = re.compile(
    r"(?:\b(?:[Tt]his|[Ii]t)\s*(?:isn|ain)['’]?t|\b[Tt]his\s+is\s+not|\b[Ii]['’]?m\s+not|\b[Ii]t['’]?s\s+not|\bI\s+am\s+not|^\s*[Nn]ot"
    r"|\b[Mm]y\s+name\s+is\s+not|\b[Mm]y\s+name\s+isn['’]?t)\s+(?:(?:Mr|Mrs|Ms|Dr)\.?\s+)?(?P<name>[A-Z][a-z]{2,}|me|him|her)"
    r"\s*(?:[.!?,;]|['’]s\b|$|\s+(?:anymore|sorry|and|you|it|wrong|who|but|[A-Z][a-z]+))"
    r"|\b[Nn]o(?:body named|\s?one named)?\s+(?P<other>[A-Z][a-z]{2,})\s+(?:here|at\s+this|on\s+this|lives)\b"
    r"|\b[Dd]on['’]?t\s+know\s+(?:an?|any|anyone named|anybody named)\s+(?P<unknown>[A-Z][a-z]{2,})\s*(?:[.!?,;]|$)"
)
NOT_ME_LOWER = notation.rules(
    """
    wrong_number.name
        this/it isnt/aint me/him/her .
        this/it isnt/aint mr/mrs/ms ANY .
        ^^ not me/him/her .
    """
)
NOT_NAMES = phrases(
    """
    good | sure | interested | ready | available | happy | working | home | here | okay | now | today | yet | urgent |
    correct | right | fair | cool | the
    """
)

HELP = notation.rules(
    """
    help.who
        who [is/r/are/s / the hell/fuck/heck is/are] this/you/that/yall/it
        whos this/that/texting
        who is? texting/messaging/sending
        who sent / who am i
        what company/business/number is/are this/you/yall
        quien es/eres/habla/me/son / de parte de quien
        what/whats/why [are/is/am/do/did]? these/this/you/i/yall ..2 these? [text/texts/message/messages/about/for
            /number/this / texting/messaging me / getting these/this] [from/for/about]* YOU? .
    help.keyword
        what/how does/is/do/happens/mean ..3 stop/unsubscribe/optout/revoke [do/mean/for/work / $]
        stop/revoke/unsubscribe ,? |? what does/do
        do/should/can i reply/text/send stop/start/yes/help/c/r
    """
)
