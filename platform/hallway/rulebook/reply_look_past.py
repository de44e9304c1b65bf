"""Wording that holds a stop word and is no request: cut out first, so that a real request beside it still counts."""

from hallway.rulebook.reply_vocabulary import notation

# About a person who answers for somebody else, about calls or mail, or about a text that did not come.
LOOK_PAST_PERSON = notation.pattern(
    """
    [dont/never/not/no] ~1 CONTACT [or ANY]? PERSON
    stop/quit CONTACT [or ANY]? PERSON [,? text/call/contact/message me / ..8 text/call/contact/message me]
    never/no ~2 TEXTED back $
    [no/dont/not need/have to / no need to] call/text/reply/message/respond ![me? AGAIN] ![us? AGAIN] [me/us]? back?
    dont/stop/no/quit/not/rather/cant ~2 call/calling/calls/phone [me/us / my ANY / this line/number/phone]?
        [please/back/anymore]? BREAK? [and/or just/only/please / but/i/please/just/only/rather/instead/im/at/in/work
        /a/meeting/you/can/should/to/prefer / so/deaf]* ,? [please/just/only]* text/texts/texting/message/txt ![,?
        or/and/nor/AGAIN] !back [only/instead/me/is/please/ok/okay/fine/works/better/best/not/dont]*
    dont/not/no call/calls/calling/phone [me/us]? please? BREAK [!dont/no/not/stop/never/quit/or ANY]* BREAK
        [just/please/only]* text/texts/message me? [please/only/instead / is/are/works ANY]? $
    text/texts/message me? ..2 [instead of / rather than / not/dont/never/no over] [a/the]? call~/phone me?
    -no/not text/texts/message/texting me? [please/only/works / is better/best]* BREAK? please? dont/no/not/stop a?
        call/calling/calls/phone me? !or/and
    never/didnt/nobody/noone/hasnt/havent [been/one/has/yet/ever]* texted/contacted/called/messaged [me/us/him/her]?
        back? [$ / yet/about]
    no one [has/ever]* texted/contacted/called/messaged [me/us/him/her]? back?
    dont/no call/calls/calling [me/us]? before/after/until/till/at/between/during/while/on/yet/right/today/im/i
        /unless/when/if ..12
    [no/havent/didnt/never/not/wasnt/any / dont have/see/get / there was/is/are] [got/have/any/get/receive/received
        /was/is/are/see/seen/a/your/the/of/those/more/new/getting/receiving/my/i/yesterdays/last/confirmation
        /reminder/no]* text/texts/message/messages/sms/notification/notifications/reminder/reminders/alert/alerts
        /update/updates/contact/followup yet/from/came/on/about/for/today/received/last/was/yesterday/so/with/that
        /in/at/saying/since/coming ![you please/anymore/again] ![you $] ![your company] ![this number] ![yall $]
        !ever ..12
    -you/yall/why dont please? remove/take/drop/delete/unsubscribe/optout me
    dont send to
    optout fee/option/form/clause / the/an optout / optout for the/a
    dont/not want/need a subscription/text/reminder/message
    why no MESSAGES
    dont text/message me the/a/my/your !number ANY
    have no text/texts/message/messages from
    never/didnt/havent ever? get/got/receive/received/see/seen ..3 text/texts/message/messages/reminder/reminders
        /notification/notifications/alert/alerts/update/updates/quote
    unsubscribe/optout/remove/take/stop [!text/texts/texting/sms/messag~/message/messages/all/every ANY]* email
        /emails/newsletter/newsletters/mailers/mailer/postcards/postcard/mail ![and/or text~/sms/messag~/call~]
        [list/lists/newsletter/newsletters]*
    optout/unsubscribe/remove/take ~1 [of/off/from] [the/your/this/that/an/any]? ANY? warranty/plan/inspection
        /protection/service/duct~/maintenance/filter/upgrade/insurance/financing/addon/option/membership/cleaning
        /autopay/hold/speaker/schedule/calendar
    remove/take/delete/get/put/keep/leave ..4 [off/from/out of?] [the/my/this/your]? NUMERAL? slot/schedule/calendar
        /waitlist/invoice/bill/quote/estimate/hold/roof/account/truck/speaker/deed/title/contract/card/wall/house
        /driveway/property/books/tax/price/total
    take NUMERAL off
    dont/never send me? ![another text/message] ![a single text/message] the/a/an/him/her/that/another/anyone
        /anybody/someone/somebody/your/over/out/same/in/my ..12
    """
)

# The words themselves in their ordinary senses.
LOOK_PAST = notation.pattern(
    """
    what does/do/is/would/happens/if [if/i/you/it/the/word/text/say/send/reply/type/hit/press/answer/with/mean]*
        KEYWORD [do/does/mean/means/stand/work / $] ..8
    how does KEYWORD work
    KEYWORD BREAK? what does/do that/it/this mean/do
    -times if/when/should/do/can/must/does/would/could i [just/also/ever/have/need/to/really]* reply/text/send/say
        /type/answer/press/hit back? [with / the word]? KEYWORD [or ANY]?
    says/say/said/saying/read/reads [to/that/i/can/should]* reply/text/send KEYWORD [to ANY]?
    [am/are/did/was/were/have] i/you/yall [being/already/get/just]* unsubscribe/optout/block/blocked/blocking
        /reporting me?
    [did/didnt/do/does/have/has/when/why] you/yall/u/they/he/she [already/just/ever/even]* stop/stopped [by /
        TEXTED/sending me?]? ![when / after i]
    glad/happy/thankful/hope/love/good/grateful/great/nice/appreciate that? YOU never/dont/didnt/wont/havent ..1
        stop
    -why/you/yall/they/texts/messages dont/didnt/never/not/wouldnt/shouldnt/havent [you/ever/want/it/them/these/this
        /to/need/have/please/the/we]* stop/stopped/quit/optout/unsubscribe/end/cancel !means
    -why cant/couldnt/hasnt/doesnt/isnt/wont/arent/without/unable/kept/nothing ANY? stop/stopping/quit/quitting/end
        /stops !TEXTED
    keep/keeps !say/saying/tell/telling/ask/asking/text/texting/repl~/send~/typ~/writ~ ANY? stop/stopping !TEXTED
    until it/he/they/you/i/we ANY? stop/stopping/quit/end
    WORK [ANY/not]? [does/will/would/wont/cant/doesnt/can/to/just/suddenly/should/has/had/have/did/didnt/not/never
        /needs/is/going]* stop/quit/end/stops/stopped/stopping/quits/ends/ended/quitting/ending ![TEXTED/sending]
    bus/truck/pit/rest/door/back/full/hard/one/non/short/whistle/gas/corner/first/next/last/another/each/every
        /second/train/subway/metro/trolley/quick/angle/curb/water/a/1st/2nd/3rd/final/only/dead/emergency/e/loading
        /pull/wheel/slider/tank/pressure/limit/drawer/taxi/draft/way/shutoff/main/off stop/stops !TEXTED !sending
    the/your/my/our/his/her/their stop/stops is/on/in/at/for/sign/valve/button/was/and/cock/needs
    stop cock/cocks/valve/valves/sign/signs/light/lights/watch/gap/gaps/box/bath/collar/end/ends/loss/leak/payment
        /payments/order/button/switch/moulding/molding/strip/bleeding/work / stopcock~
    stop by/here/there/out/back/past/around/through/along/near/into/outside/inside/off/after/before
    stop in ![the name]
    stop over ![and over]
    stop at !once/all
    stop and see/look/say/pick/check/grab/get/talk/visit/take/give/chat/measure/ring/knock/show/sign/think
    stop on by/over/your/the/our/his/DAY
    stop for gas/lunch/parts/part/coffee/a/the/some/breakfast/food/an
    stop when you / stop if you see/hear/want/need / stop me if ..8
    stop to see/look/check/get/pick/grab/say/visit/talk/give/drop/measure/take
    stop on? this/next? !today DAY / stop tomorrow/anytime/whenever/sometime / stop around NUMERAL / stop real quick
        / stop first thing
    [to/will/would/can/could/must/help/please/then/how/you/i/we/it/and]* stop/quit/end/stopping [the/this/that/my/it
        /from/a/our/all/any]* !doesnt/isnt/didnt ANY? WORK !TEXTED
    make/making/get/getting it/that/the ANY? to? stop !TEXTED !sending ANY
    does/did/will/would/when/why/until/if/once/after/before [will/did/does]? [it/that / the ANY] ANY? stop/quit/end
    i/we/he/she need/needs/had/have/has/got/want/wants/can/could/will/would/try/tried/may/might/should/going to?
        stop/quit !getting/receiving/these/texts/all/TEXTED ![the texts]
    ill/let/well/id/gonna/going/want/wants [just/me/to]* stop !getting/receiving/these/texts/TEXTED
    in/at/by/until/till/through/toward/near/since/before/around/on/the/dead/back/front/deep/low/high/rear/far/other
        /year/month/week/day/tail/west/east/north/south/open/gable/both/which/loose/each end/ends of?
    bus/curb/side/car/card ends? in / ends/ending/ended in/at/with/up / end/ended up / end unit/table/cap
    card/flight/trip/policy/meeting/class/game/school/party/check/other ..2 cancel/canceled/cancelled
    cancellation~/noise cancel~ / cancellation~
    take/took/taking/get/getting/knock/knocked ..3 off the? price/bill/total/roof/wall/invoice/quote/estimate/table
        /truck/curb/street/sink/hold/speaker/mute/shoes/on/tax/work
    put a stop on / why is your/my/this number blocked
    he/she/someone/somebody/anyone/anybody/who/tech/technician/guy/driver/plumber/crew/team/him/tenant/neighbor
        /inspector/electrician/guys ..2 stop/end/quit !TEXTED
    can/could/would/will/able/free ..2 stop today/now/this/next/around/about/between/anytime/any/whenever/real/first
        /soon/sometime/later/early
    stop bye/buy / stop being so ANY / stop laughing / stop making me laugh
    at/to/past/from/near/by/before the/my/that/this/our ANY? stop
    says/heard/thought that? YOU dont/never/wont stop
    time/when do yall quit
    """
)

# The sender's own footer, quoted back inside a longer message.
FOOTER = notation.pattern(
    "reply/text/send/type back? with? stop [to/2 optout/unsubscribe/end/cancel/stop/quit MESSAGES?]?"
)
