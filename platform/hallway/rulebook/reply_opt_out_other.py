"""How people ask to be left alone in Spanish and other languages."""

from hallway.rulebook.reply_rules import CLOSE, rule

WRITE = (
    r"(?:mand(?:en|es|e|ar|arme|arnos|ando|andome|eis)|envi(?:en|es|e|ar|arme|arnos|ando|andome|eis)"
    r"|escrib(?:an|as|a|ir\w*|iendo\w*)|texte\w+|mensaje(?:en|es|e|ar)|contact\w+|molest\w+|mensajee\w*"
    r"|chat\w+|fastidi\w+"
    r"|jod\w+|chingu\w+|chingando|comuni\w+|acos\w+|hostig\w+|spam\w*|insist\w+|notifi\w+|marcand\w+"
    r"|marqu\w+|llam(?:en|es|e|ar|arme|ando)|habl(?:en|es|e|ar)|busqu\w+)"
)
MESSAGES = (
    r"(?:mensajes?|textos?|sms|msjs?|notificaciones|recordatorios|alertas|avisos|mensajeria"
    r"|promociones ni mensajes|spam|correos ni mensajes)"
)
ES_FILL = (
    r"(?:de|con|los|las|sus|tus|estos|esos|este|esta|mas|me|nos|a|al|mi|mis|numero|telefono|celular|cel"
    r"|tantos|tanto|todos|todas"
    r"|por|favor|ya|el|la|su|tu|que|mandar|enviar|recibir|recibiendo|ningun|ninguno|automaticos|ni"
    r"|llamadas|o|y|otros?|otra|vez|vuelvan|vuelvas|volver|nunca|jamas)"
)
PREFERENCE = (
    r"(?! (?:despues|antes|hasta|cuando|si|entre|durante|en la|los (?:domingos|sabados)|tan|el (?:domingo"
    r"|sabado)|al (?:trabajo|mismo)|la factura|el recibo|a mi|a las|al tecnico|otro|la cotizacion"
    r"|el estimado|en el))"
)

LOOK_PAST_ES = (
    (
        r"no (?:me |nos )?(?:llam|marqu)\w+ (?:[|,] )?(?:(?:estoy|ando) \w+"
        r" (?:\w+ )?(?:[|,] )?)?(?:por favor )?(?:mejor |solo )?(?:mand|envi|escrib|text)\w+(?: \w+)?"
    ),
    r"(?:no|nunca) (?:me |nos )?(?:dej\w+|par\w+|ces\w+) de (?:\w+)",
    r"(?:no|nunca) (?:me |nos )?(?:se )?(?:deja|dejo|para|paro) (?:de \w+)?",
    r"(?:ya )?(?:dejo|dejaron|paro) de \w+",
    (
        r"(?:ya no|no) (?:quiero|necesito)(?: mas)? (?:el|la) (?:servicio|cita|visita|trabajo|cotizacion"
        r"|estimado|reparacion)"
    ),
)

OPT_OUT_ES = (
    rule(
        "opt_out.es.no_write",
        (
            r"(?:no|nunca|jamas|ya no|tampoco)(?: (?:me|nos|le|les|vuelvan|vuelvas|vuelva|a|mas|por|favor|quiero"
            rf"|deseo|que|necesito|se|te|sigan|sigas|siga|ya))+ {WRITE}(?:me|nos)?{PREFERENCE}(?: (?:ni|y|o) (?:me "
            rf"|nos )?{WRITE})?(?: {ES_FILL})*(?: (?:{MESSAGES}|nada|esto|eso|cosas|porquerias|basura|aqui|jamas"
            rf"|nunca|gracias))*(?: {ES_FILL})*(?= [|,]|$| gracias| porque| estoy| o )"
        ),
        (
            rf"(?:no|nunca|ya no) (?:texte\w+|molest\w+|mensaje\w+|contact\w+|mand\w+ (?:mas )?{MESSAGES}|envi\w+"
            rf" (?:mas )?{MESSAGES}|escriban|escribas|escriba){PREFERENCE}(?: {ES_FILL})*(?: {MESSAGES})?(?= [|,]"
            r"|$)"
        ),
        rf"no (?:me|nos) \w+en (?:mas )?{MESSAGES}",
        (
            r"no (?:mas|quiero|deseo|acepto|quisiera|necesito|me interesa"
            rf"|me interesan)(?: {ES_FILL})* {MESSAGES}{PREFERENCE}"
        ),
        (
            r"(?:ya )?no (?:quiero|deseo|quisiera|me interesa)(?: seguir| mas| recibir| nada| saber| de| ustedes"
            rf"| que| me| nos)*(?: {WRITE}(?:me|nos)?| recibir(?: mas)?(?: de)?(?: ustedes| esto| nada| estos)?"
            rf"| nada de ustedes| saber (?:nada )?de ustedes| mas de esto| estos){CLOSE}"
        ),
        rf"no (?:esten?|estes) (?:{WRITE})",
        r"no (?:manden|mandes|mande|envien|envies|envie)(?: mas)" + CLOSE,
        (
            r"(?:no|ya no) (?:quiero|deseo|me interesa) recibir(?: (?:mas|su|sus|ninguna|ningun|nada|de))*"
            r" (?:informacion|publicidad|comunicacion\w*|contacto|noticias|ustedes)"
        ),
        (
            r"como (?:hago|le hago|puedo|cancelo|paro|detengo|quito)(?: \w+){0,3}? (?:no recibir"
            rf"|dejar de recibir|{MESSAGES})(?: mas)?(?: {MESSAGES})?"
        ),
        rf"dejar de recibir(?: {ES_FILL})* {MESSAGES}",
        rf"no {MESSAGES}{CLOSE}|nada de {MESSAGES}",
    ),
    rule(
        "opt_out.es.stop",
        (
            r"(?:deja|dejen|deje|dejes|dejar|paren|pare|para|parenle|basta|cesen|cese|cesar|termin\w+|ya|alto"
            rf"|suspend\w+)(?: (?:ya|por|favor))* (?:de|con|a)(?: {ES_FILL})* (?:{WRITE}|{MESSAGES})"
            rf"|(?:alto|basta|parar|fin|stop)(?: (?:a|de|con|los|las|sus|estos))* {MESSAGES}"
        ),
        (
            r"(?:paren|pare|parar|detengan|detener|detenga|suspendan|suspender|suspenda|cancelen|cancelar|cancele"
            rf"|cancela|eliminen|eliminar|desactiv\w+|quiten|quitar|terminen|bloque\w+|anul\w+)(?: {ES_FILL})*"
            rf" (?:{MESSAGES}|suscripcion|subscripcion|suscripciones)"
        ),
        (
            r"(?:^|[|,] )(?:ya )?(?:paren|pare|para(?= ya)|parenle|parale|parele|basta|detenganse|alto)(?: ya"
            r"| por favor)*"
            rf"{CLOSE}"
        ),
    ),
    rule(
        "opt_out.es.remove_me",
        (
            r"(?:quit|borr|elimin|sac|retir|tach|remuev|remov|saqu|dese?ch|olvid|quiten|bloque|desuscrib)\w*(?:me"
            r"|nme|nos)(?: (?:de|del|por|favor|la|las|su|sus|tu|esta|este|lista|listas|sistema|base|datos|mensajes"
            r"|contactos|registro|ya))*(?= [|,]|$)"
        ),
        (
            r"(?:quit|borr|elimin|sac|retir|tach|remuev|remov|saqu|olvid|pierd|bloque)\w*(?: (?:por|favor|todos"
            r"|ya))* (?:mi|este|el|mis|nuestro)(?: (?:numero|telefono|celular|datos|nombre|contacto|informacion"
            r"|cel))(?! (?:del recibo|de la factura|viejo))"
        ),
        (
            r"(?:que me|me|me pueden|me puede|me puedes) (?:quit|borr|elimin|saqu|saq|remuev)\w+ de (?:su|la|sus"
            r"|tu|esta|esa) (?:lista|base|sistema|registro)\w*"
        ),
        (
            r"baja de (?:la|su|esta) lista|(?:dar|darme|denme|dame|deme|den|darnos|dare|doy|dese"
            r"|date)(?: \w+){0,2} de baja"
        ),
        r"(?:desuscrib|dessuscrib|desubscrib|unsubscrib)\w*",
        r"cancel\w+ (?:mi |la )?(?:suscripcion|subscripcion)",
    ),
    rule(
        "opt_out.es.leave_alone",
        (
            r"(?:dejen|deje|dejar|dejarme|dejenme|dejame|dejeme|dejanos|dejennos)(?: (?:ya|me|nos))*(?: (?:en paz"
            r"|tranquil\w+"
            r"|de molestar|de chingar|de joder))"
        ),
        (
            r"(?:^|[|,] )(?:ya )?(?:no (?:molesten|molestes|moleste|me molesten|jodan|chinguen)|vayanse"
            r"|largo de aqui|vete)"
            rf"{CLOSE}"
        ),
    ),
    rule(
        "opt_out.es.legal",
        (
            r"(?:revoco|retiro|no doy|nunca di|no autorizo|no autorice|no he dado)(?: \w+){0,3} (?:consentimiento"
            r"|permiso|autorizacion|que me|mensajes|textos)"
        ),
        (
            r"(?:abogad\w+|demand\w+|denunci\w+|report\w+|policia|bloque\w+|corte)(?: \w+){0,6} (?:si|otra vez|porque)"
            r" (?:me |nos )?(?:vuelv|sigu|manda|mande|envia|envie|escrib|llam|texte|contact)\w*"
        ),
        (
            r"(?:los|las|lo|la|les|te) (?:voy|vamos) a (?:reportar|demandar|denunciar|bloquear)|(?:voy|vamos) a"
            r" (?:reportar|demandar|denunciar|bloquear)(?:los|las|lo|la|te)"
        ),
        (
            r"lista de no llamar|(?:demand\w+|denunci\w+|report\w+)(?: \w+){0,4} (?:si (?:me )?(?:vuelven|siguen"
            r"|vuelve)|por acoso|fcc|spam|mensajes)"
        ),
    ),
    rule(
        "opt_out.fr",
        (
            r"(?:ne |n )?(?:m|me) (?:ecrivez|envoyez|contactez|textez|derangez) (?:plus|pas)|(?:arretez|cessez"
            r"|arrete) (?:de|d)"
        ),
        (
            r"(?:ne )?(?:veux|souhaite) (?:plus|pas) (?:recevoir|de (?:messages|textos|sms))|plus de (?:messages"
            r"|textos|sms)|desabonn\w+|desinscri\w+|retirez moi|ne mecrivez plus|ne menvoyez plus"
        ),
    ),
    rule(
        "opt_out.pt",
        r"(?:pare|parem|parar) (?:de|com)(?: \w+){0,2} (?:mandar|enviar|mensagens?|mensagem|escrever|ligar|me)",
        (
            r"nao (?:me )?(?:mand\w+|envi\w+|escrev\w+|quero (?:mais|receber)|perturb\w+)(?: \w+)*|(?:me remov\w+"
            r"|remov\w+ meu|descadastr\w+)"
        ),
    ),
    rule(
        "opt_out.vi",
        (
            r"(?:dung|ngung|xin dung|lam on dung|khong|huy)(?: \w+){0,3} (?:nhan tin|tin nhan|lien lac|lien he"
            r"|goi nua)"
        ),
    ),
    rule(
        "opt_out.tl",
        (
            r"(?:tigil|itigil|huwag|wag|tama na)(?: \w+){0,5} (?:text|pag ?text|mag ?text|message|mensahe"
            r"|itext)\w*"
        ),
    ),
)

# No spaces between words there, so plain containment.
CJK = (
    r"(?:不要|别|別|請勿|请勿|勿|停止|不想|不希望|别再|別再|不要再|請不要|请不要|請停止|请停止)(?:再)?(?:给我|給我|向我)?(?:发|發|傳|传|收到|联系|聯絡|聯繫|打扰|打擾|骚扰"
    r"|骚擾|短信|讯息|訊息|简讯|簡訊)"
    r"|退订|退訂|拒收|取消订阅|取消訂閱|문자 ?(?:그만|보내지)|보내지 ?마|연락하지 ?마|수신 ?거부|그만 ?보내"
    r"|не (?:пишите|присылайте|отправляйте|звоните|беспокойте)|хватит (?:писать|присылать)|прекратите"
    r"|отпишите|отписаться|удалите мой номер|перестаньте"
)
