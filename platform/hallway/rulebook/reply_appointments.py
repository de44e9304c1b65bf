"""How people confirm, move and cancel appointments."""

from hallway.rulebook.reply_vocabulary import notation

# Words about canceling that are no request to cancel this visit.
LOOK_PAST_APPOINTMENTS = notation.pattern(
    """
    dont/wont/not/never/shouldnt/didnt ..3 cancel~/reschedul~ ..12
    hope you dont ..2 cancel~ ..12
    [did you / was it you that / who] cancel~ ..12
    they/you/yall/guys/company canceled ..12
    no [puedo/quiero/me]? cancel~ cancel~? ..12
    cancel~ culture ..12
    cancel~ the notification/second/other/alarm/fee/charge/order/part/warranty/check/card ..12
    cancel~ my/our/the class/trip/flight/meeting/plans/order/check/card/other ..12
    how do i cancel / does stop cancel / i cancel the other / if i cancel / if i have to cancel / if i need to
        cancel
    """
)

CANCEL = notation.rules(
    """
    cancel.asked
        need/want/like/have/had/got/going/gonna/gotta/wanna/must/will/ill/to/please/can/could/you/should/may/lets/us
            /just/ahead/and/id/we/i/so/then/but/sorry/decided ANY? cancel/canceling ![my trip/card] !again
        ^ cancel/canceling/canceled ANY
        ^ cancel $
        cancel/canceling my/our/the/this/that/it/today/tomorrow/everything
        call/calling off the/my/our/tomorrow/today/it / call it off
        stop/scratch/forget/scrap/nix/skip/kill about? the/my/our/this/that/tomorrows? ANY? appointment/visit
            /booking/call .
        no need for the/a/your tech~/visit/appointment/plumber/guy/crew
        remove/take/drop/get [me/us / my ANY] off/out/from [of/the/your]* schedule/calendar/appointment/books
        cancel~/anul~ !la/tarjeta [la/mi/el/nuestra/esta]? cita/visita/trabajo/servicio
        cancela/cancelar/cancele/cancelen/cancelo/anular/anula la/mi/el/nuestra/esta/todo/manana/lo
            ![tarjeta/cuenta/deuda]
        quiero/necesito/que/deseo/puedo/de/quisiera cancelar/anular ![la tarjeta/cuenta/deuda]
    cancel.dont_come
        dont/no/not/never/skip/needn [need/have/to/even/you/bother/reason/t/send/anyone/come]* come/coming .
        dont/no/not/never/skip [need/have/to/even/you/bother/reason]* come/coming/show/send [up / anyone / the/a
            tech~]? [out/by/over/anymore/today/tomorrow/now/any/more/here/then/DAY]* [. / it/its/we/i/already/got]
        [no longer / dont / wont be? / not going to] ANY? need/needing/want [you/yall/the/your/an/a/to/my/this/that
            /any/tech/come/out/us]* appointment/visit/come/out/service/tech/anymore/today/tomorrow/technician
            /someone/estimate/booking/slot .
        ya no necesito/necesitamos/quiero la/el cita/visita/servicio
        ya? no vengan/venga/vengas
        no necesitan venir / no tiene/tienen que venir / no [es necesario / hace falta] que vengan
    """
)
RESCHEDULE = notation.rules(
    """
    reschedule.asked
        reschedul~/resched~/postpone~/reagend~/reprogram~/pospon~/aplaz~/rebook/raincheck / re schedul~ / rain check
        [DAY / that time/day/date / NUMERAL/time] ANY? doesnt/wont/isnt/not/longer ANY? work/good/possible
        cant make that/the time
        DAY is no good
        bump/move/put/switch me/us/it/that to [next/DAY/NUMERAL / the DAY]
        move/push/change/switch/bump/shift/swap/moved/changed/pushed [it/my/the/our/that/this/to/appointment/visit
            /back/time/date/day/up/for/service/things/out/over/slot]* up/to/for/back/until/till/later/earlier
            /appointment/time/date/day/another/DAY
        another/different/other/better/new/later/earlier ANY? day/time/times/date/slot/week/hour/appointment ![i/we
            call/texted]
        can/could/may/would/lets/possible/any !i/we/you ..6 instead/earlier/later/sooner
        can/could/may/would you/i/we !call/talk/text ..6 instead/earlier/later/sooner
        [DAY / NUMERAL] instead
        instead of [a/the]? DAY/NUMERAL/this/next / rather than DAY/NUMERAL/this/next
        cant/wont/unable/couldnt/not ..4 make/do/be [it/that/there/home/the]? [$ / DAY/NUMERAL/today/tomorrow/until
            /at/then]
        something came up -- cancel~
        can/could we/you/i ..2 do/make/come/try [on/for/at/this/next/it/the/end/of/in]* [DAY/NUMERAL / next ANY]
        cambi~/mover/pasarla/pasarlo/move~/mueva~/recorrer~ [la/mi/el/nuestra/esa/lo]* [cita/visita/dia/hora]?
            [por/favor/para/al/a]+
        cambiar/mover/cambio ANY? cita/visita/hora/fecha/dia
        otro dia / otra hora/fecha
        no puedo ..4 ,? puede/podria/podemos/mejor
    """
)
CONFIRM = notation.rules(
    """
    confirm.said
        confirm/confirmed/confirming/confirmo/confirmado/confirmada/confirmamos !what/if/whether/when/your/with
            ![the price] ![that you]
        see/c you/yall/ya/u/him/them [all/guys]? then/there/tomorrow/today/soon/at/on/in/next/around/later/between
            /DAY
        ill/well/will/shell/hell be here/home/there/ready/around/waiting/available/in
        ahi/aqui/alli estar~ / los/lo espero / nos vemos / los esperamos
        ^ yes/yep/yup/yeah/sure/perfect/great/ok/okay/good/si/that ,? ..3 [works/work / is fine/good/perfect/great /
            still on/good/works/fine]
        [we/im/still / we are / were] ANY? good/set/on for ANY
    """
)
