//! Wat er op de aanroeper wacht. Een onderwerp erbij: schrijf de taken als pure functie in `domain` naast het onderwerp, lees
//! hier in een eigen functie de rijen die daarvoor nodig zijn, en zet die in `BRONNEN`.

use domain::registraties::{Omstandigheden, Registratie, RegistratieStatus, SharepointStand};
use domain::taken::{Taak, Voor, sorteer};
use store::{Conn, Page};

use crate::prelude::*;

/// Een bron van taken: leest uit de opslag wat er voor deze persoon wacht.
type Bron = fn(&mut Conn, &Vraag<'_>) -> Result<Vec<Taak>, Problem>;

/// Alle bronnen.
const BRONNEN: &[Bron] = &[registraties, autorisatieplannen, samenwerkingsprofielen, crate::afnames::taken::taken, crate::trajecten::borging::taken];

/// Hoeveel rijen wij tegelijk uit de opslag lezen.
const BLAD: i64 = 200;

/// Voor wie er gezocht wordt, en met welke instellingen.
pub(crate) struct Vraag<'a> {
    pub(crate) voor: Voor<'a>,
    pub(crate) gate: &'a Gate,
    pub(crate) minimum_beheerders: usize,
}

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_taken);
}

/// Geeft wat er op u wacht.
///
/// Berekend uit de stand van nu: een taak verdwijnt vanzelf als zij gedaan is, door u of door een ander. Vooraan staat wat het
/// eerst klaar moet zijn, daarna wat het langst wacht.
#[utoipa::path(
    tag = "Taken",
    responses((status = 200, description = "De taken", body = Lijst<Taak>)),
    security(("toegang" = ["taken:lezen"])),
    extensions(("x-actie" = json!("taak.lezen"))),
)]
#[get("/taken")]
pub(crate) async fn lijst_taken(app: Data<App>, caller: Caller) -> Result<Answer, Problem> {
    let (gate, minimum_beheerders) = (app.gate(&caller), app.settings.minimum_beheerders);
    gate.may_create(Action::TaakLezen, &())?;
    let taken = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let Some(persoon) = gate.caller().persoon() else { return Ok(Vec::new()) };
            let voor = Voor { persoon, organisatie: &gate.caller().organisatie, vandaag: gate.vandaag() };
            let vraag = Vraag { voor, gate: &gate, minimum_beheerders };
            let mut taken = Vec::new();
            for bron in BRONNEN {
                taken.extend(bron(conn, &vraag)?);
            }
            sorteer(&mut taken);
            Ok(taken)
        })
        .await?;
    Answer::list(taken, "/taken")?.done()
}

/// Registraties waar deze persoon aan de beurt is: wat onderweg of van kracht is, en wat voorbij is maar nog toegang nalaat.
fn registraties(conn: &mut Conn, vraag: &Vraag<'_>) -> Result<Vec<Taak>, Problem> {
    let zicht = vraag.gate.zicht(Action::RegistratieLezen);
    let levend = store::registraties::Filter { status: RegistratieStatus::LEVEND.to_vec(), ..Default::default() };
    let voorbij = store::registraties::Filter { status: RegistratieStatus::VOORBIJ.to_vec(), met_in_te_trekken: true, ..Default::default() };
    let mut taken: Vec<Taak> = Vec::new();
    for filter in [levend, voorbij] {
        let mut page = Page { limit: BLAD, after: None };
        loop {
            let gevonden = store::registraties::list(conn, &filter, &zicht, &page)?;
            for registratie in &gevonden.items {
                let naam = store::organisaties::get(conn, registratie.organisatie_id)?.map(|o| o.naam).unwrap_or_default();
                let uitgevallen = uitgevallen(conn, registratie)?;
                let van_kracht = van_kracht(conn, registratie)?;
                let bij =
                    Omstandigheden { organisatie_naam: &naam, minimum: vraag.minimum_beheerders, uitgevallen: &uitgevallen, van_kracht: van_kracht.as_ref() };
                for taak in registratie.taken(&bij, &vraag.voor) {
                    // Wie in meer versies stond, laat maar één toegang na: die van de nieuwste versie telt.
                    let dubbel = |eerder: &Taak| eerder.soort == taak.soort && eerder.titel == taak.titel && eerder.organisatie_id == taak.organisatie_id;
                    if !taken.iter().any(dubbel) {
                        taken.push(taak);
                    }
                }
            }
            page.after = gevonden.volgende;
            if page.after.is_none() {
                break;
            }
        }
    }
    Ok(taken)
}

/// De beheerders van een registratie die van kracht is en die zelf niet meer mogen werken, en sinds wanneer.
fn uitgevallen(conn: &mut Conn, registratie: &Registratie) -> Result<Vec<(Id, Moment)>, Problem> {
    if registratie.status != RegistratieStatus::Actief {
        return Ok(Vec::new());
    }
    let beheerders = crate::registraties::beheerders_van(conn, registratie)?;
    Ok(beheerders.iter().filter(|p| !p.is_aan_te_wijzen()).map(|p| (p.id, p.gewijzigd_op)).collect())
}

/// De registratie die van kracht is: alleen nodig als er toegang in te trekken is, want wie weer beheerder is houdt haar.
fn van_kracht(conn: &mut Conn, registratie: &Registratie) -> Result<Option<Registratie>, Problem> {
    if registratie.beheerders.iter().all(|b| b.sharepoint != SharepointStand::InTeTrekken) {
        return Ok(None);
    }
    Ok(store::registraties::actief(conn, registratie.organisatie_id)?)
}

/// Autorisatieplannen waar deze persoon aan de beurt is.
fn autorisatieplannen(conn: &mut Conn, vraag: &Vraag<'_>) -> Result<Vec<Taak>, Problem> {
    let van = match vraag.gate.zicht(Action::AutorisatieplanLezen) {
        store::Zicht::Alles => None,
        store::Zicht::Niets => return Ok(Vec::new()),
        store::Zicht::Organisatie(organisatie) | store::Zicht::Relaties { organisatie, .. } => Some(vec![organisatie]),
    };
    let mut taken = Vec::new();
    for plan in store::autorisatieplannen::lopende(conn, van.as_deref(), BLAD)? {
        let naam = store::organisaties::get(conn, plan.organisatie_id)?.map(|o| o.naam).unwrap_or_default();
        let lfb = store::autorisatieplannen::tel_open(conn, plan.id, "lfb")?;
        let beheerder = store::autorisatieplannen::tel_open(conn, plan.id, "organisatiebeheerder")?;
        taken.extend(plan.taken(&naam, (lfb, beheerder), &vraag.voor));
    }
    Ok(taken)
}

/// Aanvragen om een profiel te lenen waar deze persoon over beslist.
fn samenwerkingsprofielen(conn: &mut Conn, vraag: &Vraag<'_>) -> Result<Vec<Taak>, Problem> {
    let zicht = vraag.gate.zicht(Action::SamenwerkingsprofielLezen);
    let aanvragen = store::autorisatieplannen::list_samenwerking(conn, Some("aangevraagd"), &zicht, &Page { limit: BLAD, after: None })?.items;
    let naam = &vraag.voor.organisatie.naam;
    Ok(aanvragen.iter().flat_map(|aanvraag| aanvraag.taken(naam, &vraag.voor)).collect())
}
