"""How people ask in English to be left alone: by naming the law, a report or a block, or by telling of a death."""

from hallway.rulebook.reply_vocabulary import notation

THREATS = notation.rules(
    """
    opt_out.legal
        im/ill/will/we/were/youll/expect/about/gonna/going [to/be]* call~/contact~/consult~/hear~/speak~/talk~
            /forward~/alert~/notify~/hire/hiring ..4 LAWYER .
        my LAWYER will contact/call/sue you .
        see YOU in court / take YOU to court / will/going/gonna ..1 be sued / YOU/youll be sued
        file/filing ..3 complaint -- WORK/insurance
        report/reporting/reported ~2 MESSAGES
        CONTACT ..3 again/anymore/more ANY? ,? and/or/ill/im/i/will/well/see ..6 sue/suing/court/LAWYER/report~
            /police/cops/block~/lawsuit/complaint/legal
        will/going/gonna/ill/to/can/i to? sue YOU? . -- WORK
        tcpa/ftc / fcc !licen~ / cease and desist / telephone consumer protection
        dont/no/not call/contact list/registry/database/register
        dnc
        take/taking/pursue/pursuing/seek legal action
        report~/complain~/file/filing/filed/turn/turning ..5 fcc/ftc/spam/junk/harassment/7726/federal
            !folder/filter
        report~/complain~/file/filing/filed/turn/turning ..5 [attorney general / dont call / better business]
        flagged/marked/reported/flagging/marking/reporting ..2 as spam/junk !folder/by/so/but -- email/invoice/found
        CONTACT ..8 filing/complaint/sue/suing/lawsuit / CONTACT ..8 report/reporting you/this/it/yall
        CONTACT ..8 legal action
        [one more / another] text/message ..6 sue/suing/police/fcc/ftc/LAWYER/report/block~/court
        LAWYER ..6 if ..6 CONTACT
        [if/next] ..2 CONTACT/message/one ..7 LAWYER/sue/suing/report~/fcc/ftc/police/court/legal/block~/lawsuit
        LAWYER/sue/suing/report/police/court/legal/block if/next ..6 CONTACT/hear
        sue/suing/lawsuit ..8 [MESSAGES/harass~] / LAWYER ..6 these/your/the texts/messages
        harassment
        illegal/unlawful to CONTACT
        [this is / youre/its/now/considered/constitutes/borderline/straight / you are] ANY? harassment/harassing
            /spamming/unwanted/unsolicited
        MESSAGES ..2 unwanted/unwelcome/intrusive/illegal / MESSAGES ..2 not/arent/isnt welcome/wanted
        unlawful/illegal/unsolicited/unwanted texts/text/messages/message/contact/calls
        illegally? illegal/illegally CONTACT
        breaking/violating/against the law
        report/reporting/reported you/yall/this number? $
        [you / you have / youve / your number] [has/have/been/being/will/be]* reported $
    opt_out.blocking
        im/ill/i/ive/we/were/well/will/am/be/gonna/to/now/just/has/have/and [be/have/been]? block/blocked/blocking
            [you/u/yall / this/your/the number/phone/MESSAGES] !off
        ^ block/blocked/blocking [you/me/this/my/your/number/and/deleted/reported/reporting/from/texting/spam]* .
        -is/was you/youre/your/number/this/u/yall/youve [have/has/been/being/are/r/number/getting/now]* blocked .
        consider yourself/this ANY? blocked
        step is blocking/reporting you
        -i/dont/wont/not/to/is/are/was/car/truck blocking/reporting [you / this/your number/company/phone] !off
        [blocked/block and / and block] ANY? deleted/delete/reported/report
    opt_out.died
        [KIN/owner] ..3 died/passed/dead/deceased/gone BREAK? ..3 BREAK? ..4 remove/delete/take/stop/unsubscribe
            /update
        remove/delete/take/stop ..8 BREAK? KIN ..2 died/passed/dead/deceased
    """
)
