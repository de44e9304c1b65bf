"""How people ask in English to be left alone: stop, end, I told you, do not."""

from hallway.rulebook.reply_vocabulary import notation

STOPS = notation.rules(
    """
    opt_out.stop_messages
        STOP ~6 MESSAGES/CONTACT
        STOP ~5 SENDING
        STOP !by/in/at/the/over !to ~2 TEXTED
        stoop ~1 TEXTED
        stop/quit w/with this/these/those/that/it .
        stop/quit asking [me/us/for/to]? ..3 PROMO
        stop/quit the? calls/call/calling/emailing/emails and/or/n texts/text/texting
        stop/quit sending .
        stop/quit wasting my/our time
        put/putting a/an stop/end to [it/this/these/all / the? MESSAGES]
        [knock/lay/cut it? off/out? with? / done with / no need for] ~4 texts/messages/texting/spam/sms
    opt_out.end_messages
        -save/alarm/was/card/visit END FILL* MESSAGES !fee/sticker/light/in/about ![on the/your/my
            end/app/thermostat]
        turn/shut/switch/cut ~4 MESSAGES/these off
        turn ~2 this/them off
        make/get [these/this/them / it all / all this / ~4 texts/messages] ANY? to? stop
        cancel/stop/remove/end these .
        cancel/end ~4 texts/messages/notifications/alerts/reminders
        ^ cancel/remove [all / all of them/these / everything from you] .
    opt_out.stop_then_why
        ^^ [please/just/no/yes/ok]* stop/stopall/unsubscribe/quit please? i/im/ive/we/weve/were/you/youre/yall/this/or
            /not/already/wrong/who/no/dont/never/have/got/it/its/she/he/they -- WORK/house/address/turn/go/passed
            /driveway/drive/road/left/right
        ^^ [please/just/no/yes/ok]* stop/stopall/unsubscribe/quit my -- WORK/service/plan/account/card/order/project
            /auto
        ^^ [please/just/no/yes/ok]* stop/stopall/unsubscribe BREAK no/not/i/im/ive/we/weve/were/my/already/you/who
            /this/dont/never/nobody -- address/turn/go/driveway/road/gate/wait
    opt_out.told_to_stop
        told/asked/begged/telling/asking/requested ~6 to stop/quit/cease !STOPOVER !WORKING
        told/asked/begged YOU ..3 to stop/quit/cease !STOPOVER
        told/asked/begged YOU ~4 stop .
        i/we/ive/weve/already/times/have/just/im/was/keep/kept/didnt/once/again/part/of ~2 SAY ~7 [stop/quit/cease
            /unsubscribe/optout !STOPOVER / not to TEXTED / not to be]
        request/notice/demand/warning/order ANY? [to / that you / for you to] STOP !the/my/WORK
        YOU/this/that/these/those/it/MESSAGES/company/harassment/bs/shit/crap/everyone/somebody [really/all/of/just
            /absolutely/seriously/better/now/MESSAGES]* [need/needs/has/have/got/must/gotta/should/better/had
            /ought]+ to? [please/just/seriously/really]* stop/end/quit/cease !STOPOVER !WORKING
        [please/kindly/better/both / -do/did/time/when you/yall/u / -it/he/she/had just / would you mind] [please
            /just/not/kindly/all/guys/fucking/seriously/immediately/u]* stop/cease/stopall/quit/stopping
            [it/this/that/these/them / all of this / with this / all this / for good / the madness]? .
        want/need/like/asking/rather/love/appreciate ..2 it/this/these/those/them/you/yall/all/MESSAGES [MESSAGES
            /guys/all/to/just/please/would/if/you/could]* stop/stopped/end/ended/gone .
        YOU/these/texts/messages/company [just/still/really]? never/wont/dont/cant/havent/refuse [to/ever/even]*
            stop/stopped/quit ~3 [TEXTED/sending/send/coming / even after]
        what/which part of ..3 stop/no
        [stop means / what stop / understand ..2] stop/means/no .
        [your/the]? stop/unsubscribe/optout doesnt/isnt/didnt/not work/working $
        to stop these/receiving/getting ~5 .
        ^^ [reply/text/send/txt]? KEYWORD to/2 optout/end/quit/stop/unsubscribe/cancel $$
        MESSAGES/annoying/harassment/illegal/unwanted ..8 stop $$
        if YOU/this/it/these MESSAGES? dont/doesnt/wont stop/quit $
        why dont/wont/cant YOU/these/this just? stop [TEXTED/sending / $]
        still getting/receiving/get/receive/sending/texting/being ..4 after/even/despite ..4 stop/unsubscribe/optout
            /asked/told
        unsubscribe/optout/stop ..5 and/but/yet/why [i/im/am/do/you/youre/are/keep/keeps]* still/again/keep
        ^^ ..12 -to/it/that/he/she/they/will/would/can/the/a/my/next/bus/first/last/and/not/we/i/way/guy/NUMERALS
            stop [it/this/now/that]? $$ -- WORK/how/what/should/when
    opt_out.do_not_contact
        NEVER KEEPING* CONTACT ALSO* [to/with? ME / it !to / here / on/at/with this number / with text/texts / about
            this/anything / about your ANY / this household / anyone / AGAIN/please/thanks/back / no more / at all /
            in any way / by any means] !CONDITION
        NEVER KEEPING* TEXT ALSO* . !CONDITION
        YOU dont/never ever? TEXTED me/us/MINE ANY? AGAIN
        no/dont/not/never ANY? need/have for? you? to [keep/continue/be]* [CONTACT/SENDING] ME? AGAIN
        no need to keep/continue CONTACT
        dont receive/get [any/more/anymore/these/further/another]+ MESSAGES? .
        ^ [please/hi]? no/not text/message/contact/send/sms [me/more/no/any/again/message/text/messages/texts/please
            /this/number/to/us]+ .
        not/no [another / one more / a single / further] MESSAGES .
        not/dont do/doing the/this/these TEXTED
        dont ever? use this number
        shouldnt be on this/your/the/any ANY? list
        decline/declining/refuse/reject/rejecting/refusing [to/receive/accept/get/all/any/further/your/these/more
            /future]* MESSAGES
        not/isnt/arent to be TEXTED
        dont/not/never/cant/wont accept/permit/allow/authorize/welcome/condone/take FILL* [MESSAGES/solicit~]
        [dont/not/never / no longer] [get/receive / be sent] [any/more/anymore/further/another/these/one/from/you]+
            MESSAGES
        get/receive/want/see/have no ~3 MESSAGES
        [dont/never/not / refrain from] [you/ever/please/even/keep/bother/be / want you to]* SENDING
        -have/got/see/get/getting/had/are/was/were/any no [more/further/additional/longer]* FILL* texts/text/texting
            /messages/messaging/sms/mms/contact/communication/communications/spam/notifications/alerts [or/and ANY]?
            [by/via/over text/sms/phone]? needed? [from you/this/your/yall ANY? ANY?]? [to me/this ANY?]? [for me]?
            .
        dont/not/never want/need anyone/YOU to? CONTACT
        no more CONTACT ME .
        ^ no TEXT/texts/calls ,? no TEXT/texts/calls
        no more [FILL* MESSAGES / of? FILL* these/this/those/it] .
        no reminders/solicit~ .
    """
)
