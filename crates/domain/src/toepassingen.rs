//! Toepassingen: de clients van de uitgever, machines en portalen, ieder van één organisatie (federatie, 'OP side').

pub mod adressen;
mod geheimen;
mod keuring;
mod sleutels;
mod soorten;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use geheimen::{Geheim, NieuwGeheim};
pub use soorten::{Algoritme, ClientAuthenticatie, Profiel, SubSoort, ToepassingSoort};

use crate::invoer::{Veldfout, Wijziging, aanwezig, zet};
use crate::keuze::keuze;
use crate::{Id, Moment, Weigering};

keuze! {
    /// Wat een token mag; iedere operatie noemt de scope die zij eist.
    Scope { /// Organisaties lezen.
        OrganisatiesLezen = "organisaties:lezen", /// Organisaties wijzigen.
        OrganisatiesSchrijven = "organisaties:schrijven", /// Personen lezen.
        PersonenLezen = "personen:lezen", /// Personen wijzigen.
        PersonenSchrijven = "personen:schrijven", /// Referentiegegevens lezen.
        ReferentieLezen = "referentie:lezen", /// Referentiegegevens wijzigen.
        ReferentieSchrijven = "referentie:schrijven", /// Trajecten lezen.
        TrajectenLezen = "trajecten:lezen", /// Trajecten wijzigen.
        TrajectenSchrijven = "trajecten:schrijven", /// Registraties van organisatiebeheerders lezen.
        RegistratiesLezen = "registraties:lezen", /// Registraties van organisatiebeheerders opstellen, tekenen en bijhouden.
        RegistratiesSchrijven = "registraties:schrijven", /// Eigen taken lezen.
        TakenLezen = "taken:lezen", /// Toepassingen lezen.
        ToepassingenLezen = "toepassingen:lezen", /// Toepassingen wijzigen.
        ToepassingenSchrijven = "toepassingen:schrijven", /// Gebruikerslijsten lezen.
        GebruikersLezen = "gebruikers:lezen", /// Gebruikerslijsten wijzigen.
        GebruikersSchrijven = "gebruikers:schrijven", /// Inrichting en sjablonen lezen.
        InrichtingLezen = "inrichting:lezen", /// Inrichting en sjablonen wijzigen.
        InrichtingSchrijven = "inrichting:schrijven", /// Autorisatieplannen lezen.
        AutorisatieplannenLezen = "autorisatieplannen:lezen", /// Autorisatieplannen wijzigen.
        AutorisatieplannenSchrijven = "autorisatieplannen:schrijven", /// Auditregels lezen.
        AuditLezen = "audit:lezen", /// Gebeurtenissen lezen.
        GebeurtenissenLezen = "gebeurtenissen:lezen", /// Vragenlijsten lezen.
        VragenlijstenLezen = "vragenlijsten:lezen", /// Vragenlijsten beheren.
        VragenlijstenSchrijven = "vragenlijsten:schrijven", /// Afnames en resultaten lezen.
        AfnamesLezen = "afnames:lezen", /// Afnames beheren en invullen.
        AfnamesSchrijven = "afnames:schrijven", /// De Staat van Netcentrisch Werken lezen.
        StaatLezen = "staat:lezen", /// Sessies lezen.
        SessiesLezen = "sessies:lezen", /// Sessies beëindigen.
        SessiesSchrijven = "sessies:schrijven", /// Het logboek van aanmeldingen lezen.
        AanmeldingenLezen = "aanmeldingen:lezen", /// Identiteitsproviders lezen.
        IdentiteitsprovidersLezen = "identiteitsproviders:lezen", /// Identiteitsproviders wijzigen.
        IdentiteitsprovidersSchrijven = "identiteitsproviders:schrijven" }
}
keuze! {
    /// Stand van een toepassing.
    ToepassingStatus { /// Mag tokens halen.
        Actief = "actief", /// Tijdelijk niet.
        Geblokkeerd = "geblokkeerd", /// Voorgoed niet meer.
        Ingetrokken = "ingetrokken" }
}

/// Een geregistreerde client; het `id` is de `client_id`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Toepassing {
    /// Identificatie en `client_id`.
    pub id: Id,
    /// Naam; bij een portaal ook wat mensen bij het aanmelden zien.
    #[schema(example = "Koppelscript Voorbeeld Implementatie")]
    pub naam: String,
    /// De organisatie waarvoor de toepassing werkt.
    pub organisatie_id: Id,
    /// Een machine haalt zelf tokens; bij een portaal melden mensen zich aan.
    pub soort: ToepassingSoort,
    /// Welke eisen gelden.
    pub profiel: Profiel,
    /// Waarom van het profiel `nl-gov` is afgeweken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Standaardsoftware die geen private_key_jwt kent.")]
    pub profiel_reden: Option<String>,
    /// Toegekende scopes van deze API.
    pub scopes: Vec<Scope>,
    /// Hoe de toepassing zich aanmeldt.
    pub client_authenticatie: ClientAuthenticatie,
    /// Onderwerp van het clientcertificaat (RFC 4514), bij `tls_client_auth`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "CN=portaal.voorbeeld.example,O=Voorbeeld,C=NL")]
    pub tls_subject_dn: Option<String>,
    /// Publieke sleutels als JWK Set (RFC 7517).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, nullable = false)]
    pub jwks: Option<serde_json::Value>,
    /// Adres van de publieke sleutels.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "uri", example = "https://portaal.voorbeeld.example/jwks.json")]
    pub jwks_uri: Option<String>,
    /// Adressen waar een browser na het aanmelden terugkomt; letter voor letter.
    #[schema(example = json!(["https://portaal.voorbeeld.example/callback"]))]
    pub redirect_uris: Vec<String>,
    /// Adressen waar een browser na het afmelden terugkomt.
    #[schema(example = json!(["https://portaal.voorbeeld.example/afgemeld"]))]
    pub post_logout_redirect_uris: Vec<String>,
    /// Adres voor een afmelding achterom; wordt bewaard, nog niet aangeroepen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "uri", example = "https://portaal.voorbeeld.example/backchannel")]
    pub backchannel_logout_uri: Option<String>,
    /// Waarmee het ID-token getekend wordt.
    pub id_token_algoritme: Algoritme,
    /// Waarmee het antwoord van userinfo getekend wordt; zonder waarde is dat gewone JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub userinfo_algoritme: Option<Algoritme>,
    /// Of een aanmelding eerst langs `/oidc/par` moet (RFC 9126).
    pub par_verplicht: bool,
    /// Of tokens aan een sleutel gebonden moeten zijn (RFC 9449).
    pub dpop_verplicht: bool,
    /// Of het ID-token `amr` bevat.
    pub amr_in_id_token: bool,
    /// Of wat `profile`, `email` en `phone` geven behalve in userinfo ook in het ID-token staat.
    #[serde(default)]
    #[schema(required = true)]
    pub gegevens_in_id_token: bool,
    /// Sterkte die een aanmelding moet hebben als het verzoek er geen noemt (`acr_values`).
    #[schema(example = json!(["https://refeds.org/profile/mfa"]))]
    pub acr_waarden: Vec<String>,
    /// Of de toepassing `offline_access` mag vragen.
    pub offline_toegang: bool,
    /// Of de `sub` voor alle clients gelijk is.
    pub sub_soort: SubSoort,
    /// Stand.
    pub status: ToepassingStatus,
    /// Moment van aanmaken.
    pub aangemaakt_op: Moment,
    /// Moment van de laatste wijziging.
    pub gewijzigd_op: Moment,
    /// Versie; gelijk aan de ETag.
    #[schema(minimum = 1, example = 1)]
    pub versie: i64,
}

/// Gegevens om een client te registreren; wat u weglaat volgt uit `soort` en `profiel`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NieuweToepassing {
    /// Naam; bij een portaal ook wat mensen bij het aanmelden zien.
    #[schema(min_length = 1, max_length = 200, example = "Koppelscript Voorbeeld Implementatie")]
    pub naam: String,
    /// De organisatie waarvoor de toepassing werkt.
    pub organisatie_id: Id,
    /// Soort; zonder waarde `machine`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub soort: Option<ToepassingSoort>,
    /// Profiel; zonder waarde `nl-gov`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub profiel: Option<Profiel>,
    /// Waarom `oidc` nodig is; alleen dan verplicht.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500, nullable = false, example = "Standaardsoftware die geen private_key_jwt kent.")]
    pub profiel_reden: Option<String>,
    /// Scopes van deze API; een machine heeft er ten minste één.
    #[serde(default)]
    #[schema(max_items = 60)]
    pub scopes: Vec<Scope>,
    /// Hoe de toepassing zich aanmeldt; zonder waarde `private_key_jwt`, bij profiel `oidc` `client_secret_basic`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub client_authenticatie: Option<ClientAuthenticatie>,
    /// Onderwerp van het clientcertificaat (RFC 4514), bij `tls_client_auth`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500, nullable = false, example = "CN=portaal.voorbeeld.example,O=Voorbeeld,C=NL")]
    pub tls_subject_dn: Option<String>,
    /// Publieke sleutels als JWK Set: `{"keys":[...]}`, EC P-256 of RSA vanaf 2048 bits, zonder privédelen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, nullable = false)]
    pub jwks: Option<serde_json::Value>,
    /// Adres van de publieke sleutels; in plaats van `jwks`, nooit samen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false, format = "uri", example = "https://portaal.voorbeeld.example/jwks.json")]
    pub jwks_uri: Option<String>,
    /// Adressen waar een browser na het aanmelden terugkomt.
    #[serde(default)]
    #[schema(max_items = 20, example = json!(["https://portaal.voorbeeld.example/callback"]))]
    pub redirect_uris: Vec<String>,
    /// Adressen waar een browser na het afmelden terugkomt.
    #[serde(default)]
    #[schema(max_items = 20, example = json!(["https://portaal.voorbeeld.example/afgemeld"]))]
    pub post_logout_redirect_uris: Vec<String>,
    /// Adres voor een afmelding achterom; wordt bewaard, nog niet aangeroepen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false, format = "uri", example = "https://portaal.voorbeeld.example/backchannel")]
    pub backchannel_logout_uri: Option<String>,
    /// Waarmee het ID-token getekend wordt; zonder waarde `ES256`, bij profiel `oidc` `RS256`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id_token_algoritme: Option<Algoritme>,
    /// Waarmee het antwoord van userinfo getekend wordt; zonder waarde is dat gewone JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub userinfo_algoritme: Option<Algoritme>,
    /// Of een aanmelding eerst langs `/oidc/par` moet; bij `fapi2` altijd.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub par_verplicht: Option<bool>,
    /// Of tokens met DPoP aan een sleutel gebonden moeten zijn; bij `fapi2` altijd, tenzij mTLS dat doet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub dpop_verplicht: Option<bool>,
    /// Of het ID-token `amr` bevat; NL GOV laat het weg.
    #[serde(default)]
    pub amr_in_id_token: bool,
    /// Of wat `profile`, `email` en `phone` geven behalve in userinfo ook in het ID-token staat; alleen bij profiel `oidc`.
    #[serde(default)]
    pub gegevens_in_id_token: bool,
    /// Sterkte die een aanmelding moet hebben als het verzoek er geen noemt (`acr_values`).
    #[serde(default)]
    #[schema(max_items = 5, example = json!(["https://refeds.org/profile/mfa"]))]
    pub acr_waarden: Vec<String>,
    /// Of de toepassing `offline_access` mag vragen.
    #[serde(default)]
    pub offline_toegang: bool,
    /// Of de `sub` voor alle clients gelijk is; zonder waarde `public`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sub_soort: Option<SubSoort>,
}

/// Wijziging van een toepassing (JSON Merge Patch); `soort` en organisatie liggen vast.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ToepassingWijziging {
    /// Naam.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, nullable = false, example = "Koppelscript")]
    pub naam: Option<String>,
    /// Profiel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub profiel: Option<Profiel>,
    /// Waarom `oidc` nodig is; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    pub profiel_reden: Wijziging<String>,
    /// Scopes (de hele lijst).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 60, nullable = false)]
    pub scopes: Option<Vec<Scope>>,
    /// Hoe de toepassing zich aanmeldt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub client_authenticatie: Option<ClientAuthenticatie>,
    /// Onderwerp van het clientcertificaat; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    pub tls_subject_dn: Wijziging<String>,
    /// Publieke sleutels als JWK Set (de hele verzameling; zet tijdelijk oud en nieuw samen om te wisselen); `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub jwks: Wijziging<serde_json::Value>,
    /// Adres van de publieke sleutels; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub jwks_uri: Wijziging<String>,
    /// Adressen waar een browser na het aanmelden terugkomt (de hele lijst).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20, nullable = false)]
    pub redirect_uris: Option<Vec<String>>,
    /// Adressen waar een browser na het afmelden terugkomt (de hele lijst).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20, nullable = false)]
    pub post_logout_redirect_uris: Option<Vec<String>>,
    /// Adres voor een afmelding achterom; `null` maakt leeg.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub backchannel_logout_uri: Wijziging<String>,
    /// Waarmee het ID-token getekend wordt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id_token_algoritme: Option<Algoritme>,
    /// Waarmee het antwoord van userinfo getekend wordt; `null` is gewone JSON.
    #[serde(default, deserialize_with = "aanwezig", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^(ES256|PS256|RS256)$", example = "ES256")]
    pub userinfo_algoritme: Wijziging<Algoritme>,
    /// Of een aanmelding eerst langs `/oidc/par` moet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub par_verplicht: Option<bool>,
    /// Of tokens met DPoP aan een sleutel gebonden moeten zijn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub dpop_verplicht: Option<bool>,
    /// Of het ID-token `amr` bevat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub amr_in_id_token: Option<bool>,
    /// Of wat `profile`, `email` en `phone` geven behalve in userinfo ook in het ID-token staat; alleen bij profiel `oidc`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub gegevens_in_id_token: Option<bool>,
    /// Sterkte die een aanmelding moet hebben als het verzoek er geen noemt (de hele lijst).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 5, nullable = false)]
    pub acr_waarden: Option<Vec<String>>,
    /// Of de toepassing `offline_access` mag vragen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub offline_toegang: Option<bool>,
    /// Of de `sub` voor alle clients gelijk is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sub_soort: Option<SubSoort>,
}

fn zet_als<T: Clone>(doel: &mut T, waarde: Option<&T>) {
    if let Some(waarde) = waarde {
        doel.clone_from(waarde);
    }
}

impl NieuweToepassing {
    /// Een machine met sleutels, en verder alles zoals het profiel `nl-gov` het wil.
    #[must_use]
    pub fn machine(naam: &str, organisatie_id: Id, scopes: Vec<Scope>, jwks: serde_json::Value) -> Self {
        Self { jwks: Some(jwks), scopes, soort: Some(ToepassingSoort::Machine), ..Self::leeg(naam, organisatie_id) }
    }

    /// Een portaal met één adres om terug te keren, en verder niets ingevuld.
    #[must_use]
    pub fn portaal(naam: &str, organisatie_id: Id, redirect_uri: &str) -> Self {
        Self { redirect_uris: vec![redirect_uri.to_owned()], soort: Some(ToepassingSoort::Portaal), ..Self::leeg(naam, organisatie_id) }
    }

    fn leeg(naam: &str, organisatie_id: Id) -> Self {
        Self {
            naam: naam.to_owned(),
            organisatie_id,
            soort: None,
            profiel: None,
            profiel_reden: None,
            scopes: Vec::new(),
            client_authenticatie: None,
            tls_subject_dn: None,
            jwks: None,
            jwks_uri: None,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            backchannel_logout_uri: None,
            id_token_algoritme: None,
            userinfo_algoritme: None,
            par_verplicht: None,
            dpop_verplicht: None,
            amr_in_id_token: false,
            gegevens_in_id_token: false,
            acr_waarden: Vec::new(),
            offline_toegang: false,
            sub_soort: None,
        }
    }
}

impl ToepassingWijziging {
    /// Past de wijziging toe.
    ///
    /// # Errors
    /// Alle fouten in de toepassing zoals zij dan zou zijn.
    pub fn toepassen(&self, oud: &Toepassing, nu: Moment) -> Result<Toepassing, Vec<Veldfout>> {
        let mut nieuw = oud.clone();
        zet_als(&mut nieuw.naam, self.naam.as_ref());
        zet_als(&mut nieuw.profiel, self.profiel.as_ref());
        zet(&mut nieuw.profiel_reden, &self.profiel_reden);
        zet_als(&mut nieuw.scopes, self.scopes.as_ref());
        zet_als(&mut nieuw.client_authenticatie, self.client_authenticatie.as_ref());
        zet(&mut nieuw.tls_subject_dn, &self.tls_subject_dn);
        zet(&mut nieuw.jwks, &self.jwks);
        zet(&mut nieuw.jwks_uri, &self.jwks_uri);
        zet_als(&mut nieuw.redirect_uris, self.redirect_uris.as_ref());
        zet_als(&mut nieuw.post_logout_redirect_uris, self.post_logout_redirect_uris.as_ref());
        zet(&mut nieuw.backchannel_logout_uri, &self.backchannel_logout_uri);
        zet_als(&mut nieuw.id_token_algoritme, self.id_token_algoritme.as_ref());
        zet(&mut nieuw.userinfo_algoritme, &self.userinfo_algoritme);
        zet_als(&mut nieuw.par_verplicht, self.par_verplicht.as_ref());
        zet_als(&mut nieuw.dpop_verplicht, self.dpop_verplicht.as_ref());
        zet_als(&mut nieuw.amr_in_id_token, self.amr_in_id_token.as_ref());
        zet_als(&mut nieuw.gegevens_in_id_token, self.gegevens_in_id_token.as_ref());
        zet_als(&mut nieuw.acr_waarden, self.acr_waarden.as_ref());
        zet_als(&mut nieuw.offline_toegang, self.offline_toegang.as_ref());
        zet_als(&mut nieuw.sub_soort, self.sub_soort.as_ref());
        nieuw.gewijzigd_op = nu;
        nieuw.versie += 1;
        keuring::keur(nieuw)
    }
}

impl Toepassing {
    /// Zet de stand.
    ///
    /// # Errors
    /// `toepassing-ingetrokken` als zij voorgoed is ingetrokken; `status-ongewijzigd` als er niets verandert.
    pub fn met_status(&self, status: ToepassingStatus, nu: Moment) -> Result<Self, Weigering> {
        if self.status == ToepassingStatus::Ingetrokken {
            return Err(Weigering::new("toepassing-ingetrokken", "Deze toepassing is ingetrokken. Registreer een nieuwe."));
        }
        if self.status == status {
            return Err(Weigering::new("status-ongewijzigd", format!("De toepassing is al '{status}'.")));
        }
        Ok(Self { status, gewijzigd_op: nu, versie: self.versie + 1, ..self.clone() })
    }

    /// De toepassing nadat er een geheim van wegging: wie er nog een wil weghalen, kijkt eerst wat er over is.
    #[must_use]
    pub fn zonder_een_geheim(&self, nu: Moment) -> Self {
        Self { gewijzigd_op: nu, versie: self.versie + 1, ..self.clone() }
    }

    /// Of de tokens van deze client aan een sleutel of certificaat gebonden moeten zijn.
    #[must_use]
    pub const fn gebonden_tokens(&self) -> bool {
        self.dpop_verplicht || matches!(self.profiel, Profiel::Fapi2)
    }

    /// Of dit adres een geregistreerde redirect-URI is.
    #[must_use]
    pub fn kent_redirect_uri(&self, adres: &str) -> bool {
        self.redirect_uris.iter().any(|uri| adressen::past(uri, adres))
    }

    /// Of dit adres een geregistreerd adres voor na het afmelden is.
    #[must_use]
    pub fn kent_post_logout_redirect_uri(&self, adres: &str) -> bool {
        self.post_logout_redirect_uris.iter().any(|uri| adressen::past(uri, adres))
    }
}
