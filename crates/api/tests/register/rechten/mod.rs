//! Iedere rol bij iedere operatie, over HTTP: het antwoord zegt wat `docs/rechten.md` zegt.
//!
//! Operaties en lichamen komen uit het document, wie wat mag uit de vastgelegde tabel. Een nieuwe operatie doet dus vanzelf mee;
//! heeft zij een adres dat hier niet bestaat, dan zegt de proef wat er gezaaid moet worden.

mod bellers;
mod tabel;
mod verzoek;
mod zaken;

use actix_web::test::TestRequest;
use api::beleid::Action;
use serde_json::Value;

use self::bellers::{Aanroeper, Omgeving, Token};
use self::tabel::Tabel;
use self::verzoek::{Operatie, operaties};
use self::zaken::Zaken;
use crate::huis::{Gezien, Huis, nu};

/// Wat de tabel over één aanroep zegt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Oordeel {
    Mag,
    /// Geweigerd; alleen wie de zaak mag lezen, hoort waarom.
    Geweigerd {
        leest: bool,
    },
    /// Het token volstaat niet, wat de rol ook mag.
    Token(u16),
}

struct Spel<'a> {
    huis: &'a Huis,
    document: Value,
    tabel: Tabel,
    zaken: Zaken,
    bellers: Vec<Aanroeper>,
    fouten: Vec<String>,
}

/// Van één mens: wie alleen bij de organisatie hoort, ziet haar niet.
const EIGEN_INVULLING: &str = "/afnames/{id}/invullingen/{invullingId}";

impl Spel<'_> {
    /// De verhouding waarin deze aanroeper tot de zaak van deze operatie staat.
    fn verhouding(&self, operatie: &Operatie, wie: &Aanroeper) -> &'static str {
        if operatie.pad.starts_with(EIGEN_INVULLING) && wie.verhouding != "W" {
            ""
        } else if operatie.noemt_organisatie(&self.document) {
            wie.verhouding
        } else {
            wie.eigen
        }
    }

    fn oordeel(&self, operatie: &Operatie, wie: &Aanroeper) -> Oordeel {
        let (actie, scope) = self.tabel.operatie(&operatie.naam());
        let Some(actie) = actie else { return Oordeel::Mag };
        let mag = |actie: Action| self.tabel.mag(actie, wie.kolom, self.verhouding(operatie, wie));
        match wie.token {
            Token::Geen | Token::ZonderTweedeFactor => Oordeel::Token(401),
            Token::ZonderScope if !scope.is_empty() => Oordeel::Token(403),
            _ if mag(actie) => Oordeel::Mag,
            _ => Oordeel::Geweigerd { leest: mag(actie.lezen()) },
        }
    }

    /// Wat er aan een antwoord niet klopt. `weg` zegt dat een eerdere aanroeper de zaak mocht weghalen.
    fn keur(&self, operatie: &Operatie, wie: &Aanroeper, gezien: &Gezien, weg: bool) -> Result<(), String> {
        let items = gezien.body["items"].as_array().filter(|_| operatie.is_lijst(&self.document) && gezien.status == 200);
        let goed = match self.oordeel(operatie, wie) {
            Oordeel::Token(status) => gezien.status == status,
            Oordeel::Mag => match gezien.status {
                200..=299 | 400 | 409 | 412 | 422 | 428 => true,
                404 => weg,
                _ => false,
            },
            Oordeel::Geweigerd { .. } if items.is_some() => items.is_some_and(Vec::is_empty),
            Oordeel::Geweigerd { leest: true } => gezien.status == 403,
            Oordeel::Geweigerd { leest: false } => matches!(gezien.status, 403 | 404),
        };
        let (actie, _) = self.tabel.operatie(&operatie.naam());
        // In een lijst van de eigen organisatie staat nooit iets van het waterschap voor wie dat daar niet mag lezen.
        let eigen = Value::from(self.zaken.organisatie.to_string());
        let lekt = actie.is_some_and(|actie| !self.tabel.mag(actie, wie.kolom, wie.verhouding))
            && items.is_some_and(|items| items.iter().any(|item| item["organisatieId"] == eigen));
        let beschreven = operatie.beschrijft(gezien.status);
        if goed && !lekt && beschreven {
            return Ok(());
        }
        let lek = match (lekt, beschreven) {
            (true, _) => ", en toont wat van het waterschap is",
            (_, false) => ", en dat antwoord staat niet in het document",
            _ => "",
        };
        Err(format!("{} door {}: {:?}, kreeg {} {}{lek}", operatie.naam(), wie.naam, self.oordeel(operatie, wie), gezien.status, gezien.body["code"]))
    }

    /// Belt met iedereen die `kies` aanwijst; geeft hoe vaak het lukte.
    async fn ronde(&mut self, dienst: &impl AsyncFn(TestRequest) -> Gezien, operatie: &Operatie, kies: impl Fn(Oordeel) -> bool) -> usize {
        let adres = match self.zaken.pad(self.huis, &operatie.pad).await {
            Ok(adres) => adres,
            Err(ontbreekt) => {
                self.fouten.push(ontbreekt);
                return 0;
            }
        };
        let (mut gelukt, mut fouten) = (0, Vec::new());
        for wie in self.bellers.iter().filter(|wie| kies(self.oordeel(operatie, wie))) {
            let verzoek = operatie.verzoek(&self.document, &self.zaken, &self.zaken.voor(wie, &adres), wie);
            let gezien = dienst(verzoek).await;
            fouten.extend(self.keur(operatie, wie, &gezien, gelukt > 0 && !operatie.leest()).err());
            gelukt += usize::from(gezien.status < 300);
        }
        self.fouten.extend(fouten);
        gelukt
    }

    /// Het nummer van de laatste auditregel.
    async fn laatste_auditregel(&self) -> Option<i64> {
        let store = &self.huis.app.store;
        store.seal(nu()).await.expect("verzegeld");
        let filter = store::AuditFilter { nieuwste_eerst: true, ..store::AuditFilter::default() };
        let een = store::Page { limit: 1, after: None };
        let blad = store.read(move |conn| store::audit_list(conn, &filter, &store::Zicht::Alles, &een)).await.expect("audit");
        blad.items.first().and_then(|regel| regel.volgnummer)
    }
}

#[actix_web::test]
async fn over_http_mag_iedere_rol_bij_iedere_operatie_precies_wat_de_tabel_zegt() {
    let huis = Huis::nieuw().await;
    let omgeving = Omgeving::nieuw(&huis).await;
    let bellers = bellers::alle(&huis, &omgeving).await;
    let zaken = zaken::gezaaid(&huis, &omgeving, &bellers).await;
    let document = huis.app.contract.value();
    let operaties = operaties(&document);
    let mut spel = Spel { huis: &huis, document, tabel: Tabel::vastgelegd(), zaken, bellers, fouten: Vec::new() };
    let dienst = huis.dienst().await;
    let geweigerd = |oordeel: Oordeel| oordeel != Oordeel::Mag;
    // Eerst wat niets verandert: al het lezen, en elke weigering.
    for operatie in &operaties {
        if operatie.leest() {
            if spel.ronde(&dienst, operatie, |_| true).await == 0 && !pas_na_sluiten(operatie) {
                spel.fouten.push(format!("{}: niemand kreeg iets te zien, dus dit bewijst niets", operatie.naam()));
            }
            continue;
        }
        let voor = spel.laatste_auditregel().await;
        spel.ronde(&dienst, operatie, geweigerd).await;
        if spel.laatste_auditregel().await != voor {
            spel.fouten.push(format!("{}: wie geweigerd werd, veranderde toch iets", operatie.naam()));
        }
    }
    for operatie in operaties.iter().filter(|operatie| !operatie.leest()) {
        spel.ronde(&dienst, operatie, |oordeel| oordeel == Oordeel::Mag).await;
    }
    assert!(spel.fouten.is_empty(), "{} afwijkingen van docs/rechten.md:\n{}", spel.fouten.len(), spel.fouten.join("\n"));
}

/// De afname is open, want dan is er in te vullen: wie de antwoorden mag zien, hoort met 409 dat het daar nog te vroeg voor is.
fn pas_na_sluiten(operatie: &Operatie) -> bool {
    operatie.pad == "/afnames/{id}/antwoorden"
}
