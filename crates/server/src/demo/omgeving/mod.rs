//! De omgeving van de voorbeelddienst: een identiteitsprovider, een portaal en een postvak, alleen op deze machine.
//!
//! Zo ziet een nieuwkomer in de browser een aanmelding slagen, en een aanmelding zonder tweede factor geweigerd worden.

mod idp;
mod inrichten;
mod portaal;
mod postvak;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use actix_web::dev::Server;
use actix_web::{App, HttpServer, web};
use serde_json::{Value, json};

use super::seed::Cast;
use crate::Stop;

pub(super) use inrichten::inrichten;
pub(super) use postvak::Postvak;

/// De poorten, geopend voordat er iets wordt ingericht: de adressen staan in de registraties.
#[derive(Debug)]
pub(super) struct Poorten {
    idp: TcpListener,
    portaal: TcpListener,
}

/// De adressen van de omgeving.
#[derive(Debug, Clone)]
pub(super) struct Adressen {
    pub(super) idp: String,
    pub(super) portaal: String,
}

impl Poorten {
    pub(super) fn open() -> Result<Self, Stop> {
        let open = || {
            TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
                .map_err(|cause| Stop::fault(format!("Er is geen vrije poort voor de voorbeeldomgeving ({cause}).")))
        };
        Ok(Self { idp: open()?, portaal: open()? })
    }

    pub(super) fn adressen(&self) -> Result<Adressen, Stop> {
        let adres = |poort: &TcpListener| {
            poort.local_addr().map(|adres| format!("http://{adres}")).map_err(|cause| Stop::fault(format!("Een poort heeft geen adres ({cause}).")))
        };
        Ok(Adressen { idp: adres(&self.idp)?, portaal: adres(&self.portaal)? })
    }
}

/// Wat de omgeving na het inrichten weet.
#[derive(Debug, Clone)]
pub(super) struct Ingericht {
    pub(super) adressen: Adressen,
    /// Het geheim waarmee de dienst zich bij de identiteitsprovider bekendmaakt.
    geheim: String,
    /// De client_id van het portaal en zijn sleutelpaar.
    portaal: (String, Value),
    /// Uitgever van de dienst.
    uitgever: String,
    personen: Vec<idp::Account>,
}

impl Ingericht {
    /// Wat er in `demo.json` over de omgeving staat.
    pub(super) fn json(&self) -> Value {
        json!({
            "portaalUrl": self.adressen.portaal,
            "postvakUrl": format!("{}/postvak", self.adressen.portaal),
            "identiteitsproviderUrl": self.adressen.idp,
            "portaalClientId": self.portaal.0,
            "aanTeMelden": self.personen.iter().map(|account| json!({ "organisatie": account.organisatie, "naam": account.naam, "email": account.email })).collect::<Vec<_>>(),
        })
    }
}

impl Ingericht {
    /// Wat er in de browser te proberen is.
    pub(super) fn uitleg(&self) -> String {
        let (portaal, idp) = (&self.adressen.portaal, &self.adressen.idp);
        format!(
            "\nMeld u aan in de browser:\n\n  portaal        {portaal}\n  postvak        {portaal}/postvak (hier verschijnt de eenmalige code)\n  aanmelddienst  {idp} (met de schakelaar 'laat MFA weg')\n"
        )
    }
}

/// Start de servers van de omgeving; zij stoppen met de dienst.
pub(super) fn start(poorten: Poorten, ingericht: &Ingericht, postvak: Postvak) -> Result<Vec<Server>, Stop> {
    let mislukt = |cause: std::io::Error| Stop::fault(format!("De voorbeeldomgeving is niet te starten ({cause})."));
    let idp = web::Data::new(idp::Idp::nieuw(ingericht)?);
    let portaal = web::Data::new(portaal::Portaal::nieuw(ingericht)?);
    let postvak = web::Data::new(postvak);
    let idp =
        HttpServer::new(move || App::new().app_data(idp.clone()).configure(idp::adressen)).workers(1).disable_signals().listen(poorten.idp).map_err(mislukt)?;
    let portaal = HttpServer::new(move || App::new().app_data(portaal.clone()).app_data(postvak.clone()).configure(portaal::adressen))
        .workers(1)
        .disable_signals()
        .listen(poorten.portaal)
        .map_err(mislukt)?;
    Ok(vec![idp.run(), portaal.run()])
}

/// Een bladzijde van de omgeving, herkenbaar als niet van de dienst zelf.
fn bladzijde(titel: &str, inhoud: &str) -> String {
    format!(
        "<!doctype html><html lang=\"nl\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{titel}</title>\
         <style>body{{font:1.05rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1b2430}}\
         h1{{font-size:1.6rem}}button,.knop{{font:inherit;padding:.6rem 1.2rem;background:#3c3f70;color:#fff;border:0;border-radius:4px;text-decoration:none;display:inline-block}}\
         fieldset{{border:1px solid #b8c4d3;padding:1rem;margin:1rem 0}}label{{display:block;padding:.35rem 0}}pre{{background:#f3f4f8;padding:1rem;overflow:auto}}\
         .balk{{background:#fff3cd;border-left:6px solid #b58900;padding:.6rem 1rem}}</style></head>\
         <body><p class=\"balk\">Voorbeeldomgeving: alle namen zijn verzonnen.</p><main>{inhoud}</main></body></html>"
    )
}

/// Tekst zonder betekenis voor HTML.
fn html(tekst: &str) -> String {
    tekst.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// De accounts van een organisatie bij de voorbeeld-identiteitsprovider.
fn accounts(cast: &Cast) -> Vec<idp::Account> {
    let account = |lid: &super::seed::Lid| {
        let organisatie = cast.organisaties.get(lid.organisatie)?;
        Some(idp::Account {
            pad: lid.organisatie.to_owned(),
            organisatie: organisatie.naam.clone(),
            sub: format!("account-{}", lid.persoon.id.simple()),
            naam: lid.persoon.naam.clone(),
            email: lid.persoon.email.clone(),
        })
    };
    cast.personen.iter().filter_map(account).collect()
}
