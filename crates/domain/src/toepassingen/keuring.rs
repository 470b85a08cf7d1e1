//! Wat er samen moet kloppen in een toepassing; alle fouten tegelijk.

use super::adressen::{host, keur_terugkeer, keur_uitgaand};
use super::sleutels::{alleen_rs256, controleer_jwks};
use super::{Algoritme, ClientAuthenticatie, NieuweToepassing, Profiel, Scope, SubSoort, Toepassing, ToepassingSoort, ToepassingStatus};
use crate::invoer::{Veldfout, klaar, verplicht};
use crate::{Id, Moment};

/// Langste adres.
const LANGSTE_ADRES: usize = 500;

fn opgeruimd(mut scopes: Vec<Scope>) -> Vec<Scope> {
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

impl NieuweToepassing {
    /// Waarmee het ID-token getekend wordt; standaardsoftware verwacht RS256 (OIDC Dynamic Registration, 2).
    #[must_use]
    pub fn tekent_met(&self) -> Algoritme {
        self.id_token_algoritme.unwrap_or(if self.profiel == Some(Profiel::Oidc) { Algoritme::Rs256 } else { Algoritme::Es256 })
    }

    /// Maakt de toepassing; wat niet is ingevuld volgt uit soort en profiel.
    ///
    /// # Errors
    /// Alle fouten in de invoer.
    pub fn maak(self, id: Id, nu: Moment) -> Result<Toepassing, Vec<Veldfout>> {
        let profiel = self.profiel.unwrap_or(Profiel::NlGov);
        let (fapi2, oidc) = (profiel == Profiel::Fapi2, profiel == Profiel::Oidc);
        let standaard = if oidc { ClientAuthenticatie::ClientSecretBasic } else { ClientAuthenticatie::PrivateKeyJwt };
        let client_authenticatie = self.client_authenticatie.unwrap_or(standaard);
        let id_token_algoritme = self.tekent_met();
        let soort = self.soort.unwrap_or(ToepassingSoort::Machine);
        keur(Toepassing {
            id,
            naam: self.naam,
            organisatie_id: self.organisatie_id,
            soort,
            profiel,
            profiel_reden: self.profiel_reden,
            scopes: self.scopes,
            client_authenticatie,
            tls_subject_dn: self.tls_subject_dn,
            jwks: self.jwks,
            jwks_uri: self.jwks_uri,
            redirect_uris: self.redirect_uris,
            post_logout_redirect_uris: self.post_logout_redirect_uris,
            backchannel_logout_uri: self.backchannel_logout_uri,
            id_token_algoritme,
            userinfo_algoritme: self.userinfo_algoritme,
            par_verplicht: self.par_verplicht.unwrap_or(fapi2 && soort == ToepassingSoort::Portaal),
            dpop_verplicht: self.dpop_verplicht.unwrap_or(fapi2 && client_authenticatie != ClientAuthenticatie::TlsClientAuth),
            amr_in_id_token: self.amr_in_id_token,
            gegevens_in_id_token: self.gegevens_in_id_token,
            acr_waarden: self.acr_waarden,
            offline_toegang: self.offline_toegang,
            sub_soort: self.sub_soort.unwrap_or(SubSoort::Public),
            status: ToepassingStatus::Actief,
            aangemaakt_op: nu,
            gewijzigd_op: nu,
            versie: 1,
        })
    }
}

/// Keurt een toepassing en ruimt haar op.
pub(super) fn keur(mut t: Toepassing) -> Result<Toepassing, Vec<Veldfout>> {
    let mut fouten = Vec::new();
    verplicht(&mut fouten, "/naam", &t.naam);
    t.naam = t.naam.trim().to_owned();
    t.scopes = opgeruimd(t.scopes);
    profiel(&mut fouten, &t);
    aanmelding(&mut fouten, &t);
    adressen(&mut fouten, &t);
    match t.soort {
        ToepassingSoort::Machine => machine(&mut fouten, &t),
        ToepassingSoort::Portaal => portaal(&mut fouten, &t),
    }
    klaar(fouten, t)
}

fn fout(fouten: &mut Vec<Veldfout>, mis: bool, plaats: &str, code: &str, detail: &str) {
    if mis {
        fouten.push(Veldfout::new(plaats, code, detail));
    }
}

fn profiel(f: &mut Vec<Veldfout>, t: &Toepassing) {
    let oidc = t.profiel == Profiel::Oidc;
    let zonder_reden = t.profiel_reden.as_deref().is_none_or(|reden| reden.trim().is_empty());
    fout(f, oidc && zonder_reden, "/profielReden", "verplicht", "Het profiel 'oidc' stelt minder eisen: zeg waarom dat nodig is.");
    fout(
        f,
        t.gegevens_in_id_token && !oidc,
        "/gegevensInIdToken",
        "gegevens-niet-toegestaan",
        "Gegevens in het ID-token zonder vraag mogen alleen bij profiel 'oidc'. Lees userinfo, of vraag ze met de parameter 'claims'.",
    );
    let geheim = t.client_authenticatie.met_geheim();
    fout(
        f,
        geheim && !oidc,
        "/clientAuthenticatie",
        "geheim-niet-toegestaan",
        "Een geheim mag alleen bij profiel 'oidc'. Gebruik private_key_jwt of tls_client_auth.",
    );
    if t.profiel == Profiel::Fapi2 {
        fout(f, t.soort == ToepassingSoort::Portaal && !t.par_verplicht, "/parVerplicht", "fapi2-eist-par", "Bij profiel 'fapi2' is PAR verplicht.");
        let mtls = t.client_authenticatie == ClientAuthenticatie::TlsClientAuth;
        fout(
            f,
            !t.dpop_verplicht && !mtls,
            "/dpopVerplicht",
            "fapi2-eist-binding",
            "Bij profiel 'fapi2' zijn tokens gebonden: met DPoP, of met het certificaat van tls_client_auth.",
        );
        let rs256 = t.jwks.as_ref().is_some_and(alleen_rs256);
        fout(f, rs256, "/jwks", "fapi2-algoritme", "Bij profiel 'fapi2' tekent de client met ES256, PS256 of EdDSA; geef een sleutel die dat kan.");
        fout(f, t.id_token_algoritme == Algoritme::Rs256, "/idTokenAlgoritme", "fapi2-algoritme", "Bij profiel 'fapi2' mag ES256 of PS256.");
        fout(f, t.userinfo_algoritme == Some(Algoritme::Rs256), "/userinfoAlgoritme", "fapi2-algoritme", "Bij profiel 'fapi2' mag ES256 of PS256.");
    }
}

fn aanmelding(f: &mut Vec<Veldfout>, t: &Toepassing) {
    if let Some(jwks) = &t.jwks {
        controleer_jwks(f, jwks);
    }
    fout(f, t.jwks.is_some() && t.jwks_uri.is_some(), "/jwksUri", "jwks-dubbel", "Geef 'jwks' of 'jwksUri', niet allebei.");
    let sleutels = t.jwks.is_some() || t.jwks_uri.is_some();
    fout(
        f,
        t.client_authenticatie == ClientAuthenticatie::PrivateKeyJwt && !sleutels,
        "/jwks",
        "jwks-ongeldig",
        "Geef de publieke sleutels in 'jwks' of het adres ervan in 'jwksUri'.",
    );
    let tls = t.client_authenticatie == ClientAuthenticatie::TlsClientAuth;
    let dn = t.tls_subject_dn.as_deref().is_some_and(|dn| !dn.trim().is_empty());
    fout(f, tls && !dn, "/tlsSubjectDn", "verplicht", "Bij tls_client_auth hoort het onderwerp van het certificaat.");
    fout(f, !tls && t.tls_subject_dn.is_some(), "/tlsSubjectDn", "past-niet", "Een onderwerp van een certificaat hoort alleen bij tls_client_auth.");
}

fn adressen(f: &mut Vec<Veldfout>, t: &Toepassing) {
    for (veld, lijst) in [("redirectUris", &t.redirect_uris), ("postLogoutRedirectUris", &t.post_logout_redirect_uris)] {
        for (plek, adres) in lijst.iter().enumerate() {
            let plaats = format!("/{veld}/{plek}");
            keur_terugkeer(f, &plaats, adres, t.profiel);
            fout(f, adres.len() > LANGSTE_ADRES, &plaats, "te-lang", "Een adres mag ten hoogste 500 tekens lang zijn.");
            fout(f, lijst.iter().take(plek).any(|eerder| eerder == adres), &plaats, "dubbel", "Dit adres staat al in de lijst.");
        }
    }
    for (veld, adres) in [("/jwksUri", &t.jwks_uri), ("/backchannelLogoutUri", &t.backchannel_logout_uri)] {
        if let Some(adres) = adres {
            keur_uitgaand(f, veld, adres);
        }
    }
    for (plek, waarde) in t.acr_waarden.iter().enumerate() {
        let mis = waarde.is_empty() || waarde.len() > 200 || waarde.contains(char::is_whitespace);
        fout(f, mis, &format!("/acrWaarden/{plek}"), "acr-ongeldig", "Een acr is één woord of URI van ten hoogste 200 tekens.");
    }
}

fn machine(f: &mut Vec<Veldfout>, t: &Toepassing) {
    fout(f, t.scopes.is_empty(), "/scopes", "verplicht", "Een machine heeft ten minste één scope nodig.");
    let terug = !t.redirect_uris.is_empty() || !t.post_logout_redirect_uris.is_empty() || t.backchannel_logout_uri.is_some();
    fout(f, terug, "/redirectUris", "machine-zonder-browser", "Bij een machine meldt niemand zich aan: laat de adressen weg, of kies soort 'portaal'.");
    fout(
        f,
        t.offline_toegang,
        "/offlineToegang",
        "machine-zonder-browser",
        "Een machine krijgt geen refresh token: zij haalt een nieuw token met haar sleutel.",
    );
    fout(f, t.par_verplicht, "/parVerplicht", "machine-zonder-browser", "PAR hoort bij een aanmelding in de browser.");
}

fn portaal(f: &mut Vec<Veldfout>, t: &Toepassing) {
    fout(f, t.redirect_uris.is_empty(), "/redirectUris", "verplicht", "Een portaal heeft ten minste één redirect-URI nodig.");
    let mut hosts: Vec<_> = t.redirect_uris.iter().filter_map(|uri| host(uri)).collect();
    hosts.sort_unstable();
    hosts.dedup();
    let verdeeld = t.sub_soort == SubSoort::Pairwise && hosts.len() > 1;
    fout(f, verdeeld, "/subSoort", "sector-onduidelijk", "Bij 'pairwise' hebben alle redirect-URI's dezelfde host.");
}
