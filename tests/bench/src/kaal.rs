//! De bovengrens: hetzelfde antwoord zonder toegang, opslag of koppen.

use std::fs;
use std::path::Path;
use std::process::Command;

use actix_web::{App, HttpResponse, HttpServer, web};
use domain::trajecten::Traject;

use crate::Uitkomst;
use crate::dienst::Proces;

/// Geeft het traject uit het bestand als JSON, elke keer opnieuw geschreven.
pub(crate) fn draai(adres: &str, bestand: &Path) -> Uitkomst<()> {
    let tekst = fs::read(bestand).map_err(|fout| fout.to_string())?;
    let traject: Traject = serde_json::from_slice(&tekst).map_err(|fout| fout.to_string())?;
    let traject = web::Data::new(traject);
    actix_web::rt::System::new().block_on(async move {
        let maak = move || App::new().app_data(traject.clone()).route("/{pad:.*}", web::get().to(geef));
        HttpServer::new(maak).bind(adres).map_err(|fout| fout.to_string())?.run().await.map_err(|fout| fout.to_string())
    })
}

async fn geef(traject: web::Data<Traject>) -> HttpResponse {
    HttpResponse::Ok().json(traject.get_ref())
}

/// Start de vergelijking als eigen proces, zodat zij evenveel kernen deelt als de dienst.
pub(crate) fn start(bestand: &Path) -> Uitkomst<Proces> {
    let zelf = std::env::current_exe().map_err(|fout| fout.to_string())?;
    let adres = crate::dienst::vrij_adres()?;
    let mut opdracht = Command::new(zelf);
    opdracht.arg("kaal").arg(adres.to_string()).arg(bestand);
    let mut proces = Proces::start(opdracht, adres)?;
    proces.wacht_op("/")?;
    Ok(proces)
}
