//! Wat de storm nodig heeft: een organisatie met haar IdP, vijfduizend mensen die elk al gekoppeld zijn, en een portaal.

use std::net::SocketAddr;

use aws_lc_rs::rand::fill;
use domain::organisaties::NieuweOrganisatie;
use domain::personen::{NieuwePersoon, Persoon, PersoonStatus, Rol};
use domain::toepassingen::NieuweToepassing;
use domain::{Id, nieuw_id};
use serde_json::{Value, json};

use crate::Uitkomst;
use crate::dienst::Inrichting;
use crate::gegevens::{Vuller, nieuwe_regel, nu, sleutelpaar};
use crate::lijn::{Lijn, leesbaar};
use crate::tokens::Sleutel;

/// Mensen per transactie bij het vullen.
const PER_TRANSACTIE: usize = 1_000;

/// Een gevulde opslag, klaar voor de storm.
pub(crate) struct Stormgegevens {
    pub(crate) client_id: Id,
    pub(crate) organisatie_id: Id,
    pub(crate) sleutel: Sleutel,
    beheerder: String,
}

impl Stormgegevens {
    /// Vult de opslag terwijl de dienst niet draait.
    pub(crate) fn vul(inrichting: &Inrichting, issuer: &str, mensen: usize) -> Uitkomst<Self> {
        let vuller = Vuller::open(inrichting, 0, None)?;
        let nieuw: NieuweOrganisatie = serde_json::from_value(json!({ "naam": "Storm Voorbeeld", "emaildomeinen": ["storm.example"] })).map_err(leesbaar)?;
        let organisatie = nieuw.maak(vers(), nu()).map_err(|fouten| format!("{fouten:?}"))?;
        let (publiek, prive) = sleutelpaar()?;
        let portaal = json!({
            "naam": "Portaal van de storm", "organisatieId": organisatie.id, "soort": "portaal", "jwks": { "keys": [publiek] },
            "redirectUris": ["https://portaal.example/terug"],
        });
        let portaal: NieuweToepassing = serde_json::from_value(portaal).map_err(leesbaar)?;
        let portaal = portaal.maak(vers(), nu()).map_err(|fouten| format!("{fouten:?}"))?;
        let beheerder = mens(organisatie.id, "beheerder", vec![Rol::IdpBeheerder])?;
        let (client_id, organisatie_id, wie) = (portaal.id, organisatie.id, beheerder.clone());
        vuller.schrijf(move |tx| {
            store::organisaties::insert(tx, &organisatie)?;
            store::personen::insert(tx, &wie)?;
            store::toepassingen::insert(tx, &portaal)?;
            tx.record(nieuwe_regel("organisatie", organisatie.id))
        })?;
        for begin in (0..mensen).step_by(PER_TRANSACTIE) {
            let deel: Vec<(String, Persoon)> = (begin..mensen.min(begin + PER_TRANSACTIE))
                .map(|nummer| Ok((format!("mens-{nummer}"), mens(organisatie_id, &format!("mens-{nummer}"), Vec::new())?)))
                .collect::<Uitkomst<_>>()?;
            let issuer = issuer.to_owned();
            vuller.schrijf(move |tx| {
                for (sub, persoon) in &deel {
                    store::personen::insert(tx, persoon)?;
                    store::personen::koppel(tx, &issuer, sub, persoon.id)?;
                }
                tx.record(nieuwe_regel("organisatie", organisatie_id))
            })?;
        }
        let scopes = "identiteitsproviders:lezen identiteitsproviders:schrijven";
        let beheerder = vuller.token_voor(inrichting, &beheerder, scopes)?;
        Ok(Self { client_id, organisatie_id, sleutel: Sleutel::uit(prive)?, beheerder })
    }

    /// Sluit de IdP aan zoals haar beheerder het doet: registreren, sleutel, verbindingstest, activeren.
    pub(crate) fn sluit_aan(&self, adres: SocketAddr, issuer: &str) -> Uitkomst<()> {
        let mut lijn = Lijn::open(adres, "meting")?;
        let registratie = self.roep(
            &mut lijn,
            "/v1/identiteitsproviders",
            "",
            &json!({
                "organisatieId": self.organisatie_id, "naam": "IdP van de storm",
                "instellingen": { "issuer": issuer, "clientId": "aansluitloket", "clientauthenticatie": "private-key-jwt", "mfa": { "preset": "amr" } },
            }),
        )?;
        let pad = format!("/v1/identiteitsproviders/{}", registratie.get("id").and_then(Value::as_str).ok_or("geen id")?);
        self.roep(&mut lijn, &format!("{pad}/geheimen"), "", &json!({ "soort": "sleutel" }))?;
        let test = self.roep(&mut lijn, &format!("{pad}/verbindingstests"), "", &json!({ "versienummer": 1 }))?;
        if test.get("geslaagd") != Some(&json!(true)) {
            return Err(format!("verbindingstest: {test}"));
        }
        let etag = lijn.haal(&pad, &self.kop())?.etag.ok_or("geen etag")?;
        self.roep(&mut lijn, &format!("{pad}/activeringen"), &format!("if-match: {etag}\r\n"), &json!({ "versienummer": 1 }))?;
        Ok(())
    }

    fn kop(&self) -> String {
        format!("authorization: Bearer {}\r\n", self.beheerder)
    }

    fn roep(&self, lijn: &mut Lijn, pad: &str, extra: &str, lichaam: &Value) -> Uitkomst<Value> {
        let koppen = format!("{}content-type: application/json\r\nidempotency-key: {}\r\n{extra}", self.kop(), vers());
        let antwoord = lijn.vraag("POST", pad, &koppen, &lichaam.to_string())?;
        if antwoord.status != 201 {
            return Err(format!("POST {pad} geeft {}: {}", antwoord.status, antwoord.inhoud));
        }
        serde_json::from_str(&antwoord.inhoud).map_err(leesbaar)
    }
}

fn mens(organisatie_id: Id, naam: &str, rollen: Vec<Rol>) -> Uitkomst<Persoon> {
    let nieuw =
        NieuwePersoon { organisatie_id, naam: "Storm Voorbeeld".to_owned(), email: format!("{naam}@storm.example"), telefoon: None, functie: None, rollen };
    let mens = nieuw.maak(vers(), nu()).map_err(|fouten| format!("{fouten:?}"))?;
    Ok(Persoon { status: PersoonStatus::Actief, ..mens })
}

fn vers() -> Id {
    let toeval = domain::Rng::new(|buffer| {
        let _vol = fill(buffer);
    });
    nieuw_id(nu(), &toeval)
}
