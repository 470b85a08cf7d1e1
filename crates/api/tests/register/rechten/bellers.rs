//! Elk soort aanroeper dat er kan zijn: iedere rol in iedere verhouding, toepassingen, en wie er niet in mag.

use domain::organisaties::Aansluitstatus;
use domain::personen::Rol;
use domain::toepassingen::Scope;

use super::tabel::Kolom;
use crate::huis::{Beller, Huis};

/// Wat er met het token aan de hand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Goed,
    ZonderScope,
    ZonderTweedeFactor,
    Geen,
}

/// Een aanroeper met zijn plaats in de tabel.
pub(super) struct Aanroeper {
    pub(super) naam: String,
    pub(super) kolom: Kolom,
    /// Verhouding tot de zaken van het waterschap, als letters van de tabel.
    pub(super) verhouding: &'static str,
    /// Verhouding tot wat van de eigen organisatie is.
    pub(super) eigen: &'static str,
    pub(super) token: Token,
    pub(super) beller: Beller,
}

/// De organisaties rond het traject van het waterschap, met iemand die daar werkt.
pub(super) struct Omgeving {
    pub(super) adoptiepartner: Beller,
    /// Leent een profiel van het waterschap; belt zelf niet.
    pub(super) lener: Beller,
}

impl Omgeving {
    pub(super) async fn nieuw(huis: &Huis) -> Self {
        Self {
            adoptiepartner: huis.crisispartner("Drinkwater Voorbeeld", Aansluitstatus::Live).await,
            lener: huis.crisispartner("Gemeente Voorbeeldstad", Aansluitstatus::Geen).await,
        }
    }
}

struct Lijst<'a> {
    huis: &'a Huis,
    alle: Vec<Aanroeper>,
}

impl Lijst<'_> {
    fn zet(&mut self, naam: String, kolom: Kolom, (verhouding, eigen): (&'static str, &'static str), token: Token, beller: Beller) {
        self.alle.push(Aanroeper { naam, kolom, verhouding, eigen, token, beller });
    }

    async fn persoon(&mut self, waar: (&str, &Beller), kolom: Kolom, verhouding: (&'static str, &'static str)) {
        let rollen: Vec<Rol> = if let Kolom::Rol(rol) = kolom { vec![rol] } else { Vec::new() };
        let adres = format!("{}-{}", waar.0.replace(' ', "-"), kolom.kop().trim_matches(['(', ')']).replace(' ', "-"));
        let beller = self.huis.persoon_met(waar.1, &adres, &rollen).await;
        self.zet(format!("{} bij {}", kolom.kop(), waar.0), kolom, verhouding, Token::Goed, beller);
    }
}

/// De rollen die bij NIPV horen, of juist niet; daarna wie er geen heeft.
fn kolommen(nipv: bool) -> impl Iterator<Item = Kolom> {
    let rollen = Rol::ALLE.iter().copied().filter(move |rol| rol.is_van_nipv() == nipv || (nipv && *rol == Rol::Waarnemer));
    rollen.map(Kolom::Rol).chain([Kolom::GeenRol])
}

/// Iedereen die kan bellen. Wie is uitgenodigd voor de afname, staat achteraan met verhouding `W`.
pub(super) async fn alle(huis: &Huis, omgeving: &Omgeving) -> Vec<Aanroeper> {
    let mut lijst = Lijst { huis, alle: Vec::new() };
    let buiten = [
        ("het waterschap", &huis.projectleider, ("ECP", "EC")),
        ("de implementatiepartner", &huis.implementatieadviseur, ("IP", "EI")),
        ("de adoptiepartner", &omgeving.adoptiepartner, ("AP", "EA")),
        ("een ander", &huis.buitenstaander, ("", "E")),
    ];
    for (naam, bij, verhouding) in buiten {
        for kolom in kolommen(false) {
            lijst.persoon((naam, bij), kolom, verhouding).await;
        }
    }
    for kolom in kolommen(true) {
        let eigen = if kolom == Kolom::Rol(Rol::Waarnemer) { "NE" } else { "N" };
        lijst.persoon(("NIPV", &huis.lfb), kolom, ("N", eigen)).await;
    }
    for (naam, bij, verhouding) in buiten.into_iter().chain([("NIPV", &huis.lfb, ("N", "N"))]) {
        let toepassing = huis.toepassing(bij).await;
        lijst.zet(format!("toepassing van {naam}"), Kolom::Toepassing, verhouding, Token::Goed, toepassing);
    }
    let script = huis.toepassing(&huis.implementatieadviseur).await;
    let kaal = huis.met_token(&script, &script.id.to_string(), &[], false);
    lijst.zet("toepassing zonder scope".to_owned(), Kolom::Toepassing, ("IP", "EI"), Token::ZonderScope, kaal);
    let kaal = huis.met_token(&huis.lfb, "portaal", &[], true);
    lijst.zet("lfb met een token zonder scope".to_owned(), Kolom::Rol(Rol::Lfb), ("N", "N"), Token::ZonderScope, kaal);
    let zwak = huis.met_token(&huis.lfb, "portaal", Scope::ALLE, false);
    lijst.zet("lfb zonder tweede factor".to_owned(), Kolom::Rol(Rol::Lfb), ("N", "N"), Token::ZonderTweedeFactor, zwak);
    lijst.zet("niemand".to_owned(), Kolom::GeenRol, ("", ""), Token::Geen, huis.lfb.clone());
    // Zonder rol is niemand uit te nodigen.
    for rol in [Rol::Waarnemer, Rol::Projectleider] {
        lijst.persoon(("een ander als genodigde", &huis.buitenstaander), Kolom::Rol(rol), ("W", "EW")).await;
    }
    lijst.alle
}
