"""How people ask in English to be left alone: not wanted, take me off, leave me alone, no consent."""

from hallway.rulebook.reply_vocabulary import notation

REFUSALS = notation.rules(
    """
    opt_out.unwanted
        [dont/not/never/didnt/rather/prefer / no longer / do i] ~2 want/wanna/wish/need/care/like/interested
            /appreciate [to/in/for/any/longer/anymore/receive/receiving/get/getting/be/being/have/hear/hearing/see
            /seeing/on/part/FILL/you]* [MESSAGES/texted/messaged/contacted/solicited/bothered/called/emailed /
            your/this list / from you/yall / from your/this company/number/business] !plan
        [dont/not/never / no longer] ~1 want/wanna/wish/need/care/like/interested/appreciate/enjoy [to/in/for
            /receive/get/receiving/getting/see]* [these/this/those/them / any more? of this/these / stuff like this
            / any more] [AGAIN / at all]? .
        [dont/not/never / no longer] ~1 want/wanna/wish/need/care/like ~3 hear/hearing ANY? from/back !him/her/the
            ![you until/before/till/today/about]
        rather/prefer/want/like/wish/ask/request ~2 not/no/never ~4 texted/messaged/contacted/bothered/these
            /MESSAGES
        prefer/rather/appreciate/like/love/better/happier/great [it/if/that]* YOU didnt/dont/wouldnt/not/never/stop
            /stopped/quit ANY? [CONTACT/SENDING]
        hate/despise/tired/sick/annoyed/fed/over/done/hated/stand [of/by/with/at/about/up/already/getting/receiving
            /w]* FILL* [MESSAGES/these/texted/spammed/contacted] .
        tired/sick/done/enough [of/with/w/already/getting/receiving]+ FILL* [MESSAGES/TEXTED]
        [dont/didnt / not a] like/appreciate/enjoy/fan [of/getting/receiving]* FILL* [MESSAGES/these] .
        ^ thats? enough of? FILL* MESSAGES .
        didnt/never/havent/dont ~1 sign/signed/ask/asked/subscribe/subscribed/agree/agreed/consent/consented/request
            /requested/authorize/authorized/solicit [up/me/you/yall/anyone/any/my/for/to/get/receive/receiving/be
            /getting/anything/your/number/text]* [these/this/it/that/texted/list/MESSAGES / any of this] !plan
            /warranty/quote/estimate/service/charge/price/job/part/unit/time/day/appointment/visit/work
        didnt/never/havent ~1 optin ![to the plan/warranty/membership]
        didnt/never/havent/dont ~1 subscribe/subscribed/consent/consented/optin [to/for/give/it/this]* .
    opt_out.remove_me
        REMOVE [all/please/of/both]* ME !as/a/an/line/note/if/when/until !OTHERS ![and use/add/put/keep/replace/call
            /text] ![off at]
        take/get/pull/cross/leave/keep/want/need/put/move [please / to be]* [ME/number/name] [to be /
            removed/taken]? off/of/out/from FILL* ~2 LIST
        take/get/pull/keep/leave please? [ME/him/her/them] off/out [of/FILL]* [LIST/this/here/it/that]? .
        REMOVE/take/get/taking/like/want ~4 off/of/from/out [of/FILL]* ~1 list/lists/database/system
        request/requested/requesting/want/ask/asking for? removal
        REMOVE please? [number/from/name / off of?]+ ~3 LIST
        taken/removed/deleted/dropped/unlisted off/from/out FILL* ~2 LIST
        take/get/remove ME off .
        block/blacklist [ME / my/this number] !in
        want/get/im/me/us out of FILL* [MESSAGES / ~1 LIST]
        [^ / please/me/us/want] off [of/FILL]* ~1 list/lists .
        i/we want off .
        [want/like/asked/need/asking/wish/can/could/may/please/have/requested/get/request !a/an/some/the/these/those
            / ^ be] ~4 removed/deleted
            /unlisted/taken [off/from/please/now/of/the/this/your/all/any/list/system/database/asap/immediately/last
            /before/already/twice/week/weeks/month/days/time/times/ago/NUMERAL]* $
        wrong number BREAK please? delete/remove .
        [^ / please/and/just/to] remove .
        ^ remove this/yourself? .
        take/remove/delete PHONE !and
        NUMBER ..6 BREAK? ~6 remove/delete/lose/forget it .
        taking/removing/getting/deleting ME ~1 off/from/out
        [lose/forget/loose/toss/burn/trash/dump/ditch / throw away / stop/quit using / get rid of] [you have/know]?
            my/this/our number/info/contact/digits/name/phone
        how/where/who/what ..4 [get off / get/be removed / remove myself / leave this/the list/group /
            cancel/end/stop/turn these/this/them / stop getting/receiving / stop all/the ANY? texts/messages / make
            these/this/them stop]
        unsubscribe/optout ![of ..2 warranty/plan/inspection/protection/service/maintenance/filter/upgrade
            /insurance]
    opt_out.email_instead
        ^^ [hi/please/ok/just/only/by/via/use/me]* email/mail me? only .
        ^^ [hi/please/ok]* only [by/via]? email/mail me/us? .
        only/just/please/rather/prefer you? contact/reach/write/message to? me/us only/just?
            by/via/through/with/at/on my? email !address/about/the/for
        no text/texts/texting please? ,? [just/only]? email
        use email not/instead ..1 text/texts/texting/sms
        contact/reach/write me/us by/via/through email [only/instead / and? not / rather than]
    opt_out.leave_alone
        leave [me/us/MINE / my family/wife/husband/mom/mother/dad] ..3 alone/be !until/till
        leave me/us in peace
        [^ / please/just/and/now] [go/stay away / fuck/piss/bugger/eff/screw/buzz/bug off / shut up / back off] .
        [^ / please/just/and/now] [go away / fuck off / shut up] and/from/already/you
        leave [me/us/MINE] out/off/outta ![a/the/of the quote/estimate/invoice/note]
        get me/us outta/out of? this/your/here/these
        get/stay ~2 [off / out of] my phone/life/cell/line
        quit it .
        forget i/we exist
    opt_out.consent_withdrawn
        revok~/withdr~/rescind~/retract~/cancel~/terminat~/remov~/pull~ ..3 consent/permission/authorization/optin
        consent/permission [is/was/has/been/hereby]* revoked/withdrawn/rescinded/denied
        without/no [my/any]? PERMISSION [$ / to CONTACT / to send/use]
        dont/never/not/no/didnt/havent/hasnt/who [have/had/given/give/gave/got/you/longer/anyone/yall]+ [my/any/our
            /you/yall/the/prior/written/express/NUMBER]* PERMISSION [$ / to CONTACT / to send/use/my / for MESSAGES]
        not/never/no/isnt/arent/werent/dont/doesnt/without/nobody ..2 authorized/allowed/permitted/right/business
            /reason/welcome/approved ANY? [to/for]? be? [CONTACT/send/sending / use my] !him/her/them/the
        i dont/never/didnt consent/optin ![to the work/charge/repair/price]
        i dont give consent
    """
)
