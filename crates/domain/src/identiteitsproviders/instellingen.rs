//! De instellingen van één versie van een registratie: wie de IdP is, wie wij daar zijn en wat telt als bewijs.

use serde::{Deserialize, Serialize};
use url::{Host, Url};
use utoipa::ToSchema;

use super::recept::{MfaKeuze, MfaRecept};
use crate::invoer::{Veldfout, klaar, verplicht};
use crate::keuze::keuze;

/// Gewoon klokverschil in seconden.
pub const KLOKVERSCHIL: i64 = 60;
/// Grootste klokverschil in seconden.
pub const KLOKVERSCHIL_MAX: i64 = 300;
/// Zoveel extra bestemmingen heeft een ID-token ten hoogste.
pub const EXTRA_BESTEMMINGEN: usize = 10;
/// Zoveel tekens heeft een extra bestemming ten hoogste.
pub const EXTRA_BESTEMMING_TEKENS: usize = 200;

keuze! {
    /// Hoe wij ons bij de IdP bekendmaken.
    Clientauthenticatie { /// Een ondertekende bewering met een eigen sleutel van de registratie (RFC 7523).
        PrivateKeyJwt = "private-key-jwt", /// Een geheim in de kop.
        ClientSecretBasic = "client-secret-basic", /// Een geheim in het formulier.
        ClientSecretPost = "client-secret-post" }
}
keuze! {
    /// Voor wie onze ondertekende bewering (`private-key-jwt`) bestemd is (RFC 7523, 3: `aud`).
    BeweringBestemming { /// Het tokenadres van de IdP.
        Tokenadres = "tokenadres", /// De uitgever.
        Uitgever = "uitgever" }
}
keuze! {
    /// IdpAlgoritme van een ID-token; alleen asymmetrische.
    IdpAlgoritme { /// RSA PKCS#1 met SHA-256.
        Rs256 = "RS256", /// RSA PKCS#1 met SHA-384.
        Rs384 = "RS384", /// RSA PKCS#1 met SHA-512.
        Rs512 = "RS512", /// RSA PSS met SHA-256.
        Ps256 = "PS256", /// RSA PSS met SHA-384.
        Ps384 = "PS384", /// RSA PSS met SHA-512.
        Ps512 = "PS512", /// ECDSA op P-256.
        Es256 = "ES256", /// ECDSA op P-384.
        Es384 = "ES384", /// ECDSA op P-521.
        Es512 = "ES512", /// Ed25519.
        EdDsa = "EdDSA" }
}
keuze! {
    /// Wanneer gegevens uit userinfo worden gehaald.
    Userinfogebruik { /// Als een gevraagd gegeven niet in het ID-token staat.
        ZoNodig = "zo-nodig", /// Bij iedere aanmelding.
        Altijd = "altijd", /// Nooit.
        Nooit = "nooit" }
}

/// Welke claim wat betekent bij deze IdP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ClaimMapping {
    /// Claim met het e-mailadres.
    #[schema(min_length = 1, max_length = 200, example = "email")]
    pub email: String,
    /// Claim met de naam.
    #[schema(min_length = 1, max_length = 200, example = "name")]
    pub naam: String,
}

impl Default for ClaimMapping {
    fn default() -> Self {
        Self { email: "email".to_owned(), naam: "name".to_owned() }
    }
}

/// De claim die de organisatie onderscheidt bij een IdP die voor meer organisaties spreekt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Onderscheid {
    /// De claim in het ID-token.
    #[schema(min_length = 1, max_length = 200, example = "tid")]
    pub claim: String,
    /// De waarde van deze organisatie.
    #[schema(min_length = 1, max_length = 200, example = "0b8f1c5e-0000-4000-8000-000000000001")]
    pub waarde: String,
}

fn standaard_scopes() -> Vec<String> {
    ["openid", "email", "profile"].map(str::to_owned).to_vec()
}

const fn standaard_klokverschil() -> i64 {
    KLOKVERSCHIL
}

fn standaard_algoritmen() -> Vec<IdpAlgoritme> {
    vec![IdpAlgoritme::Rs256, IdpAlgoritme::Ps256, IdpAlgoritme::Es256]
}

const fn standaard_userinfo() -> Userinfogebruik {
    Userinfogebruik::ZoNodig
}

const fn standaard_bewering_bestemming() -> BeweringBestemming {
    BeweringBestemming::Tokenadres
}

/// Instellingen zoals zij worden opgegeven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweInstellingen {
    /// De uitgever, tot op de byte zoals de IdP hem noemt.
    #[schema(min_length = 1, max_length = 500, example = "https://idp.voorbeeld.example/realms/voorbeeld")]
    pub issuer: String,
    /// Onze client bij de IdP.
    #[schema(min_length = 1, max_length = 255, example = "aansluitloket")]
    pub client_id: String,
    /// Hoe wij ons bekendmaken.
    pub clientauthenticatie: Clientauthenticatie,
    /// De MFA-regel.
    pub mfa: MfaKeuze,
    /// De scopes die wij vragen; `openid` hoort erbij.
    #[serde(default = "standaard_scopes")]
    #[schema(min_items = 1, max_items = 20, example = json!(["openid", "email", "profile"]))]
    pub scopes: Vec<String>,
    /// Welke claim wat betekent.
    #[serde(default)]
    pub claims: ClaimMapping,
    /// De claim die deze organisatie onderscheidt; verplicht als een andere organisatie dezelfde uitgever gebruikt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub onderscheid: Option<Onderscheid>,
    /// Toegestaan klokverschil.
    #[serde(default = "standaard_klokverschil")]
    #[schema(minimum = 0, maximum = 300, example = 60)]
    pub klokverschil_seconden: i64,
    /// Algoritmen van het ID-token.
    #[serde(default = "standaard_algoritmen")]
    #[schema(min_items = 1, max_items = 10)]
    pub algoritmen: Vec<IdpAlgoritme>,
    /// Wanneer userinfo wordt gelezen.
    #[serde(default = "standaard_userinfo")]
    pub userinfo: Userinfogebruik,
    /// Bestemmingen die de IdP naast onze client in `aud` zet, zoals Zitadel het nummer van het project; dan is `azp` verplicht en zijn wij dat.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10, example = json!(["287654321098765432"]))]
    pub extra_bestemmingen: Vec<String>,
    /// Voor wie onze ondertekende bewering (`private-key-jwt`) bestemd is; sommige producten willen de uitgever.
    #[serde(default = "standaard_bewering_bestemming")]
    pub bewering_bestemming: BeweringBestemming,
}

/// De instellingen van een versie, met de MFA-regel uitgewerkt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IdpInstellingen {
    /// De uitgever, tot op de byte gelijk aan `iss`.
    #[schema(example = "https://idp.voorbeeld.example/realms/voorbeeld")]
    pub issuer: String,
    /// Onze client bij de IdP.
    #[schema(example = "aansluitloket")]
    pub client_id: String,
    /// Hoe wij ons bekendmaken.
    pub clientauthenticatie: Clientauthenticatie,
    /// De MFA-regel.
    pub mfa: MfaRecept,
    /// De scopes die wij vragen.
    pub scopes: Vec<String>,
    /// Welke claim wat betekent.
    pub claims: ClaimMapping,
    /// De claim die deze organisatie onderscheidt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub onderscheid: Option<Onderscheid>,
    /// Toegestaan klokverschil.
    #[schema(minimum = 0, maximum = 300, example = 60)]
    pub klokverschil_seconden: i64,
    /// Algoritmen van het ID-token.
    pub algoritmen: Vec<IdpAlgoritme>,
    /// Wanneer userinfo wordt gelezen.
    pub userinfo: Userinfogebruik,
    /// Bestemmingen die naast onze client in `aud` mogen staan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10, example = json!(["287654321098765432"]))]
    pub extra_bestemmingen: Vec<String>,
    /// Voor wie onze ondertekende bewering bestemd is.
    #[serde(default = "standaard_bewering_bestemming")]
    #[schema(required = true)]
    pub bewering_bestemming: BeweringBestemming,
}

/// Entra-adressen die voor iedere huurder gelden; de uitgever in het token is dan een andere dan de ingestelde.
const VOOR_IEDEREEN: [&str; 5] = ["common", "organizations", "consumers", "{tenantid}", "9188040d-6c67-4c5b-b112-36a304b66dad"];

fn van_entra(host: &str) -> bool {
    ["microsoftonline.com", "microsoftonline.us", "microsoftonline.cn", "chinacloudapi.cn", "sts.windows.net"]
        .iter()
        .any(|naam| host == *naam || host.strip_suffix(naam).is_some_and(|voor| voor.ends_with('.')))
}

fn keur_issuer(fouten: &mut Vec<Veldfout>, issuer: &str, intern: &dyn Fn(&str) -> bool) {
    let mut fout = |code: &str, detail: &str| fouten.push(Veldfout::new("/issuer", code, detail));
    let Ok(url) = Url::parse(issuer) else {
        return fout("issuer-ongeldig", "Geef de uitgever als volledig https-adres, zoals de aanmelddienst hem zelf noemt.");
    };
    let host = url.host_str().unwrap_or_default();
    if url.scheme() != "https" && !(url.scheme() == "http" && intern(host)) {
        return fout(
            "issuer-ongeldig",
            "De uitgever begint met https://. Alleen een host die NIPV op de lijst egress.allow_hosts zette (een besloten netwerk, een proef) mag http gebruiken.",
        );
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() || issuer.trim() != issuer {
        // OIDC Core, 2 (iss): geen query en geen fragment.
        return fout("issuer-ongeldig", "De uitgever heeft geen query, geen fragment, geen inloggegevens en geen spaties.");
    }
    if matches!(url.host(), Some(Host::Ipv4(_) | Host::Ipv6(_))) && !intern(host) {
        return fout("issuer-ongeldig", "Gebruik een naam, geen adres in cijfers.");
    }
    let huurder = url.path_segments().is_some_and(|mut delen| {
        delen.any(|deel| VOOR_IEDEREEN.iter().any(|naam| deel.eq_ignore_ascii_case(naam) || deel.eq_ignore_ascii_case("%7Btenantid%7D")))
    });
    if van_entra(host) && huurder {
        fout(
            "issuer-voor-iedereen",
            "'common', 'organizations' en 'consumers' laten mensen van iedere organisatie toe. Gebruik de uitgever van uw eigen tenant: https://login.microsoftonline.com/<tenant-id>/v2.0.",
        );
    }
}

fn keur_bestemmingen(fouten: &mut Vec<Veldfout>, bestemmingen: &[String]) {
    if bestemmingen.len() > EXTRA_BESTEMMINGEN {
        fouten.push(Veldfout::new("/extraBestemmingen", "te-veel", format!("Ten hoogste {EXTRA_BESTEMMINGEN} bestemmingen.")));
    }
    for (plek, bestemming) in bestemmingen.iter().enumerate() {
        let plaats = format!("/extraBestemmingen/{plek}");
        verplicht(fouten, &plaats, bestemming);
        if bestemming.chars().count() > EXTRA_BESTEMMING_TEKENS {
            fouten.push(Veldfout::new(plaats, "te-lang", format!("Ten hoogste {EXTRA_BESTEMMING_TEKENS} tekens.")));
        }
    }
}

impl NieuweInstellingen {
    /// Keurt de instellingen en werkt ze uit. `intern` zegt van welke hosts ook http mag, voor besloten netwerken.
    ///
    /// # Errors
    /// Alle fouten tegelijk.
    pub fn keur(self, intern: &dyn Fn(&str) -> bool) -> Result<IdpInstellingen, Vec<Veldfout>> {
        let mut fouten = Vec::new();
        keur_issuer(&mut fouten, &self.issuer, intern);
        verplicht(&mut fouten, "/clientId", &self.client_id);
        if !self.scopes.iter().any(|scope| scope == "openid") {
            fouten.push(Veldfout::new("/scopes", "scope-openid-ontbreekt", "Zonder 'openid' geeft de aanmelddienst geen ID-token; neem deze scope op."));
        }
        // RFC 6749, 3.3: een scope is zichtbaar ASCII zonder spatie, aanhalingsteken en backslash.
        let teken = |b: u8| b == 0x21 || (0x23..=0x5b).contains(&b) || (0x5d..=0x7e).contains(&b);
        for (plek, scope) in self.scopes.iter().enumerate() {
            if scope.is_empty() || !scope.bytes().all(teken) {
                fouten.push(Veldfout::new(format!("/scopes/{plek}"), "scope-ongeldig", "Een scope is één woord zonder spaties en aanhalingstekens."));
            }
        }
        if !(0..=KLOKVERSCHIL_MAX).contains(&self.klokverschil_seconden) {
            fouten.push(Veldfout::new("/klokverschilSeconden", "klokverschil-te-groot", "Ten minste 0 en ten hoogste 300 seconden."));
        }
        if self.algoritmen.is_empty() {
            fouten.push(Veldfout::new("/algoritmen", "leeg", "Noem ten minste één algoritme."));
        }
        for (plaats, claim) in [("/claims/email", &self.claims.email), ("/claims/naam", &self.claims.naam)] {
            verplicht(&mut fouten, plaats, claim);
        }
        if let Some(onderscheid) = &self.onderscheid {
            verplicht(&mut fouten, "/onderscheid/claim", &onderscheid.claim);
            verplicht(&mut fouten, "/onderscheid/waarde", &onderscheid.waarde);
        }
        keur_bestemmingen(&mut fouten, &self.extra_bestemmingen);
        let recept = self.mfa.recept().map_err(|mfa| fouten.extend(mfa)).ok();
        let Some(mfa) = recept.filter(|_| fouten.is_empty()) else { return Err(fouten) };
        klaar(
            fouten,
            IdpInstellingen {
                issuer: self.issuer,
                client_id: self.client_id,
                clientauthenticatie: self.clientauthenticatie,
                mfa,
                scopes: self.scopes,
                claims: self.claims,
                onderscheid: self.onderscheid,
                klokverschil_seconden: self.klokverschil_seconden,
                algoritmen: self.algoritmen,
                userinfo: self.userinfo,
                extra_bestemmingen: self.extra_bestemmingen,
                bewering_bestemming: self.bewering_bestemming,
            },
        )
    }
}
