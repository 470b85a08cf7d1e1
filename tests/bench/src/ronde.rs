//! De ronde zelf: om en om meten, zodat een trage minuut van de machine beide kanten raakt.

use std::fs;
use std::path::Path;

use domain::Id;
use domain::organisaties::Organisatie;
use loket::{Loket, Sleutel, Toegang};

use crate::dienst::{Inrichting, Proces, haal};
use crate::gegevens::{Beller, Vuller};
use crate::postgres::Postgres;
use crate::verslag::{Regel, Verslag};
use crate::wrk::{Last, Meting};
use crate::{Opties, Uitkomst, kaal, meld, midden, schijf, schrijvers, storm, tokens, wrk};

/// Zoveel trajecten heeft de kleine opslag.
const KLEIN: usize = 1_000;
/// Schrijvers tegelijk bij vastleggen.
const SCHRIJVERS: usize = 16;

/// Alle metingen, daarna het verslag.
pub(crate) fn meet(opties: &Opties) -> Uitkomst<()> {
    wrk::nodig()?;
    // Naast het programma: dezelfde schijf als waarop gebouwd wordt, geen geheugenschijf.
    let zelf = std::env::current_exe().map_err(|fout| fout.to_string())?;
    let ouder = zelf.parent().ok_or("geen map")?;
    let map = tempfile::Builder::new().prefix("bench.").tempdir_in(ouder).map_err(|fout| fout.to_string())?;
    let mut verslag = Verslag::begin(opties)?;

    if !opties.alleen_postgresql {
        meld("SQLite");
        let sqlite = map.path().join("sqlite");
        fs::create_dir(&sqlite).map_err(|fout| fout.to_string())?;
        let inrichting = Inrichting::nieuw(&sqlite, None)?;
        let (partner, beller) = eerste_vulling(&inrichting)?;
        let lijst_klein = op_sqlite(opties, &inrichting, &beller, &mut verslag)?;
        tokens::meet(opties, &inrichting, &beller, "SQLite", &mut verslag)?;
        Vuller::open(&inrichting, KLEIN, Some(partner))?.vul(opties.trajecten)?;
        lijst_groot(opties, &inrichting, &beller, ("SQLite", lijst_klein), &mut verslag)?;
        let kaal = schijf::vastleggingen(&inrichting.map, opties.seconden, &"x".repeat(300))?;
        storm::meet(&inrichting, kaal, "SQLite", &mut verslag)?;
    }

    if !opties.alleen_sqlite {
        meld("PostgreSQL");
        // Buiten de bouwmap: de gebruiker postgres moet er bij kunnen.
        let pg = tempfile::Builder::new().prefix("bench-pg.").tempdir_in("/var/tmp").map_err(|fout| fout.to_string())?;
        open_voor_iedereen(pg.path())?;
        let server = Postgres::start(&pg.path().join("server"))?;
        let thuis = map.path().join("postgresql");
        fs::create_dir(&thuis).map_err(|fout| fout.to_string())?;
        let inrichting = Inrichting::nieuw(&thuis, Some(server.url()))?;
        let (partner, beller) = eerste_vulling(&inrichting)?;
        server.analyseer()?;
        let lijst_klein = op_postgres(opties, &inrichting, &beller, &server, &mut verslag)?;
        tokens::meet(opties, &inrichting, &beller, "PostgreSQL", &mut verslag)?;
        Vuller::open(&inrichting, KLEIN, Some(partner))?.vul(opties.trajecten)?;
        server.analyseer()?;
        lijst_groot(opties, &inrichting, &beller, ("PostgreSQL", lijst_klein), &mut verslag)?;
        let kaal = server.vastleggingen(&inrichting.map, SCHRIJVERS, opties.seconden, &"x".repeat(300))?;
        storm::meet(&inrichting, kaal, "PostgreSQL", &mut verslag)?;
    }
    verslag.schrijf(&opties.uit)?;
    meld(&verslag.tekst());
    if verslag.gehaald() { Ok(()) } else { Err("Niet elk doel is gehaald; zie het verslag.".to_owned()) }
}

/// Alleen het aanmelden; schrijft geen verslag.
pub(crate) fn aanmelden(opties: &Opties) -> Uitkomst<()> {
    let zelf = std::env::current_exe().map_err(|fout| fout.to_string())?;
    let map = tempfile::Builder::new().prefix("bench.").tempdir_in(zelf.parent().ok_or("geen map")?).map_err(|fout| fout.to_string())?;
    let mut verslag = Verslag::begin(opties)?;
    if !opties.alleen_postgresql {
        let inrichting = Inrichting::nieuw(map.path(), None)?;
        let (_, beller) = eerste_vulling(&inrichting)?;
        tokens::meet(opties, &inrichting, &beller, "SQLite", &mut verslag)?;
        let kaal = schijf::vastleggingen(&inrichting.map, opties.seconden, &"x".repeat(300))?;
        storm::meet(&inrichting, kaal, "SQLite", &mut verslag)?;
    }
    if !opties.alleen_sqlite {
        let pg = tempfile::Builder::new().prefix("bench-pg.").tempdir_in("/var/tmp").map_err(|fout| fout.to_string())?;
        open_voor_iedereen(pg.path())?;
        let server = Postgres::start(&pg.path().join("server"))?;
        server.bereid_kaal_voor()?;
        let thuis = tempfile::Builder::new().prefix("thuis.").tempdir_in(map.path()).map_err(|fout| fout.to_string())?;
        let inrichting = Inrichting::nieuw(thuis.path(), Some(server.url()))?;
        let (_, beller) = eerste_vulling(&inrichting)?;
        server.analyseer()?;
        tokens::meet(opties, &inrichting, &beller, "PostgreSQL", &mut verslag)?;
        let kaal = server.vastleggingen(&inrichting.map, SCHRIJVERS, opties.seconden, &"x".repeat(300))?;
        storm::meet(&inrichting, kaal, "PostgreSQL", &mut verslag)?;
    }
    if verslag.gehaald() { Ok(()) } else { Err("Niet elk doel is gehaald.".to_owned()) }
}

pub(crate) fn open_voor_iedereen(map: &Path) -> Uitkomst<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(map, fs::Permissions::from_mode(0o711)).map_err(|fout| fout.to_string())
}

fn eerste_vulling(inrichting: &Inrichting) -> Uitkomst<(Organisatie, Beller)> {
    let mut vuller = Vuller::open(inrichting, 0, None)?;
    let mut beller = vuller.beller(&inrichting.map)?;
    beller.trajecten = vuller.vul(KLEIN)?;
    let partner = vuller.partner();
    drop(vuller);
    // De dienst maakt bij haar eerste token een ondertekensleutel; daarmee tekent de meting voor de beheerder.
    let (dienst, _) = inrichting.start()?;
    token(inrichting, &beller)?;
    drop(dienst);
    beller.beheerder = Vuller::open(inrichting, KLEIN, Some(partner.clone()))?.token_van_beheerder(inrichting)?;
    Ok((partner, beller))
}

/// Een token zoals elke toepassing het haalt.
fn token(inrichting: &Inrichting, beller: &Beller) -> Uitkomst<String> {
    let jwk = fs::read_to_string(&beller.sleutelbestand).map_err(|fout| fout.to_string())?;
    let toegang = Toegang::Toepassing { client_id: beller.client_id.to_string(), sleutel: Box::new(Sleutel::uit_jwk(&jwk).map_err(|fout| fout.to_string())?) };
    let loket = Loket::new(&inrichting.basis(), toegang).map_err(|fout| fout.to_string())?;
    let draad = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|fout| fout.to_string())?;
    let token = draad.block_on(loket.toegangstoken()).map_err(|fout| fout.to_string())?;
    token.ok_or_else(|| "geen token".to_owned())
}

struct Bediend {
    proces: Proces,
    token: String,
    pad: String,
    kaal: Proces,
}

/// Start de dienst en de kale vergelijking, met hetzelfde antwoord.
fn bedien(inrichting: &Inrichting, beller: &Beller) -> Uitkomst<(Bediend, usize)> {
    let (proces, _) = inrichting.start()?;
    let token = token(inrichting, beller)?;
    let pad = format!("/v1/trajecten/{}", beller.trajecten.last().ok_or("geen traject")?);
    let antwoord = haal(proces.adres, &pad, &token)?;
    if antwoord.status != 200 {
        return Err(format!("{pad} geeft {}: {}", antwoord.status, antwoord.lichaam));
    }
    let bestand = inrichting.map.join("traject.json");
    fs::write(&bestand, &antwoord.lichaam).map_err(|fout| fout.to_string())?;
    let kaal = kaal::start(&bestand)?;
    Ok((Bediend { proces, token, pad, kaal }, antwoord.lichaam.len()))
}

impl Bediend {
    fn last<'a>(&'a self, opties: &Opties) -> Last<'a> {
        Last { adres: self.proces.adres, pad: &self.pad, token: &self.token, verbindingen: opties.verbindingen, seconden: opties.seconden }
    }

    fn kale_last<'a>(&'a self, opties: &Opties) -> Last<'a> {
        Last { adres: self.kaal.adres, token: "", ..self.last(opties) }
    }

    /// Mediaan van een blad van 50, één vrager tegelijk.
    fn lijst(&self, opties: &Opties, beller: &Beller) -> Uitkomst<f64> {
        let last = Last { pad: "/v1/trajecten?limit=50", token: &beller.beheerder, verbindingen: 1, ..self.last(opties) };
        let mut medianen = Vec::new();
        for _ in 0..opties.rondes {
            medianen.push(last.meet()?.p50_ms);
        }
        Ok(midden(medianen))
    }
}

/// Dienst en kaal om en om; de middelste van elk.
fn om_en_om(opties: &Opties, bediend: &Bediend) -> Uitkomst<(Meting, f64)> {
    // Opwarmen: caches, verbindingen, klok van de processor.
    Last { seconden: 1, ..bediend.last(opties) }.meet()?;
    Last { seconden: 1, ..bediend.kale_last(opties) }.meet()?;
    let (mut dienst, mut kaal) = (Vec::new(), Vec::new());
    for _ in 0..opties.rondes {
        dienst.push(bediend.last(opties).meet()?);
        kaal.push(bediend.kale_last(opties).meet()?.per_seconde);
    }
    dienst.sort_by(|a, b| a.per_seconde.total_cmp(&b.per_seconde));
    let middelste = dienst.get(dienst.len() / 2).copied().ok_or("geen rondes")?;
    Ok((middelste, midden(kaal)))
}

fn op_sqlite(opties: &Opties, inrichting: &Inrichting, beller: &Beller, verslag: &mut Verslag) -> Uitkomst<f64> {
    let (bediend, bytes) = bedien(inrichting, beller)?;
    verslag.grootte(bytes);
    let (dienst, kaal) = om_en_om(opties, &bediend)?;
    verslag.voeg_toe(
        Regel::minstens("`GET /v1/trajecten/{id}` op SQLite, deel van kale HTTP", 0.5, dienst.per_seconde / kaal)
            .met(format!("{:.0} van {kaal:.0} per seconde", dienst.per_seconde)),
    );
    verslag.voeg_toe(staart("p99 ten opzichte van de mediaan op SQLite", &dienst));
    let lijst = bediend.lijst(opties, beller)?;
    let (mut eigen, mut kale) = (Vec::new(), Vec::new());
    for _ in 0..opties.rondes {
        eigen.push(schrijvers::vastleggingen(&bediend.proces, &bediend.token, eigen_trajecten(beller), opties.seconden)?);
        kale.push(schijf::vastleggingen(&inrichting.map, opties.seconden, &"x".repeat(300))?);
    }
    let (eigen, kale) = (midden(eigen), midden(kale));
    verslag.voeg_toe(
        Regel::minstens("duurzaam vastleggen op SQLite, deel van kale vastlegging", 0.5, eigen / kale).met(format!("{eigen:.0} van {kale:.0} per seconde")),
    );
    verslag.voeg_toe(Regel::hoogstens("geheugen na de belasting op SQLite, in MB", 60.0, bediend.proces.geheugen_mb()?));
    drop(bediend);
    let mut starts = Vec::new();
    for _ in 0..opties.rondes.max(3) {
        starts.push(inrichting.start()?.1.as_secs_f64() * 1000.0);
    }
    verslag.voeg_toe(Regel::hoogstens("gereed op een bestaande opslag, in ms", 300.0, midden(starts)));
    Ok(lijst)
}

fn op_postgres(opties: &Opties, inrichting: &Inrichting, beller: &Beller, server: &Postgres, verslag: &mut Verslag) -> Uitkomst<f64> {
    server.bereid_kaal_voor()?;
    let (bediend, _) = bedien(inrichting, beller)?;
    let (mut diensten, mut kalen, mut lezingen) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..opties.rondes {
        let (dienst, kaal) = om_en_om(&Opties { rondes: 1, uit: opties.uit.clone(), hulp: None, ..*opties }, &bediend)?;
        diensten.push(dienst);
        kalen.push(kaal);
        lezingen.push(server.lezen(opties.verbindingen, opties.seconden)?);
    }
    diensten.sort_by(|a, b| a.per_seconde.total_cmp(&b.per_seconde));
    let dienst = diensten.get(diensten.len() / 2).copied().ok_or("geen rondes")?;
    let (kaal, lezen) = (midden(kalen), midden(lezingen));
    let samen = 1.0 / (1.0 / kaal + 1.0 / lezen);
    let getallen = format!("{:.0} per seconde; kaal {kaal:.0}, pgbench -S {lezen:.0}, samen {samen:.0}", dienst.per_seconde);
    verslag.voeg_toe(
        Regel::minstens("`GET /v1/trajecten/{id}` op PostgreSQL, deel van kale HTTP en pgbench -S samen", 0.6, dienst.per_seconde / samen).met(getallen),
    );
    verslag.voeg_toe(staart("p99 ten opzichte van de mediaan op PostgreSQL", &dienst));
    let lijst = bediend.lijst(opties, beller)?;
    let (mut eigen, mut kale) = (Vec::new(), Vec::new());
    for _ in 0..opties.rondes {
        eigen.push(schrijvers::vastleggingen(&bediend.proces, &bediend.token, eigen_trajecten(beller), opties.seconden)?);
        kale.push(server.vastleggingen(&inrichting.map, eigen_trajecten(beller).len(), opties.seconden, &"x".repeat(300))?);
    }
    let (eigen, kale) = (midden(eigen), midden(kale));
    verslag.voeg_toe(
        Regel::minstens("duurzaam vastleggen op PostgreSQL, deel van kale vastlegging", 0.5, eigen / kale).met(format!("{eigen:.0} van {kale:.0} per seconde")),
    );
    verslag.voeg_toe(Regel::hoogstens("geheugen na de belasting op PostgreSQL, in MB", 60.0, bediend.proces.geheugen_mb()?));
    Ok(lijst)
}

/// Elke schrijver een eigen traject: zo meet men vastleggen, niet botsen.
fn eigen_trajecten(beller: &Beller) -> &[Id] {
    beller.trajecten.get(..SCHRIJVERS).unwrap_or(&beller.trajecten)
}

fn staart(naam: &str, meting: &Meting) -> Regel {
    Regel::hoogstens(naam, 10.0, meting.p99_ms / meting.p50_ms).met(format!("mediaan {:.2} ms, p99 {:.2} ms", meting.p50_ms, meting.p99_ms))
}

fn lijst_groot(opties: &Opties, inrichting: &Inrichting, beller: &Beller, (waar, klein): (&str, f64), verslag: &mut Verslag) -> Uitkomst<()> {
    let (proces, _) = inrichting.start()?;
    let last = Last { adres: proces.adres, pad: "/v1/trajecten?limit=50", token: &beller.beheerder, verbindingen: 1, seconden: opties.seconden };
    Last { seconden: 1, ..last }.meet()?;
    let mut medianen = Vec::new();
    for _ in 0..opties.rondes {
        medianen.push(last.meet()?.p50_ms);
    }
    let groot = midden(medianen);
    let naam = format!("blad van 50 bij {} trajecten tegenover {KLEIN} op {waar}", opties.trajecten);
    verslag.voeg_toe(Regel::hoogstens(&naam, 1.3, groot / klein).met(format!("mediaan {groot:.2} ms en {klein:.2} ms")));
    Ok(())
}
