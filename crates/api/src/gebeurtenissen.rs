//! De wijzigingenstroom: iedere wijziging die u mag zien, precies één keer, in vaste volgorde.

use domain::gebeurtenissen::{Gebeurtenis, GebeurtenisGegevens};
use store::{AuditFilter, Bladzijde, Feedregel, Zicht};

use crate::prelude::*;

/// Meldt de operaties aan.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lijst_gebeurtenissen);
}

/// Waarop de stroom te beperken is.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct GebeurtenisFilter {
    /// Alleen over dit traject.
    pub traject_id: Option<Id>,
    /// Alleen na dit volgnummer (`sequence` van de laatst verwerkte gebeurtenis); om later verder te gaan.
    #[param(minimum = 0, example = 1042)]
    pub na_volgnummer: Option<i64>,
}

fn adres(regel: &Feedregel) -> Option<String> {
    let (soort, id) = (regel.onderwerp_soort.as_str(), &regel.onderwerp_id);
    match soort {
        "traject" => Some(format!("/v1/trajecten/{id}")),
        "activiteit" => regel.traject_id.map(|t| format!("/v1/trajecten/{t}/activiteiten/{id}")),
        "organisatie" => Some(format!("/v1/organisaties/{id}")),
        "persoon" => Some(format!("/v1/personen/{id}")),
        "toepassing" => Some(format!("/v1/toepassingen/{id}")),
        "organisatiebeheerder-registratie" => Some(format!("/v1/organisatiebeheerder-registraties/{id}")),
        "beheerafspraken" => Some(format!("/v1/beheerafspraken/{id}")),
        "stappenplan" => Some(format!("/v1/stappenplannen/{id}")),
        "certificering" | "netwerkaansluiting" => {
            let lijst = if soort == "certificering" { "certificeringen" } else { "netwerkaansluitingen" };
            regel.organisatie_id.map(|o| format!("/v1/organisaties/{o}/{lijst}/{id}"))
        }
        _ => regel.traject_id.map(|t| format!("/v1/trajecten/{t}")),
    }
}

fn gebeurtenis(bron: &str, basis: &str, regel: Feedregel) -> Gebeurtenis {
    Gebeurtenis {
        specversion: "1.0".to_owned(),
        id: regel.id,
        source: bron.to_owned(),
        soort: format!("nl.crisispartners.{}.v1", regel.handeling),
        subject: regel.onderwerp_id.clone(),
        time: regel.op,
        datacontenttype: "application/json".to_owned(),
        sequence: regel.volgnummer.to_string(),
        sequencetype: "Integer".to_owned(),
        dataref: adres(&regel).map(|pad| format!("{basis}{pad}")),
        traceparent: regel.traceparent,
        data: GebeurtenisGegevens {
            onderwerp_soort: regel.onderwerp_soort,
            onderwerp_id: regel.onderwerp_id,
            traject_id: regel.traject_id,
            organisatie_id: regel.organisatie_id,
        },
    }
}

/// Geeft gebeurtenissen in de vorm van CloudEvents (NL GOV-profiel), oudste eerst.
///
/// Verwerk een bladzijde, bewaar de `sequence` van de laatste, en vraag later verder met `naVolgnummer`.
/// Gebeurtenissen bevatten geen persoonsgegevens: haal de inhoud op met `dataref` en uw eigen token.
#[utoipa::path(
    tag = "Gebeurtenissen",
    params(GebeurtenisFilter, BladParams),
    responses((status = 200, description = "Een bladzijde van gebeurtenissen", body = Lijst<Gebeurtenis>)),
    security(("toegang" = ["gebeurtenissen:lezen"])),
    extensions(("x-actie" = json!("gebeurtenis.lezen"))),
)]
#[get("/gebeurtenissen")]
pub(crate) async fn lijst_gebeurtenissen(app: Data<App>, caller: Caller, filter: Query<GebeurtenisFilter>, blad: Blad) -> Result<Answer, Problem> {
    let gate = app.gate(&caller);
    gate.may(Action::GebeurtenisLezen, &())?;
    let filter = filter.into_inner();
    let mut page = blad.page()?;
    page.after = page.after.or_else(|| filter.na_volgnummer.map(|n| n.to_string()));
    let filter = AuditFilter { traject_id: filter.traject_id, ..AuditFilter::default() };
    let zicht = match (gate.zicht_op_trajecten(), caller.toepassing()) {
        // Zonder betrokkenheid bij trajecten blijft een persoon de eigen organisatie zien; een toepassing niets.
        (Zicht::Niets, None) => Zicht::Organisatie(caller.organisatie_id()),
        (zicht, _) => zicht,
    };
    app.store.seal(app.clock.now()).await?;
    let gevonden = app
        .store
        .read(move |conn| -> Result<_, Problem> {
            let nipv = store::organisaties::nipv(conn)?;
            let oin = nipv.and_then(|o| o.oin).unwrap_or_else(|| "00000000000000000000".to_owned());
            Ok((oin, store::feed_list(conn, &filter, &zicht, &page)?))
        })
        .await?;
    let (oin, regels) = gevonden;
    let bron = format!("urn:nld:oin:{oin}:systeem:aansluitloket");
    let items = regels.items.into_iter().map(|regel| gebeurtenis(&bron, &app.settings.base_url, regel)).collect();
    blad.bladzijde(&Bladzijde { items, volgende: regels.volgende })
}
