//! De verbindingstest: geordende controles, ieder met wat er gezien is en nooit met een geheim. Ook op een concept.

use chrono::DateTime;
use domain::diagnose::{Diagnose, DiagnoseCode};
use domain::identiteitsproviders::{Controleuitkomst, IdpAlgoritme, IdpInstellingen, MfaPreset, Testcontrole, Testverslag, Userinfogebruik};
use domain::{Moment, Rng};
use serde_json::Value;

use crate::discovery::{Discovery, haal_discovery, haal_sleutels};
use crate::egress::{Antwoord, Egress};
use crate::idp::IdpConfig;
use crate::inwisselen::{Bekend, Inwisseling, probeer};
use crate::login::{Vertrek, Verwacht};
use crate::token::{ED25519, lees_sleutel, om_te_ondertekenen};
use crate::vraag;

/// Wat er getest wordt.
#[derive(Clone, Debug)]
pub struct Proef<'a> {
    /// De instellingen.
    pub instellingen: &'a IdpInstellingen,
    /// Met wie wij daar zijn; zonder (een concept dat nog niet bewaard is) wordt de aanmelding van de client overgeslagen.
    pub idp: Option<&'a IdpConfig>,
    /// Ons adres voor het antwoord.
    pub redirect_uri: &'a str,
}

fn controle(code: &str, uitkomst: Controleuitkomst, uitleg: impl Into<String>) -> Testcontrole {
    Testcontrole { code: code.to_owned(), uitkomst, uitleg: uitleg.into(), gezien: None, diagnose: None }
}

trait Gezien {
    fn gezien(self, tekst: impl AsRef<str>) -> Self;
}

impl Gezien for Testcontrole {
    fn gezien(mut self, tekst: impl AsRef<str>) -> Self {
        self.gezien = Some(tekst.as_ref().chars().take(500).collect());
        self
    }
}

fn fout(code: &str, diagnose: Diagnose) -> Testcontrole {
    let gezien = diagnose.gezien.clone();
    Testcontrole {
        code: code.to_owned(),
        uitkomst: Controleuitkomst::Fout,
        uitleg: format!("{} {}", diagnose.uitleg, diagnose.wat_nu),
        gezien,
        diagnose: Some(diagnose),
    }
}

/// Als [`fout`], met een uitleg die bij deze controle hoort: de gewone gaat over een aanmelding, en die was er niet.
fn fout_want(code: &str, uitleg: impl Into<String>, diagnose: Diagnose) -> Testcontrole {
    Testcontrole { uitleg: uitleg.into(), ..fout(code, diagnose) }
}

fn lijst(waarden: Option<&Vec<String>>) -> String {
    waarden.map_or_else(|| "niet genoemd".to_owned(), |waarden| waarden.join(", "))
}

/// Doet de test. Er wordt niets onthouden en niemand aangemeld.
pub async fn verbindingstest(egress: &Egress, rng: &Rng, proef: &Proef<'_>, nu: Moment) -> Testverslag {
    let mut controles = Vec::new();
    let (discovery, antwoord) = match haal_discovery(egress, &proef.instellingen.issuer).await {
        Ok(gevonden) => gevonden,
        Err(diagnose) => {
            let code = match diagnose.code {
                DiagnoseCode::IssuerMismatch => "issuer-gelijk",
                DiagnoseCode::DiscoveryOnjuist => "discovery-leesbaar",
                DiagnoseCode::AdresNietToegestaan => "adressen-toegestaan",
                _ => "discovery-bereikbaar",
            };
            return Testverslag::uit(vec![fout(code, diagnose)]);
        }
    };
    controles.push(
        controle("discovery-bereikbaar", Controleuitkomst::Ok, "De gegevens van de aanmelddienst zijn te lezen.")
            .gezien(crate::discovery::adres(&discovery.issuer)),
    );
    controles.push(controle("issuer-gelijk", Controleuitkomst::Ok, "Het document noemt dezelfde uitgever als de registratie.").gezien(&discovery.issuer));
    controles.push(adressen(&discovery, proef.instellingen));
    controles.push(klok(&antwoord, proef.instellingen.klokverschil_seconden, nu));
    controles.push(stroom(&discovery));
    controles.push(verzoek(egress, rng, proef, &discovery, nu).await);
    controles.push(pkce(&discovery));
    let client = client(egress, rng, proef, &discovery, nu).await;
    controles.push(bekendmaken(&discovery, proef.instellingen, &client));
    controles.push(scopes(&discovery, proef.instellingen));
    controles.push(algoritmen(&discovery, proef.instellingen));
    controles.push(sleutels(egress, &discovery).await);
    controles.push(mfa_vraag(&discovery, proef.instellingen));
    controles.push(mfa_claim(&discovery, proef.instellingen));
    controles.push(iss_parameter(&discovery));
    controles.push(afmelden(&discovery));
    controles.push(client);
    Testverslag::uit(controles)
}

fn adressen(d: &Discovery, idp: &IdpInstellingen) -> Testcontrole {
    const CODE: &str = "adressen-toegestaan";
    // Wie bij iedere aanmelding userinfo wil lezen, kan niet zonder dat adres.
    if let Some(diagnose) = d.genegeerd("userinfo_endpoint").filter(|_| idp.userinfo == Userinfogebruik::Altijd) {
        return fout(CODE, diagnose.clone());
    }
    if !d.genegeerd.is_empty() {
        let namen: Vec<&str> = d.genegeerd.iter().map(|(naam, _)| *naam).collect();
        let gezien: Vec<String> = d.genegeerd.iter().map(|(naam, waarom)| format!("{naam}: {}", waarom.gezien.as_deref().unwrap_or_default())).collect();
        let uitleg = format!("Een adres waar het zonder kan, is leeg, onvolledig of niet toegestaan; wij gebruiken het niet: {}.", namen.join(", "));
        return controle(CODE, Controleuitkomst::LetOp, uitleg).gezien(gezien.join(", "));
    }
    let gezien = format!(
        "aanmelden {}, token {}, sleutels {}, userinfo {}",
        d.authorization_endpoint,
        d.token_endpoint,
        d.jwks_uri,
        d.userinfo_endpoint.as_deref().unwrap_or("geen")
    );
    controle(CODE, Controleuitkomst::Ok, "Alle adressen in het document zijn toegestaan.").gezien(gezien)
}

fn klok(antwoord: &Antwoord, toegestaan: i64, nu: Moment) -> Testcontrole {
    let datum = antwoord.datum.as_deref().and_then(|tekst| DateTime::parse_from_rfc2822(tekst).ok());
    let Some(datum) = datum else { return controle("klok", Controleuitkomst::Overgeslagen, "De aanmelddienst noemt geen tijd in haar antwoord.") };
    let verschil = datum.timestamp() - nu.timestamp();
    let gezien = format!("{verschil} seconden verschil");
    if verschil.abs() > toegestaan {
        let diagnose = Diagnose::new(DiagnoseCode::KlokLooptUit).verwacht(format!("ten hoogste {toegestaan} seconden verschil")).gezien(gezien);
        return fout("klok", diagnose);
    }
    let uitkomst = if verschil.abs() * 2 > toegestaan.max(10) { Controleuitkomst::LetOp } else { Controleuitkomst::Ok };
    controle("klok", uitkomst, format!("De klok van de aanmelddienst wijkt minder af dan de toegestane {toegestaan} seconden.")).gezien(gezien)
}

fn stroom(d: &Discovery) -> Testcontrole {
    let kan = d.response_types_supported.as_ref().is_none_or(|soorten| soorten.iter().any(|soort| soort == "code"));
    if kan {
        return controle("code-stroom", Controleuitkomst::Ok, "De aanmelddienst kan antwoorden met een code.")
            .gezien(lijst(d.response_types_supported.as_ref()));
    }
    let diagnose =
        Diagnose::new(DiagnoseCode::DiscoveryOnjuist).verwacht("'code' in response_types_supported").gezien(lijst(d.response_types_supported.as_ref()));
    fout("code-stroom", diagnose)
}

/// Of de aanmelddienst ons verzoek aanneemt zoals wij het sturen. Eist zij klaarleggen (PAR), dan leggen wij er een klaar dat
/// niemand gebruikt.
async fn verzoek(egress: &Egress, rng: &Rng, proef: &Proef<'_>, discovery: &Discovery, nu: Moment) -> Testcontrole {
    const CODE: &str = "aanmeldverzoek";
    if discovery.require_signed_request_object {
        let diagnose = Diagnose::new(DiagnoseCode::DiscoveryOnjuist).verwacht("een gewoon verzoek").gezien("require_signed_request_object is waar");
        return fout_want(
            CODE,
            "De aanmelddienst eist ondertekende verzoeken (RFC 9101) van iedereen; die sturen wij niet. Zet die eis voor deze client uit.",
            diagnose,
        );
    }
    if !discovery.require_pushed_authorization_requests {
        return controle(CODE, Controleuitkomst::Ok, "Een verzoek kan met de browser mee.");
    }
    if discovery.pushed_authorization_request_endpoint.is_none() {
        let tekst = "De aanmelddienst eist dat een verzoek vooraf wordt klaargelegd (PAR, RFC 9126), maar noemt geen adres daarvoor. Laat haar dat noemen, of zet de eis uit.";
        return fout_want(CODE, tekst, vraag::geen_adres());
    }
    let Some(idp) = proef.idp else {
        return controle(
            CODE,
            Controleuitkomst::Overgeslagen,
            "Een verzoek klaarleggen (PAR) is te testen zodra de registratie bewaard is en een geheim heeft.",
        );
    };
    let proefverzoek = vraag::vraag(idp, discovery, &leeg_vertrek(proef.redirect_uri));
    match vraag::leg_klaar(egress, rng, discovery, (idp, &proefverzoek), nu).await {
        Ok(_) => controle(CODE, Controleuitkomst::Ok, "De aanmelddienst nam een klaargelegd verzoek (PAR) aan, met onze redirect URI."),
        Err(diagnose) => fout(CODE, diagnose),
    }
}

fn leeg_vertrek(redirect_uri: &str) -> Vertrek {
    Vertrek {
        redirect_uri: redirect_uri.to_owned(),
        state: "verbindingstest".to_owned(),
        nonce: "verbindingstest".to_owned(),
        code_challenge: "verbindingstest-verbindingstest-verbindings".to_owned(),
        max_age: None,
        prompt_login: false,
        login_hint: None,
        acr_eis: Vec::new(),
    }
}

fn pkce(d: &Discovery) -> Testcontrole {
    let (uitkomst, uitleg) = match &d.code_challenge_methods_supported {
        Some(_) if d.noemt_pkce() => (Controleuitkomst::Ok, "PKCE met S256 wordt ondersteund."),
        Some(_) => (Controleuitkomst::LetOp, "De aanmelddienst noemt S256 niet; wij sturen PKCE toch mee en een aanmelddienst mag die negeren."),
        None => (Controleuitkomst::LetOp, "De aanmelddienst zegt niet of zij PKCE ondersteunt; wij sturen PKCE altijd mee."),
    };
    controle("pkce", uitkomst, uitleg).gezien(lijst(d.code_challenge_methods_supported.as_ref()))
}

/// Of de aanmelddienst onze wijze van bekendmaken noemt. Wat er gebeurt als wij het proberen, zegt meer dan wat zij noemt.
fn bekendmaken(d: &Discovery, idp: &IdpInstellingen, geprobeerd: &Testcontrole) -> Testcontrole {
    // OIDC Discovery, 3: zonder opgave geldt client_secret_basic.
    let standaard = vec!["client_secret_basic".to_owned()];
    let kan = d.token_endpoint_auth_methods_supported.as_ref().unwrap_or(&standaard);
    let naam = idp.clientauthenticatie.as_str().replace('-', "_");
    if kan.contains(&naam) {
        return controle("clientauthenticatie", Controleuitkomst::Ok, "De gekozen wijze van bekendmaken wordt ondersteund.").gezien(kan.join(", "));
    }
    if matches!(geprobeerd.uitkomst, Controleuitkomst::Ok | Controleuitkomst::LetOp) {
        let uitleg = format!("De aanmelddienst noemt '{naam}' niet, maar wees haar bij het proberen ook niet af.");
        return controle("clientauthenticatie", Controleuitkomst::LetOp, uitleg).gezien(kan.join(", "));
    }
    let uitleg = format!("De aanmelddienst ondersteunt '{naam}' niet; kies in 'clientauthenticatie' een wijze die zij noemt, of zet deze bij haar aan.");
    let diagnose = Diagnose::new(DiagnoseCode::ClientGeweigerd).verwacht(naam).gezien(kan.join(", "));
    fout_want("clientauthenticatie", uitleg, diagnose)
}

fn scopes(d: &Discovery, idp: &IdpInstellingen) -> Testcontrole {
    let ontbreekt: Vec<&str> = match &d.scopes_supported {
        Some(kan) => idp.scopes.iter().filter(|scope| !kan.contains(scope)).map(String::as_str).collect(),
        None => Vec::new(),
    };
    if ontbreekt.is_empty() {
        return controle("scopes", Controleuitkomst::Ok, "De gevraagde scopes worden ondersteund, of de aanmelddienst noemt ze niet.")
            .gezien(lijst(d.scopes_supported.as_ref()));
    }
    controle("scopes", Controleuitkomst::LetOp, format!("De aanmelddienst noemt niet: {}.", ontbreekt.join(", "))).gezien(lijst(d.scopes_supported.as_ref()))
}

fn algoritmen(d: &Discovery, idp: &IdpInstellingen) -> Testcontrole {
    let gezien = lijst(d.id_token_signing_alg_values_supported.as_ref());
    match &d.id_token_signing_alg_values_supported {
        Some(kan) if !kan.iter().any(|alg| idp.algoritmen.iter().any(|a| heet(*a, alg))) => {
            let namen: Vec<&str> = idp.algoritmen.iter().map(|a| a.as_str()).collect();
            let uitleg = "De aanmelddienst kan ID-tokens met geen enkel geregistreerd algoritme tekenen. Zet het hare erbij in 'algoritmen', of stel haar in op een dat er al staat; HS256, HS384 en HS512 kunnen niet.";
            let diagnose = Diagnose::new(DiagnoseCode::AlgoritmeNietToegestaan).verwacht(namen.join(", ")).gezien(gezien);
            fout_want("algoritmen", uitleg, diagnose)
        }
        _ => controle("algoritmen", Controleuitkomst::Ok, "De aanmelddienst kan tekenen met een geregistreerd algoritme.").gezien(gezien),
    }
}

/// Of een aanmelddienst dit algoritme zo noemt; Ed25519 heeft een oude en een nieuwe naam (RFC 9864).
fn heet(alg: IdpAlgoritme, naam: &str) -> bool {
    alg.as_str() == naam || (alg == IdpAlgoritme::EdDsa && naam == ED25519)
}

/// Of een gepubliceerde sleutel geheim had moeten blijven (RFC 7518, 6: `d`, of de waarde van een symmetrische sleutel).
fn verraden(sleutel: &Value) -> bool {
    sleutel.get("d").is_some() || sleutel.get("k").is_some()
}

async fn sleutels(egress: &Egress, d: &Discovery) -> Testcontrole {
    let jwks = match haal_sleutels(egress, &d.jwks_uri).await {
        Ok(jwks) => jwks,
        Err(diagnose) => return fout("sleutels", diagnose),
    };
    let alle = jwks.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let verraden = alle.iter().filter(|sleutel| verraden(sleutel)).count();
    if verraden > 0 {
        let gezien = format!("{verraden} van {} sleutels met hun geheime deel", alle.len());
        let diagnose = Diagnose::new(DiagnoseCode::SleutelsOnjuist).verwacht("alleen publieke sleutels").gezien(gezien);
        let uitleg = "De aanmelddienst publiceert het geheime deel van een sleutel. Iedereen kan daarmee namens haar tekenen: trek die sleutel nu in, maak een nieuwe, en publiceer alleen het publieke deel.";
        return fout_want("sleutels", uitleg, diagnose);
    }
    let (bruikbaar, onleesbaar) = gelezen(alle);
    let aantal = bruikbaar.len();
    let gezien = [vec![format!("{} sleutels, waarvan {aantal} om mee te ondertekenen", alle.len())], onleesbaar.clone()].concat().join("; ");
    if aantal == 0 {
        let verwacht = "ten minste één sleutel om mee te ondertekenen die te lezen is";
        return fout("sleutels", Diagnose::new(DiagnoseCode::SleutelsOnjuist).verwacht(verwacht).gezien(gezien));
    }
    if !onleesbaar.is_empty() {
        let uitleg = format!("Niet iedere sleutel is te lezen; een token dat met zo'n sleutel getekend is, weigeren wij: {}.", onleesbaar.join("; "));
        return controle("sleutels", Controleuitkomst::LetOp, uitleg).gezien(gezien);
    }
    if aantal > 1 && bruikbaar.iter().any(|sleutel| sleutel.get("kid").is_none()) {
        return controle(
            "sleutels",
            Controleuitkomst::LetOp,
            "Er is meer dan één sleutel, en niet iedere sleutel heeft een 'kid'; een token zonder 'kid' wordt dan geweigerd.",
        )
        .gezien(gezien);
    }
    controle("sleutels", Controleuitkomst::Ok, "De sleutels zijn te lezen.").gezien(gezien)
}

/// De sleutels om mee te ondertekenen die te lezen zijn, en van de andere waarom dat niet gaat; zoals bij een aanmelding.
fn gelezen(alle: &[Value]) -> (Vec<&Value>, Vec<String>) {
    let soort = |sleutel: &Value| sleutel.get("kty").and_then(Value::as_str).is_some_and(|kty| matches!(kty, "RSA" | "EC" | "OKP"));
    let (mut bruikbaar, mut onleesbaar) = (Vec::new(), Vec::new());
    for sleutel in alle.iter().filter(|sleutel| om_te_ondertekenen(sleutel) && soort(sleutel)) {
        match lees_sleutel(sleutel) {
            Ok(_) => bruikbaar.push(sleutel),
            Err(waarom) => onleesbaar.push(format!("kid {}: {waarom}", sleutel.get("kid").and_then(Value::as_str).unwrap_or("geen"))),
        }
    }
    (bruikbaar, onleesbaar)
}

fn mfa_vraag(d: &Discovery, idp: &IdpInstellingen) -> Testcontrole {
    let vraag = &idp.mfa.vraag;
    if !vraag.claims.is_empty() && !d.claims_parameter_supported {
        let uitleg =
            "Wij vragen MFA met de parameter 'claims'; de aanmelddienst zegt niet dat zij die ondersteunt. Entra ID ondersteunt haar wel zonder het te noemen.";
        return controle("mfa-vraag", Controleuitkomst::LetOp, uitleg).gezien(format!("claims_parameter_supported: {}", d.claims_parameter_supported));
    }
    let onbekend: Vec<&str> = match &d.acr_values_supported {
        Some(kan) => vraag.acr_values.iter().filter(|waarde| !kan.contains(waarde)).map(String::as_str).collect(),
        None => Vec::new(),
    };
    if onbekend.is_empty() {
        let uitleg = "De aanmelddienst kan om MFA gevraagd worden, of doet dat uit eigen beleid. Vragen is geen bewijs: het antwoord wordt bij iedere aanmelding beoordeeld.";
        return controle("mfa-vraag", Controleuitkomst::Ok, uitleg).gezien(lijst(d.acr_values_supported.as_ref()));
    }
    controle("mfa-vraag", Controleuitkomst::LetOp, format!("De aanmelddienst noemt deze waarden van 'acr' niet: {}.", onbekend.join(", ")))
        .gezien(lijst(d.acr_values_supported.as_ref()))
}

fn mfa_claim(d: &Discovery, idp: &IdpInstellingen) -> Testcontrole {
    let claims: Vec<&str> = idp.mfa.bewijs.iter().map(|b| b.claim.as_str()).collect();
    match &d.claims_supported {
        Some(kan) if idp.mfa.preset == MfaPreset::EntraV2 => {
            let uitleg = "Entra ID noemt de claim 'acrs' niet, ook als zij haar geeft; dit blijkt pas bij een aanmelding.";
            controle("mfa-claim", Controleuitkomst::Overgeslagen, uitleg).gezien(kan.join(", "))
        }
        Some(kan) if !claims.iter().any(|claim| kan.iter().any(|k| k == claim)) => {
            let uitleg = format!(
                "De aanmelddienst noemt geen van de claims die MFA bewijzen ({}). Zonder die claim in het ID-token wordt iedere aanmelding geweigerd; neem haar daar op, of kies een andere MFA-regel.",
                claims.join(", ")
            );
            controle("mfa-claim", Controleuitkomst::LetOp, uitleg).gezien(kan.join(", "))
        }
        Some(kan) => controle("mfa-claim", Controleuitkomst::Ok, "De aanmelddienst kent een claim die MFA bewijst.").gezien(kan.join(", ")),
        None => controle("mfa-claim", Controleuitkomst::Overgeslagen, "De aanmelddienst noemt haar claims niet; dit blijkt pas bij een aanmelding."),
    }
}

fn iss_parameter(d: &Discovery) -> Testcontrole {
    if d.authorization_response_iss_parameter_supported {
        return controle("iss-parameter", Controleuitkomst::Ok, "Het antwoord noemt de uitgever (RFC 9207); wij eisen dat dan ook.");
    }
    controle(
        "iss-parameter",
        Controleuitkomst::LetOp,
        "Het antwoord noemt de uitgever niet (RFC 9207); een eigen redirect URI per IdP houdt antwoorden uit elkaar.",
    )
}

fn afmelden(d: &Discovery) -> Testcontrole {
    match &d.end_session_endpoint {
        Some(adres) => controle("afmelden", Controleuitkomst::Ok, "Wie zich hier afmeldt, kan zich ook bij de aanmelddienst afmelden.").gezien(adres),
        None => controle("afmelden", Controleuitkomst::LetOp, "De aanmelddienst heeft geen afmeldadres; op een gedeelde werkplek blijft men daar aangemeld."),
    }
}

/// Onze bekendmaking, gevraagd met een code die niet bestaat: 'invalid_grant' betekent dat wij herkend zijn.
async fn client(egress: &Egress, rng: &Rng, proef: &Proef<'_>, discovery: &Discovery, nu: Moment) -> Testcontrole {
    let Some(idp) = proef.idp else {
        return controle(
            "client",
            Controleuitkomst::Overgeslagen,
            "Onze aanmelding bij de aanmelddienst is te testen zodra de registratie bewaard is en een geheim heeft.",
        );
    };
    let verwacht = Verwacht {
        state: String::new(),
        nonce: String::new(),
        code_verifier: "verbindingstest-verbindingstest-verbindingstest".to_owned(),
        redirect_uri: proef.redirect_uri.to_owned(),
        vertrokken_op: nu,
        max_age: None,
    };
    match probeer(egress, rng, &Inwisseling { idp, discovery, code: "verbindingstest", verwacht: &verwacht, nu }).await {
        Bekend::Ja => controle("client", Controleuitkomst::Ok, "De aanmelddienst herkent ons als client.").gezien("invalid_grant op een code die niet bestaat"),
        Bekend::AlleenEerdere => controle(
            "client",
            Controleuitkomst::LetOp,
            "De aanmelddienst weigert het nieuwste geheim of de nieuwste sleutel, en neemt de vorige nog aan. Zet de nieuwe ook bij haar, voordat u de vorige weghaalt.",
        )
        .gezien("invalid_client op de nieuwste, invalid_grant op de vorige"),
        Bekend::Nee(diagnose) => fout("client", diagnose),
        Bekend::Onduidelijk(gezien) => {
            controle("client", Controleuitkomst::LetOp, "Uit het antwoord is niet op te maken of de aanmelddienst ons herkent.").gezien(gezien)
        }
    }
}
