//! De persoon ziet ervan af: terug naar het portaal, dat `access_denied` hoort (RFC 6749, 4.1.2.1).

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use provider::authorize::AuthorizeFout;
use store::pogingen::Stand;

use super::bezoek::{Bezoek, Uit, veld};
use super::fout::{Fout, toon};
use super::poging;
use crate::app::App;

pub(super) async fn afbreken(app: Data<App>, req: HttpRequest) -> HttpResponse {
    let mut bezoek = Bezoek::nieuw(&app, &req);
    let uit = terug(&mut bezoek).await;
    toon(bezoek, uit).await
}

/// De poging zelf blijft: wie met de knop 'vorige' terugkomt, kan alsnog verder.
async fn terug(bezoek: &mut Bezoek) -> Result<Uit, Fout> {
    let id = veld(&bezoek.query, "poging").map(str::to_owned);
    let poging = poging::laad(bezoek, id.as_deref(), &[Stand::Kiezen, Stand::Onderweg, Stand::Code]).await?;
    let terugweg = poging::verzoek(&poging)?.terugweg;
    Err(Fout::Portaal(Box::new(AuthorizeFout::terug(&terugweg, "access_denied", "De gebruiker ziet af van aanmelden."))))
}
