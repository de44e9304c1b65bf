"""How people ask to be left alone in Spanish, French, Portuguese, Vietnamese, Tagalog, Chinese, Korean and Russian."""

import re

from hallway.rulebook.reply_vocabulary import notation

LOOK_PAST_ES = notation.pattern(
    """
    no me/nos? llame/llamen/llames/marque/marquen !ni/y/o BREAK? ..4 BREAK? ..2 [ES_WRITE/mensaje/mensajes/texto
        /textos]
    no/nunca me/nos? [deja/deje/dejen/dejes/para/pare/paren/cese] de ANY
    no/nunca me/nos? se? deja/dejo/para/paro de? ANY?
    -como dejo/dejaron/paro de ANY
    no quiero/quisiera molestar/escribir/llamar/hablar
    no quiero/necesito mas? el/la servicio/cita/visita/trabajo/cotizacion/estimado/reparacion
    """
)

OTHERS = notation.rules(
    """
    opt_out.es.no_write
        no/nunca/jamas/tampoco/ni [me/nos/le/les/vuelvan/vuelvas/vuelva/volver/a/mas/por/favor/quiero/deseo/que
            /necesito/se/te/sigan/sigas/siga/ya/esten/estes/este/tienen/tiene/permiso/de/sigo]* ES_WRITE
            !ES_CONDITION [ni/y/o me/nos? ES_WRITE]? ES_FILL* [ES_MESSAGES/nada/esto/eso/cosas/porquerias/basura
            /aqui/jamas/nunca/gracias]* ES_FILL* [$ / gracias/porque/estoy/o]
        no me/nos ES_WRITE mas? ES_MESSAGES
        [no mas/quiero/deseo/acepto/quisiera/necesito/autorizo / no me interesa/interesan / nada de / ^ no/ningun]
            ES_FILL* ES_MESSAGES !ES_CONDITION [ES_FILL/ustedes/suyos/texto]* $
        no quiero/deseo mas .
        no quiero/deseo ser contactado/contactada/molestado/molestada
        no/jamas quiero/deseo/quisiera/interesa [seguir/mas/recibir/nada/saber/de/que/me/nos/sus/su/ninguna/ningun
            /ustedes]* [ES_WRITE/nada/ustedes/esto/estos/informacion/publicidad/comunicacion~/contacto/noticias
            /recibir / recibir mas] .
        como [hago/le/puedo/dejo/me/cancelo/paro/detengo/quito/salgo] ..4 [no/de recibir / ES_MESSAGES / baja /
            esta/la lista]
        dejar de recibir
        favor de no ES_WRITE
        no tienen/tiene/doy/autorizo/autorice/di [mi/que/me]* permiso/consentimiento/autorizacion
        no autorizo que
    opt_out.es.stop
        deja/dejen/deje/dejes/dejar/paren/pare/para/parenle/basta/cesen/cese/cesar/termin~/ya/alto/suspend~
            [ya/por/favor]* de/con/a [ES_FILL/estar]* [ES_WRITE/ES_MESSAGES]
        alto/basta/parar/stop [a/de/con/los/las/sus/estos/ya]* ES_MESSAGES
        paren/pare/parar/detengan/detener/detenga/suspendan/suspender/suspenda/cancelen/cancelar/cancele/cancela
            /eliminen/eliminar/desactiv~/quiten/quitar/terminen/bloque~/anul~ ES_FILL* [ES_MESSAGES/suscripcion
            /subscripcion]
        ^ ya? [por favor]? [paren/pare/parenle/parale/parele/basta/detenganse / para ya] [ya / por favor]* .
    opt_out.es.remove_me
        ES_REMOVE_ME [de/del/por/favor/la/las/su/sus/tu/esta/este/lista/listas/sistema/base/datos/mensajes/contactos
            /registro/ya/aqui]* $
        ES_REMOVE [por/favor/todos/ya]* mi/este/el/mis/nuestro/nuestros numero/telefono/celular/datos/nombre
            /contacto/informacion/cel ![del recibo] ![de la factura] !viejo
        que? me pueden/puede/puedes? ES_REMOVE de su/la/sus/tu/esta/esa lista/base/sistema/registro
        dar/darme/darse/denme/dame/deme/den/darnos/dare/doy/dese/date/quiero ..2 de? baja
        quiero/quisiera la baja
        baja de la/su/esta lista
        desuscrib~/dessuscrib~/desubscrib~/desinscrib~
        cancel~ mi/la? suscripcion/subscripcion
    opt_out.es.leave_alone
        dejen/deje/dejar/dejarme/dejenme/dejame/dejeme/dejanos/dejennos [ya/me/nos]* [en paz / tranquil~ / de
            molestar/joder]
        ^ ya? [no me? molesten/molestes/moleste/jodan/chinguen / vayanse / vete / largo de aqui] .
        esto? es acoso/spam/hostigamiento $
    opt_out.es.legal
        revoco/retiro/doy/di/autorizo/dado ..3 consentimiento/permiso/autorizacion
        abogado/abogada/demand~/denunci~/report~/policia/bloque~/corte ..6 si me/nos? vuelv~/sigu~/mand~/envi~
            /escrib~/llam~
        los/las/lo/la/les/te voy/vamos a reportar/demandar/denunciar/bloquear
        voy/vamos a reportarlos/demandarlos/denunciarlos/bloquearlos / voy/vamos a bloquear/reportar este/su numero
        lista de no llamar
        demand~/denunci~/report~ ..4 acoso/fcc/spam/mensajes
    opt_out.fr
        ne? me? FR_WRITE plus/pas
        ne plus me? FR_WRITE
        arret~/cessez ca .
        annul~/cancel~ mon abonnement
        arret~/cessez/cesser/stop [de/d/les/ces/vos/tous/avec]* [messages/textos/sms/textes/courriels / FR_WRITE /
            me FR_WRITE]
        [ne]? veux/souhaite plus/pas [recevoir / de messages/textos/sms]
        plus/pas de message/messages/texto/textos/sms
        desabonn~/desinscri~ / desinscription
        retir~/supprim~/enlev~/effac~ [moi / mon numero/nom / mes ANY]
        laissez/laisse moi tranquille
    opt_out.pt
        pare/parem/parar de/com ..2 mandar/enviar/mensagens/mensagem/escrever/ligar/me
        nao me? mandem/mande/envie/enviem/escreva/escrevam/perturbe/quero
        me remov~ / remov~ meu / descadastr~ / cancelar inscricao
    opt_out.vi
        dung nhan
        dung/ngung/khong/huy ..4 tin / dung/ngung/khong ..2 [lien lac/he / goi nua / lam phien]
        dung/ngung lai di? .
        xoa ..2 so
    opt_out.tl
        tigil/itigil/huwag/wag/tama ..5 text~/pagtext~/magtext~/message/mensahe/itext
    """
)

# No spaces between words there, so plain containment.
CJK = re.compile(
    r"(?:不要|别|別|请勿|請勿|勿|停止|不想|不希望|请停止|請停止)(?:再)?(?:给我|給我|向我)?(?:发|發|傳|传|收到|联系|聯絡|聯繫|打扰|打擾|骚扰|骚擾|扰|擾"
    r"|烦|煩|短信|讯息|訊息|简讯|簡訊)"
    r"|退订|退訂|拒收|取消(?:订阅|訂閱|短信|簡訊|訊息)|(?:删除|刪除)(?:我|號|号|電|电)|名单上|名單上"
    r"|문자 ?(?:그만|보내지)|보내지 ?마|연락하지 ?마|수신 ?거부|그만 ?보내"
    r"|не (?:пишите|присылайте|отправляйте|звоните|беспокойте)|хватит (?:писать|присылать)|прекратите|отпишите"
    r"|отписаться|удалите мой номер|перестаньте"
)
