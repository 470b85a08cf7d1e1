//! Antwoorden in een andere vorm dan JSON.

use actix_web::{HttpRequest, HttpResponse, Responder};

use crate::antwoord::Answer;

/// Mediatype van beelden.
pub(crate) const SVG: &str = "image/svg+xml";
/// Mediatype van stukken.
pub(crate) const PDF: &str = "application/pdf";
/// Mediatype van tabellen als tekst.
pub(crate) const CSV: &str = "text/csv";

/// Een gewoon antwoord als reactie, voor operaties die ook andere vormen geven.
pub(crate) fn antwoord(req: &HttpRequest, answer: Answer) -> HttpResponse {
    answer.respond_to(req)
}

/// Een tabel als CSV (RFC 4180). Wat een rekenblad als formule zou lezen, krijgt een apostrof ervoor.
pub(crate) fn csv(rijen: &[Vec<String>]) -> HttpResponse {
    let mut tekst = String::new();
    for rij in rijen {
        let cellen: Vec<String> = rij.iter().map(|cel| cel_in_csv(cel)).collect();
        tekst.push_str(&cellen.join(","));
        tekst.push_str("\r\n");
    }
    HttpResponse::Ok().content_type("text/csv; charset=utf-8").body(tekst)
}

fn cel_in_csv(cel: &str) -> String {
    let is_getal = cel.parse::<f64>().is_ok();
    let gevaarlijk = !is_getal && cel.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cel = if gevaarlijk { format!("'{cel}") } else { cel.to_owned() };
    if cel.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cel.replace('"', "\"\"")) } else { cel }
}

#[cfg(test)]
mod tests {
    use super::cel_in_csv;

    #[test]
    fn een_formule_wordt_tekst_en_een_negatief_getal_blijft_een_getal() {
        assert_eq!(cel_in_csv("=1+1"), "'=1+1");
        assert_eq!(cel_in_csv("@x,\"y\""), "\"'@x,\"\"y\"\"\"");
        assert_eq!(cel_in_csv("-0.25"), "-0.25");
        assert_eq!(cel_in_csv("-niets"), "'-niets");
    }
}
