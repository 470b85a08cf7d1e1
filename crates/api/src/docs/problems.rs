//! De bladzijde waar `type` van elk probleem heen wijst.

/// Code, status, en wat de aanroeper kan doen. Codes van regels van het domein staan in `detail` van het probleem zelf uitgelegd.
pub(crate) const CODES: &[(&str, u16, &str)] = &[
    (
        "invoer-ongeldig",
        400,
        "Een of meer velden of sleutels kloppen niet. <code>errors</code> noemt ze allemaal, met de plaats (JSON Pointer of naam), een code en wat er mis is. Verbeter ze in één keer.",
    ),
    ("json-ongeldig", 400, "Het lichaam is geen JSON. Controleer het aanhalingsteken, de komma of het haakje op de genoemde plaats."),
    ("verzoek-onbegrijpelijk", 400, "Het verzoek is als HTTP niet te lezen."),
    ("token-ontbreekt", 401, "Er is geen token meegestuurd. Stuur het mee in de kop <code>Authorization: Bearer</code>."),
    (
        "bewijs-ongeldig",
        401,
        "Het token is aan een sleutel gebonden, en het bewijs van die sleutel ontbreekt of klopt niet. Stuur `Authorization: DPoP` met een vers bewijs voor dit verzoek.",
    ),
    ("token-ongeldig", 401, "Het token is verlopen, voor een andere dienst, of niet van een uitgever die wij vertrouwen. Vraag een nieuw token aan."),
    ("geen-toegang", 401, "Het token klopt, maar dit account is hier niet (meer) bekend of is geblokkeerd. Vraag de organisatiebeheerder."),
    (
        "aanmelding-te-zwak",
        401,
        "De aanmelding was zonder tweede factor of is te lang geleden. De kop <code>WWW-Authenticate</code> zegt wat nodig is (RFC 9470).",
    ),
    ("scope-ontbreekt", 403, "Het token mist een scope; de kop <code>WWW-Authenticate</code> noemt welke."),
    ("niet-bevoegd", 403, "Uw rol mag deze handeling hier niet. <code>detail</code> noemt wie het wel mag."),
    ("persoon-vereist", 403, "Een toepassing mag dit niet: beslissen, verlenen en beheren doet een persoon met een eigen aanmelding."),
    ("certificering-ongeldig", 403, "De certificering van de organisatie van deze toepassing geldt vandaag niet. Neem contact op met NIPV."),
    ("niet-gevonden", 404, "Dit bestaat niet, of niet voor u. Let ook op een schuine streep te veel aan het eind."),
    ("methode-onbekend", 405, "Dit adres bestaat, maar niet met deze methode; de kop <code>Allow</code> noemt wat wel kan."),
    ("niet-aanvaardbaar", 406, "De gevraagde vorm in <code>Accept</code> bestaat niet. Vraag om <code>application/json</code>."),
    ("te-traag", 408, "Het lichaam kwam te langzaam binnen. Probeer het opnieuw over een betere verbinding."),
    ("bestaat-al", 409, "Er bestaat al iets met deze unieke gegevens."),
    ("idempotency-conflict", 409, "Deze <code>Idempotency-Key</code> hoort bij een eerder, ander verzoek. Neem een nieuwe."),
    (
        "versie-verouderd",
        412,
        "Iemand anders wijzigde dit na uw lezing. Lees opnieuw; de kop <code>ETag</code> is de huidige versie. Bij een autorisatieplan noemt <code>gewijzigd</code> wat er veranderde.",
    ),
    ("lichaam-te-groot", 413, "Stuur minder gegevens tegelijk."),
    ("adres-te-lang", 414, "Kort de query in."),
    ("mediatype-onbekend", 415, "Zet <code>Content-Type</code> op wat de operatie verwacht."),
    (
        "zelf-toekennen",
        409,
        "Niemand kent zichzelf een LCMS-profiel toe, ook niet door het eigen profiel te verruimen of het eigen adres bij een ander te zetten. Laat een andere organisatiebeheerder dit doen.",
    ),
    (
        "bevindingen-blokkeren",
        409,
        "Het autorisatieplan heeft fouten. <code>ontbreekt</code> noemt de eerste; <code>.../bevindingen?ernst=fout</code> geeft ze alle, met hun plaats in de inhoud.",
    ),
    ("if-match-verplicht", 428, "Stuur de <code>ETag</code> die u las mee in <code>If-Match</code>; zo overschrijft u niemand ongezien."),
    ("te-veel-verzoeken", 429, "Wacht zoveel seconden als <code>Retry-After</code> zegt."),
    ("koppen-te-groot", 431, "Stuur minder of kortere koppen."),
    ("interne-fout", 500, "Een fout van ons. Noem bij een melding het kenmerk uit <code>instance</code>."),
    ("tijdelijk-niet-beschikbaar", 503, "De opslag antwoordt even niet; er is niets gewijzigd. Probeer het na <code>Retry-After</code> seconden opnieuw."),
    (
        "vastlegging-onzeker",
        503,
        "De opslag viel weg tijdens het vastleggen: onbekend is of uw wijziging is vastgelegd. Herhaal het verzoek met dezelfde <code>Idempotency-Key</code> (dan gebeurt het hoogstens één keer), of lees eerst hoe het er nu staat.",
    ),
];

/// De bladzijde.
pub(crate) fn page() -> String {
    let mut html = String::from(
        "<!doctype html>\n<html lang=\"nl\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Aansluitloket: foutcodes</title><link rel=\"stylesheet\" href=\"/v1/docs/bestanden/stijl.css\"></head><body>\
         <header><p><strong>Aansluitloket</strong></p><nav aria-label=\"Documentatie\"><a href=\"/v1/docs\">Operaties</a></nav></header>\
         <main class=\"tekst\"><h1>Foutcodes</h1><p>Elke fout is een probleem volgens RFC 9457 met een vaste <code>code</code>.</p>\
         <h2 id=\"regels\">Regels van het domein (409)</h2><p>Staat de code hieronder niet, dan is het een regel van het stappenplan, zoals \
         <code>poort-niet-voldaan</code> of <code>rol-buiten-organisatie</code>. <code>detail</code> zegt wat u kunt doen en \
         <code>ontbreekt</code> noemt wat er nog moet zijn.</p>",
    );
    for (code, status, text) in CODES {
        html.push_str(&format!("<h2 id=\"{code}\"><code>{code}</code> ({status})</h2><p>{text}</p>\n"));
    }
    html.push_str("</main></body></html>\n");
    html
}
