//! De gebruikerslijst als bestand: dezelfde kolommen als de import, dus heen en weer verandert niets.

use domain::gebruikers::Gebruiker;

use super::Tabel;
use crate::invoer::Vorm;
use crate::prelude::*;
use crate::tabelbestand::{Tabelbestand, Tabelsoort};
use crate::van_organisatie;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(lees_gebruikerslijst);
}

const KOPPEN: [&str; 5] = ["naam", "e-mail", "telefoon", "functie", "beoogd profiel"];

/// Geeft de hele gebruikerslijst als CSV of werkmap (`Accept`); wat op een formule lijkt, wordt tekst.
#[utoipa::path(
    tag = "Gebruikers",
    params(("id" = Id, Path, description = "Id van de organisatie")),
    responses((status = 200, description = "De lijst", content(
        (Tabel = "text/csv"),
        (Tabel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ))),
    security(("toegang" = ["gebruikers:lezen"])),
    extensions(("x-actie" = json!("gebruiker.lezen"))),
)]
#[get("/organisaties/{id}/gebruikerslijst")]
pub(crate) async fn lees_gebruikerslijst(app: Data<App>, caller: Caller, id: Path<Id>, vorm: Vorm) -> Result<Tabelbestand, Problem> {
    let (id, gate, soort) = (id.into_inner(), app.gate(&caller), vorm.tabel().unwrap_or(Tabelsoort::Csv));
    app.store
        .read(move |conn| -> Result<_, Problem> {
            gate.may(Action::GebruikerLezen, &van_organisatie::laad(conn, id)?)?;
            let mut alle: Vec<Gebruiker> = store::gebruikers::alle(conn, id)?.into_values().collect();
            alle.sort_by(|a, b| a.email.cmp(&b.email));
            let leeg = |tekst: Option<String>| tekst.unwrap_or_default();
            let rijen = alle.into_iter().map(|g| [g.naam, g.email, leeg(g.telefoon), leeg(g.functie), leeg(g.beoogd_profiel)]);
            Tabelbestand::maak(soort, "gebruikerslijst", &KOPPEN, rijen)
        })
        .await
}
