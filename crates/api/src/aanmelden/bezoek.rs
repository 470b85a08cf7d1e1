//! Eén bezoek van een browser: wat hij meebrengt, in welke taal, en hoe het antwoord eruitziet.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use askama::Template;
use domain::Moment;
use provider::authorize::Antwoord;
use url::{Url, form_urlencoded};

use super::geheimen::{self, Geheimen, Koekje};
use super::keuze::Keuzes;
use super::tekst::{Taal, Woorden};
use crate::app::App;
use crate::middleware::Trace;
use crate::problem::{self, Problem};

/// Velden van query of formulier, in volgorde en met herhalingen.
pub(crate) type Velden = Vec<(String, String)>;

/// Leest een query of een formulier.
pub(crate) fn velden(gecodeerd: &[u8]) -> Velden {
    form_urlencoded::parse(gecodeerd).map(|(naam, waarde)| (naam.into_owned(), waarde.into_owned())).collect()
}

/// Een veld dat er precies één keer is.
pub(crate) fn veld<'a>(velden: &'a Velden, naam: &str) -> Option<&'a str> {
    let mut gevonden = velden.iter().filter(|(eigen, _)| eigen == naam).map(|(_, waarde)| waarde.as_str());
    let eerste = gevonden.next()?;
    gevonden.next().is_none().then_some(eerste).filter(|waarde| !waarde.is_empty())
}

/// Wat op elke bladzijde staat.
pub(crate) struct Kader {
    pub(crate) w: &'static Woorden,
    pub(crate) nonce: String,
    pub(crate) andere_taal: Option<String>,
}

/// Een bladzijde met de oorsprongen waar haar formulieren heen mogen.
pub(crate) struct Bladzijde {
    pub(crate) status: StatusCode,
    pub(crate) html: String,
    pub(crate) formulier_naar: Vec<String>,
    pub(crate) nonce: Option<String>,
}

impl Bladzijde {
    pub(crate) fn van(inhoud: &impl Template) -> Result<Self, Problem> {
        let html = inhoud.render().map_err(problem::fout)?;
        Ok(Self { status: StatusCode::OK, html, formulier_naar: Vec::new(), nonce: None })
    }

    fn antwoord(self) -> HttpResponse {
        let naar: String = self.formulier_naar.iter().map(|oorsprong| format!(" {oorsprong}")).collect();
        let script = self.nonce.map(|nonce| format!("; script-src 'nonce-{nonce}'")).unwrap_or_default();
        let csp = format!(
            "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'{naar}{script}"
        );
        let mut antwoord = HttpResponse::build(self.status);
        antwoord.insert_header((header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")));
        antwoord.insert_header((header::CONTENT_SECURITY_POLICY, csp));
        antwoord.body(self.html)
    }
}

/// De oorsprong van een adres, of bij een eigen schema van een app dat schema.
pub(crate) fn oorsprong(adres: &str) -> Option<String> {
    let url = Url::parse(adres).ok()?;
    let oorsprong = url.origin();
    Some(if oorsprong.is_tuple() { oorsprong.ascii_serialization() } else { format!("{}:", url.scheme()) })
}

/// Wat de browser te zien krijgt.
pub(crate) enum Uit {
    Bladzijde(Bladzijde),
    /// Met 303, zodat een formulier niet opnieuw wordt verstuurd.
    Naar(String),
}

#[derive(Template)]
#[template(path = "doorsturen.html")]
struct Doorsturen {
    k: Kader,
    adres: String,
    velden: Velden,
}

/// Eén verzoek van een browser.
pub(crate) struct Bezoek {
    pub(crate) app: Data<App>,
    pub(crate) nu: Moment,
    pub(crate) taal: Taal,
    pub(crate) trace: Option<Trace>,
    pub(crate) query: Velden,
    cookies: Vec<String>,
    pad: String,
    gezet: Vec<String>,
}

impl Bezoek {
    pub(crate) fn nieuw(app: &Data<App>, req: &HttpRequest) -> Self {
        let cookies: Vec<String> = req.headers().get_all(header::COOKIE).filter_map(|kop| kop.to_str().ok()).map(str::to_owned).collect();
        let query = velden(req.query_string().as_bytes());
        let trace = req.extensions().get::<Trace>().copied();
        let mut bezoek =
            Self { app: app.clone(), nu: app.clock.now(), taal: Taal::default(), trace, query, cookies, pad: req.path().to_owned(), gezet: Vec::new() };
        let gekozen = veld(&bezoek.query, "taal").and_then(Taal::uit);
        if let Some(taal) = gekozen {
            bezoek.zet(Koekje::Taal, taal.woorden().taal);
        }
        let van_portaal = || veld(&bezoek.query, "ui_locales").and_then(Taal::uit);
        bezoek.taal = gekozen.or_else(|| bezoek.lees(Koekje::Taal).as_deref().and_then(Taal::uit)).or_else(van_portaal).unwrap_or_default();
        bezoek
    }

    /// Volgt de talen die het portaal noemt, als de gebruiker zelf nog niet koos.
    pub(crate) fn volg_taal(&mut self, talen: &[String]) {
        if self.lees(Koekje::Taal).is_none()
            && let Some(taal) = Taal::uit(&talen.join(" "))
        {
            self.taal = taal;
            self.zet(Koekje::Taal, taal.woorden().taal);
        }
    }

    pub(crate) fn geheimen(&self) -> &Geheimen {
        &self.app.aanmelden.geheimen
    }

    pub(crate) fn lees(&self, koekje: Koekje) -> Option<String> {
        self.geheimen().lees(koekje, self.cookies.iter().map(String::as_str))
    }

    pub(crate) fn zet(&mut self, koekje: Koekje, waarde: &str) {
        let kop = self.geheimen().zet(koekje, waarde);
        self.gezet.push(kop);
    }

    pub(crate) fn wis(&mut self, koekje: Koekje) {
        let kop = self.geheimen().wis(koekje);
        self.gezet.push(kop);
    }

    /// De browser, als hash van zijn cookie; wie er nog geen heeft, krijgt er een.
    pub(crate) fn browser(&mut self) -> String {
        if let Some(eigen) = self.lees(Koekje::Browser) {
            return geheimen::hash(&eigen);
        }
        let nieuw = geheimen::toeval(&self.app.rng);
        self.zet(Koekje::Browser, &nieuw);
        geheimen::hash(&nieuw)
    }

    pub(crate) fn keuzes(&self) -> Keuzes {
        Keuzes::lees(self.lees(Koekje::Keuze).as_deref(), self.geheimen(), self.nu)
    }

    /// Of dit bezoek om afmelden ging.
    pub(crate) fn bij_afmelden(&self) -> bool {
        matches!(self.pad.as_str(), "/oidc/logout" | "/oidc/afgemeld")
    }

    /// Kenmerk in het logboek.
    pub(crate) fn kenmerk(&self) -> String {
        self.trace.map(|trace| trace.id()).unwrap_or_default()
    }

    pub(crate) fn traceparent(&self) -> Option<String> {
        self.trace.map(|trace| trace.header())
    }

    pub(crate) fn kader(&self, wisselbaar: bool) -> Kader {
        let ander = if self.taal == Taal::Nl { "en" } else { "nl" };
        let andere_taal = wisselbaar.then(|| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(self.query.iter().filter(|(naam, _)| naam != "taal")).append_pair("taal", ander);
            format!("{}?{}", self.pad, query.finish())
        });
        Kader { w: self.taal.woorden(), nonce: geheimen::toeval(&self.app.rng), andere_taal }
    }

    /// Het antwoord aan een portaal: een omleiding, of een formulier dat zichzelf verstuurt.
    pub(crate) fn portaal(&self, antwoord: Antwoord) -> Result<Uit, Problem> {
        match antwoord {
            Antwoord::Redirect(adres) => Ok(Uit::Naar(adres)),
            Antwoord::Formulier { actie, velden } => {
                let k = self.kader(false);
                let (nonce, naar) = (k.nonce.clone(), oorsprong(&actie));
                let bladzijde = Bladzijde::van(&Doorsturen { k, adres: actie, velden })?;
                Ok(Uit::Bladzijde(Bladzijde { formulier_naar: naar.into_iter().collect(), nonce: Some(nonce), ..bladzijde }))
            }
        }
    }

    /// Sluit af: het antwoord met de cookies die onderweg gezet zijn.
    pub(crate) fn klaar(self, uit: Uit) -> HttpResponse {
        let mut antwoord = match uit {
            Uit::Bladzijde(bladzijde) => bladzijde.antwoord(),
            Uit::Naar(adres) => HttpResponse::SeeOther().insert_header((header::LOCATION, adres)).finish(),
        };
        for kop in self.gezet {
            if let Ok(waarde) = HeaderValue::try_from(kop) {
                antwoord.headers_mut().append(header::SET_COOKIE, waarde);
            }
        }
        antwoord
    }
}

#[cfg(test)]
mod tests {
    use super::{oorsprong, veld, velden};

    #[test]
    fn een_veld_dat_herhaald_wordt_telt_niet() {
        let gelezen = velden(b"a=1&b=2&b=3&c=");
        assert_eq!((veld(&gelezen, "a"), veld(&gelezen, "b"), veld(&gelezen, "c")), (Some("1"), None, None));
    }

    #[test]
    fn een_app_met_een_eigen_schema_heeft_dat_schema_als_oorsprong() {
        assert_eq!(oorsprong("https://portaal.example:8443/terug?x=1").as_deref(), Some("https://portaal.example:8443"));
        assert_eq!(oorsprong("nl.voorbeeld.app:/terug").as_deref(), Some("nl.voorbeeld.app:"));
    }
}
