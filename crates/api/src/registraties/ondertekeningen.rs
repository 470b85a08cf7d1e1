//! Tekenen, en het bewijs waarmee ieder een handtekening zelf controleert.

use domain::registraties::ondertekenen::{Tekenblad, VERSHEID};
use domain::registraties::{Aanmeldbewijs, Ondertekenaar, OndertekeningKort, Ondertekenpartij, Registratie, RegistratieStatus};
use provider::{fingerprint, verify_detached};
use serde_json::Value;
use store::registraties::Bewaard;
use store::{Conn, Tx};

use super::{SOORT, adres, beheerders_van, bericht, gevolg, laad, spoor};
use crate::handtekeningen::Tekenaar;
use crate::prelude::*;
use crate::toegang::challenge;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(onderteken_registratie).service(lijst_ondertekeningen).service(lees_ondertekening);
}

/// Een handtekening met alles om haar zonder deze dienst te controleren.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ondertekening {
    /// Identificatie.
    pub id: Id,
    /// De registratie.
    pub registratie_id: Id,
    /// De hoeveelste indiening; na een terugwijzing begint een nieuwe.
    #[schema(minimum = 1, example = 1)]
    pub ronde: i32,
    /// Namens wie.
    pub partij: Ondertekenpartij,
    /// Wie tekende.
    pub persoon_id: Id,
    /// Wanneer.
    pub ondertekend_op: Moment,
    /// Wat er getekend is. Maak hiervan canonieke JSON (RFC 8785): dat zijn de getekende bytes.
    #[schema(value_type = Object)]
    pub inhoud: Value,
    /// De losse handtekening (RFC 7515, bijlage F): kop, een lege plaats voor de inhoud, en de handtekening.
    #[schema(example = "eyJhbGciOiJFUzI1NiJ9..c2lnbmF0dXJl")]
    pub jws: String,
    /// De publieke sleutel als JWK; dezelfde staat voorgoed in `/v1/handtekeningsleutels`.
    #[schema(value_type = Object)]
    pub sleutel: Value,
    /// Of de handtekening nu klopt met inhoud en sleutel.
    pub geldig: bool,
    /// Hoe u dit zelf controleert.
    pub werkwijze: String,
}

const WERKWIJZE: &str = "Maak van 'inhoud' canonieke JSON (RFC 8785), codeer die als base64url en zet haar tussen de twee punten van 'jws'. \
Controleer die JWS (ES256) met 'sleutel', en vergelijk de sleutel met die in /v1/handtekeningsleutels.";

fn bewijs(conn: &mut Conn, bewaard: Bewaard) -> Result<Ondertekening, Problem> {
    let sleutels = store::registraties::handtekeningsleutels(conn)?;
    let sleutels = sleutels.iter().filter_map(|tekst| serde_json::from_str::<Value>(tekst).ok());
    let sleutel = sleutels.into_iter().find(|jwk| jwk.get("kid").and_then(Value::as_str) == Some(&bewaard.kid));
    let sleutel = sleutel.ok_or_else(|| problem::fout("de sleutel van een handtekening ontbreekt"))?;
    let geldig = verify_detached(&bewaard.jws, bewaard.inhoud.as_bytes(), &sleutel).is_ok();
    Ok(Ondertekening {
        id: bewaard.id,
        registratie_id: bewaard.registratie_id,
        ronde: bewaard.ronde,
        partij: bewaard.partij,
        persoon_id: bewaard.persoon_id,
        ondertekend_op: bewaard.ondertekend_op,
        inhoud: serde_json::from_str(&bewaard.inhoud).map_err(problem::fout)?,
        jws: bewaard.jws,
        sleutel,
        geldig,
        werkwijze: WERKWIJZE.to_owned(),
    })
}

/// De aanmelding van de aanroeper, als die vers genoeg is om mee te tekenen (RFC 9470).
fn aanmelding(gate: &Gate, now: Moment) -> Result<Aanmeldbewijs, Problem> {
    let aanmelding = &gate.caller().aanmelding;
    let te_oud = || challenge::step_up(Some(VERSHEID));
    let bewijs = Aanmeldbewijs {
        issuer: aanmelding.issuer.clone(),
        client_id: aanmelding.client_id.clone(),
        acr: aanmelding.acr.clone(),
        amr: aanmelding.amr.clone(),
        auth_time: aanmelding.auth_time.ok_or_else(te_oud)?,
    };
    if bewijs.is_vers(now) { Ok(bewijs) } else { Err(te_oud()) }
}

/// Zet uw handtekening: eerst de tekenbevoegde van de organisatie, dan NIPV (LFB).
///
/// De aanmelding mag ten hoogste vijftien minuten oud zijn; anders antwoordt de dienst met 401 en wat er nodig is (RFC 9470).
/// Niemand tekent een formulier waarin hij zelf als beheerder staat, en beide handtekeningen zijn van verschillende personen. Is een
/// beheerder sinds de indiening geblokkeerd of verwijderd, dan wordt er niet getekend (409, `beheerder-uitgevallen`): geef terug.
/// Met de tweede handtekening is de registratie van kracht, krijgen de beheerders hun rol en vervalt de vorige registratie.
#[utoipa::path(
    tag = "Registraties",
    params(("id" = Id, Path, description = "Id van de registratie"), IfMatch, IdempotencyKey),
    responses((status = 201, description = "De handtekening met haar bewijs", body = Ondertekening)),
    security(("toegang" = ["registraties:schrijven"])),
    extensions(("x-actie" = json!("registratie.ondertekenen")), ("x-max-age" = json!(900))),
)]
#[post("/organisatiebeheerder-registraties/{id}/ondertekeningen")]
pub(crate) async fn onderteken_registratie(app: Data<App>, caller: Caller, id: Path<Id>, if_match: IfMatch, idem: IdempotencyKey) -> Result<Answer, Problem> {
    let (id, gate, tekenaar, minimum) = (id.into_inner(), app.gate(&caller), Tekenaar::van(&app), app.settings.minimum_beheerders);
    let antwoord = app
        .write(&caller, Some(idem), move |tx, now| {
            let oud = laad(tx.conn(), &gate, Action::RegistratieOndertekenen, id)?;
            let aanmelding = aanmelding(&gate, now)?;
            if_match.check(oud.versie)?;
            let persoon = gate.caller().persoon().ok_or_else(problem::niet_gevonden)?;
            let wie = Ondertekenaar { persoon, organisatie: &gate.caller().organisatie, aanmelding: &aanmelding };
            let beheerders = beheerders_van(tx.conn(), &oud)?;
            let (nieuw, kort) = oud.ondertekenen(tx.nieuw_id(), &wie, &beheerders, now)?;
            let bewaard = teken(tx, &tekenaar, &nieuw, &kort, &wie)?;
            if nieuw.status == RegistratieStatus::Actief {
                treedt_in_werking(tx, &oud, &nieuw)?;
            }
            store::registraties::insert_ondertekening(tx, &bewaard)?;
            gevolg::bewaar(tx, &gate, "registratie.ondertekend", &oud, &nieuw)?;
            bericht::aan_de_beurt(tx, &gate, &nieuw, minimum)?;
            let ondertekening = bewijs(tx.conn(), bewaard)?;
            Answer::created(&ondertekening, format!("{}/ondertekeningen/{}", adres(id), ondertekening.id))?.done()
        })
        .await;
    app.forget_callers();
    antwoord
}

/// Zet de handtekening over het hele blad; bij de tweede staat de vingerafdruk van de eerste erin.
fn teken(tx: &mut Tx<'_>, tekenaar: &Tekenaar, nieuw: &Registratie, kort: &OndertekeningKort, wie: &Ondertekenaar<'_>) -> Result<Bewaard, Problem> {
    let ontbreekt = || problem::fout("de grondslag van een registratie ontbreekt");
    let organisatie = store::organisaties::get(tx.conn(), nieuw.organisatie_id)?.ok_or_else(ontbreekt)?;
    let afspraken = store::registraties::afspraken(tx.conn(), nieuw.afspraken_id)?.ok_or_else(ontbreekt)?;
    let eerder = store::registraties::ondertekeningen(tx.conn(), nieuw.id)?;
    let vorige = eerder.iter().find(|o| o.ronde == nieuw.ronde).map(|o| fingerprint(o.jws.as_bytes()));
    let blad = Tekenblad { organisatie: &organisatie, afspraken: &afspraken, vorige_sha256: vorige.as_deref() };
    let gezet = tekenaar.teken(tx, &nieuw.te_tekenen(kort, wie, &blad))?;
    Ok(Bewaard {
        id: kort.id,
        registratie_id: nieuw.id,
        ronde: nieuw.ronde,
        partij: kort.partij,
        persoon_id: kort.persoon_id,
        kid: gezet.kid,
        inhoud: gezet.inhoud,
        jws: gezet.jws,
        ondertekend_op: kort.ondertekend_op,
    })
}

/// De vorige registratie vervalt, wie daar alleen in zat verliest zijn rol, en wie er nu in staat krijgt haar.
fn treedt_in_werking(tx: &mut Tx<'_>, oud: &Registratie, nieuw: &Registratie) -> Result<(), Problem> {
    if let Some(vorige) = store::registraties::actief(tx.conn(), nieuw.organisatie_id)? {
        gevolg::einde_voor_vertrokkenen(tx, &vorige, Some(nieuw))?;
        let voorbij = vorige.vervangen(tx.now());
        store::registraties::update(tx, &voorbij, vorige.versie)?;
        tx.record(organisatie_van("registratie.vervangen", SOORT, vorige.id, Some(vorige.organisatie_id), Some(&spoor(&vorige)), Some(&spoor(&voorbij)))?)?;
    }
    gevolg::zet_toegang(tx, oud, nieuw)?;
    gevolg::geef_rollen(tx, nieuw)
}

/// Geeft de handtekeningen van een registratie, oudste eerst; ook die van eerdere indieningen.
#[utoipa::path(
    tag = "Registraties",
    params(("id" = Id, Path, description = "Id van de registratie"), BladParams),
    responses((status = 200, description = "De handtekeningen", body = Lijst<Ondertekening>)),
    security(("toegang" = ["registraties:lezen"])),
    extensions(("x-actie" = json!("registratie.lezen"))),
)]
#[get("/organisatiebeheerder-registraties/{id}/ondertekeningen")]
pub(crate) async fn lijst_ondertekeningen(app: Data<App>, caller: Caller, id: Path<Id>, blad: Blad) -> Result<Answer, Problem> {
    let (id, gate) = (id.into_inner(), app.gate(&caller));
    let alle = app
        .store
        .read(move |conn| -> Result<Vec<Ondertekening>, Problem> {
            laad(conn, &gate, Action::RegistratieLezen, id)?;
            let bewaard = store::registraties::ondertekeningen(conn, id)?;
            bewaard.into_iter().map(|een| bewijs(conn, een)).collect()
        })
        .await?;
    blad.uit_geheugen(&alle, |o| o.id)
}

/// Geeft een handtekening met alles om haar zonder deze dienst te controleren.
#[utoipa::path(
    tag = "Registraties",
    params(("id" = Id, Path, description = "Id van de registratie"), ("ondertekeningId" = Id, Path, description = "Id van de handtekening")),
    responses((status = 200, description = "De handtekening met haar bewijs", body = Ondertekening)),
    security(("toegang" = ["registraties:lezen"])),
    extensions(("x-actie" = json!("registratie.lezen"))),
)]
#[get("/organisatiebeheerder-registraties/{id}/ondertekeningen/{ondertekeningId}")]
pub(crate) async fn lees_ondertekening(app: Data<App>, caller: Caller, pad: Path<(Id, Id)>) -> Result<Answer, Problem> {
    let ((id, ondertekening), gate) = (pad.into_inner(), app.gate(&caller));
    let gevonden = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            laad(conn, &gate, Action::RegistratieLezen, id)?;
            let bewaard = store::registraties::ondertekening(conn, ondertekening)?.filter(|o| o.registratie_id == id);
            bewijs(conn, bewaard.ok_or_else(problem::niet_gevonden)?)
        })
        .await?;
    Answer::ok(&gevonden)?.done()
}
