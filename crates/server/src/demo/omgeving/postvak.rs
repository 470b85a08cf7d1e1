//! Het postvak van de voorbeelddienst: wat in het echt een e-mail is, verschijnt hier op een bladzijde.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::HttpResponse;
use actix_web::web::Data;
use api::post::Bezorger;
use store::post::{Bericht, Bezorging, Zending};

use super::{bladzijde, html};

/// Zoveel berichten blijven er staan.
const BEWAREN: usize = 50;

/// De laatste berichten, nieuwste eerst.
#[derive(Debug, Clone, Default)]
pub(in crate::demo) struct Postvak(Arc<Mutex<VecDeque<Bericht>>>);

impl Bezorger for Postvak {
    fn bezorg<'a>(&'a self, zending: &'a Zending) -> Pin<Box<dyn Future<Output = Bezorging> + Send + 'a>> {
        let mut berichten = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        berichten.push_front(zending.bericht.clone());
        berichten.truncate(BEWAREN);
        Box::pin(std::future::ready(Bezorging::Gelukt))
    }
}

pub(super) async fn toon(postvak: Data<Postvak>) -> HttpResponse {
    let berichten = postvak.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let lijst: String = berichten
        .iter()
        .map(|bericht| format!("<h2>{}</h2><p>Aan: {}</p><pre>{}</pre>", html(&bericht.onderwerp), html(&bericht.aan), html(&bericht.tekst)))
        .collect();
    let leeg = if berichten.is_empty() { "<p>Er is nog geen bericht. Meld u eerst aan.</p>" } else { "" };
    let inhoud = format!("<h1>Postvak</h1><p>Hier verschijnt wat de dienst verstuurt. Vernieuw de bladzijde voor nieuwe berichten.</p>{leeg}{lijst}");
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(bladzijde("Postvak", &inhoud))
}
