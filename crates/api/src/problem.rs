//! Een fout voor de aanroeper: één vlak schema volgens RFC 9457. De oorzaak gaat naar het logboek, nooit naar buiten.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use domain::{Ontbrekend, Weigering};
use serde::Serialize;
use store::StoreError;
use utoipa::ToSchema;

use crate::middleware::headers;

/// Mediatype van elk foutantwoord.
pub const PROBLEM_JSON: &str = "application/problem+json";
/// Pagina waar de codes worden uitgelegd; `type` wijst hierheen.
pub const PAGE: &str = "/v1/docs/problemen";

/// Een probleem als fout: één woord groot, zodat een geslaagd antwoord er niets van merkt.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem(Box<Inhoud>);

impl std::ops::Deref for Problem {
    type Target = Inhoud;

    fn deref(&self) -> &Inhoud {
        &self.0
    }
}

impl std::ops::DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Inhoud {
        &mut self.0
    }
}

/// Een probleem (RFC 9457), plat: dezelfde velden bij elke foutstatus.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Inhoud {
    /// Adres van de uitleg over deze soort fout.
    #[serde(rename = "type")]
    #[schema(format = "uri", example = "https://aansluitloket.example/v1/docs/problemen#niet-gevonden")]
    pub soort: String,
    /// Korte omschrijving van de soort fout.
    #[schema(example = "Niet gevonden")]
    pub title: String,
    /// HTTP-status.
    #[schema(minimum = 400, maximum = 599, example = 404)]
    pub status: u16,
    /// Wat er mis is en wat u nu kunt doen.
    #[schema(example = "Dit bestaat niet, of u hebt er geen toegang toe. Controleer het adres.")]
    pub detail: String,
    /// Kenmerk van dit ene geval; noem het als u om hulp vraagt.
    #[schema(example = "urn:spoor:4bf92f3577b34da6a3ce929d0e0e4736")]
    #[serde(skip_serializing_if = "String::is_empty")]
    pub instance: String,
    /// Vaste code van de soort fout, voor programma's.
    #[schema(example = "niet-gevonden")]
    pub code: String,
    /// Alle fouten in de invoer tegelijk.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<Veldfout>,
    /// Wat er nog moet zijn voordat dit kan (bij 409).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub ontbreekt: Vec<Ontbrekend>,
    /// Wat er sinds uw versie veranderde (bij 412, waar dat na te gaan is).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub gewijzigd: Vec<domain::autorisatieplannen::Verschilplaats>,
    /// Koppen die bij dit antwoord horen.
    #[serde(skip)]
    #[schema(ignore)]
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

/// Eén fout in de invoer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Veldfout {
    /// Waar de fout zit: `body`, `query`, `header` of `path`.
    #[serde(rename = "in")]
    #[schema(example = "body")]
    pub plaats: &'static str,
    /// JSON Pointer in het lichaam, of de naam van de sleutel of kop.
    #[schema(example = "/naam")]
    pub location: String,
    /// Wat er mis is.
    #[schema(example = "is verplicht")]
    pub detail: String,
    /// Code van de fout.
    #[schema(example = "verplicht")]
    pub code: String,
}

impl Veldfout {
    /// Een fout in het lichaam op deze JSON Pointer.
    pub fn body(location: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self { plaats: "body", location: location.into(), detail: detail.into(), code: code.to_owned() }
    }

    /// Een fout in deze sleutel van de query.
    pub fn query(location: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self { plaats: "query", location: location.into(), detail: detail.into(), code: code.to_owned() }
    }

    /// Een fout in deze kop.
    pub fn header(location: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self { plaats: "header", location: location.into(), detail: detail.into(), code: code.to_owned() }
    }
}

impl Problem {
    /// Een probleem met deze status, code, titel en uitleg.
    pub fn new(status: StatusCode, code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self(Box::new(Inhoud {
            soort: format!("{PAGE}#{code}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            instance: String::new(),
            code: code.to_owned(),
            errors: Vec::new(),
            ontbreekt: Vec::new(),
            gewijzigd: Vec::new(),
            headers: Vec::new(),
        }))
    }

    /// Voegt een kop toe.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// Status als type.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Maakt `type` absoluut en zet het kenmerk van dit verzoek erin.
    pub(crate) fn placed(&self, base_url: &str, trace_id: &str) -> Self {
        let mut placed = self.clone();
        if placed.soort.starts_with('/') {
            placed.soort.insert_str(0, base_url);
        }
        placed.instance = format!("urn:spoor:{trace_id}");
        placed
    }

    /// Of dit fouten in de invoer noemt, bij hun plaats.
    fn over_invoer(&self) -> bool {
        self.status() == StatusCode::BAD_REQUEST && !self.errors.is_empty()
    }

    /// Het antwoord zelf.
    #[must_use]
    pub fn response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status());
        response.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON)));
        for (name, value) in &self.headers {
            response.append_header((name.clone(), value.clone()));
        }
        let body = serde_json::to_vec(&*self.0).unwrap_or_default();
        let mut response = response.body(body);
        headers::standard(response.headers_mut());
        response
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.status, self.code, self.detail)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        self.response()
    }
}

impl From<Weigering> for Problem {
    fn from(weigering: Weigering) -> Self {
        let mut problem = Self::new(StatusCode::CONFLICT, weigering.code, "Dit kan nu niet", weigering.detail);
        problem.ontbreekt = weigering.ontbreekt;
        problem
    }
}

impl From<Vec<Veldfout>> for Problem {
    fn from(errors: Vec<Veldfout>) -> Self {
        let count = errors.len();
        let detail = if count == 1 {
            "De invoer bevat een fout; verbeter het genoemde veld en probeer het opnieuw.".to_owned()
        } else {
            format!("De invoer bevat {count} fouten; verbeter de genoemde velden en probeer het opnieuw.")
        };
        let mut problem = Self::new(StatusCode::BAD_REQUEST, "invoer-ongeldig", "De invoer klopt niet", detail);
        problem.errors = errors;
        problem
    }
}

impl From<domain::Veldfout> for Veldfout {
    fn from(error: domain::Veldfout) -> Self {
        Self { plaats: "body", location: error.location, detail: error.detail, code: error.code }
    }
}

impl From<Vec<domain::Veldfout>> for Problem {
    fn from(errors: Vec<domain::Veldfout>) -> Self {
        Self::from(errors.into_iter().map(Veldfout::from).collect::<Vec<_>>())
    }
}

impl From<Veldfout> for Problem {
    fn from(error: Veldfout) -> Self {
        Self::from(vec![error])
    }
}

/// 404: bestaat niet, of niet voor deze aanroeper.
#[must_use]
pub fn niet_gevonden() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "niet-gevonden", "Niet gevonden", "Dit bestaat niet, of u hebt er geen toegang toe. Controleer het adres.")
}

/// 403: zichtbaar, maar deze handeling mag deze aanroeper niet; `detail` noemt wie wel.
#[must_use]
pub fn verboden(code: &str, detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, code, "Geen recht op deze handeling", detail)
}

/// 409: een regel van het domein staat dit niet toe.
#[must_use]
pub fn conflict(code: &str, detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::CONFLICT, code, "Dit kan nu niet", detail)
}

/// 400 op één veld van het lichaam.
#[must_use]
pub fn ongeldig(location: &str, code: &str, detail: impl Into<String>) -> Problem {
    Veldfout::body(location, code, detail).into()
}

/// Beide uitkomsten, of alles wat er met de invoer mis is: wie twee dingen verkeerd deed, hoort ze allebei.
///
/// # Errors
/// De fouten in de invoer van beide. Een storing gaat voor, en anders de eerste weigering.
pub fn samen<A, B>(eerste: Result<A, impl Into<Problem>>, tweede: Result<B, impl Into<Problem>>) -> Result<(A, B), Problem> {
    match (eerste.map_err(Into::into), tweede.map_err(Into::into)) {
        (Ok(eerste), Ok(tweede)) => Ok((eerste, tweede)),
        (Err(mut eerste), Err(mut tweede)) if eerste.over_invoer() && tweede.over_invoer() => {
            eerste.errors.append(&mut tweede.errors);
            Err(std::mem::take(&mut eerste.errors).into())
        }
        (Err(eerste), Err(tweede)) => Err(if tweede.status().is_server_error() { tweede } else { eerste }),
        (Err(fout), Ok(_)) | (Ok(_), Err(fout)) => Err(fout),
    }
}

/// 412: iemand anders was eerder.
#[must_use]
pub fn verouderd(huidige: Option<i64>) -> Problem {
    let problem = Problem::new(
        StatusCode::PRECONDITION_FAILED,
        "versie-verouderd",
        "Intussen gewijzigd",
        "Iemand heeft dit intussen gewijzigd. Haal de laatste versie op, pas uw wijziging daarop toe en probeer het opnieuw.",
    );
    match huidige {
        Some(versie) => problem.header(header::ETAG, &format!("\"{versie}\"")),
        None => problem,
    }
}

/// 412 voor een `If-Match` zonder een ETag van deze dienst.
#[must_use]
pub fn geen_etag(huidige: i64) -> Problem {
    Problem::new(
        StatusCode::PRECONDITION_FAILED,
        "etag-onbekend",
        "If-Match is geen ETag van deze dienst",
        "Stuur in If-Match de ETag die u las, precies zoals u hem kreeg: met aanhalingstekens, zonder 'W/'. Een '*' telt niet: dat zou blind overschrijven zijn.",
    )
    .header(header::ETAG, &format!("\"{huidige}\""))
}

/// 428: `If-Match` ontbreekt.
#[must_use]
pub fn if_match_ontbreekt() -> Problem {
    Problem::new(
        StatusCode::PRECONDITION_REQUIRED,
        "if-match-verplicht",
        "If-Match ontbreekt",
        "Stuur de ETag van de versie die u hebt gelezen mee in de kop If-Match.",
    )
}

/// 503: de opslag antwoordt niet.
#[must_use]
pub fn niet_beschikbaar() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "tijdelijk-niet-beschikbaar",
        "Tijdelijk niet beschikbaar",
        "De dienst kan uw verzoek nu niet verwerken. Er is niets gewijzigd; probeer het over enkele seconden opnieuw.",
    )
    .header(header::RETRY_AFTER, "5")
}

/// 503: de opslag antwoordde niet op het vastleggen; opnieuw doen mag alleen met dezelfde sleutel.
#[must_use]
pub fn vastlegging_onzeker() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "vastlegging-onzeker",
        "Onbekend of het is vastgelegd",
        "De opslag viel weg tijdens het vastleggen. Het is onbekend of uw wijziging is vastgelegd: herhaal het verzoek met dezelfde Idempotency-Key, of lees eerst hoe het er nu staat.",
    )
    .header(header::RETRY_AFTER, "5")
}

/// 500: een fout van ons; de oorzaak staat al in het logboek.
#[must_use]
pub fn interne_fout() -> Problem {
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "interne-fout",
        "Interne fout",
        "Er ging iets mis aan onze kant. Probeer het later opnieuw; noem bij een melding het kenmerk uit instance.",
    )
}

/// 500 met de oorzaak in het logboek.
pub fn fout(cause: impl std::fmt::Display) -> Problem {
    tracing::error!(%cause, "interne fout");
    interne_fout()
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale { current } => verouderd(Some(current)),
            StoreError::Conflict { constraint } => {
                tracing::info!(constraint, "unieke waarde bestaat al");
                conflict("bestaat-al", "Er bestaat al iets met deze gegevens. Wijzig dat, of kies andere gegevens.")
            }
            StoreError::Unavailable(cause) => {
                tracing::warn!(%cause, "opslag niet bereikbaar");
                niet_beschikbaar()
            }
            StoreError::Onzeker(cause) => {
                tracing::error!(%cause, "onbekend of de wijziging vastligt");
                vastlegging_onzeker()
            }
            StoreError::Retry => {
                // Dit gebeurt ook midden in een transactie die daarna alsnog slaagt; wie opgeeft, meldt dat zelf.
                tracing::debug!("de database wil het opnieuw");
                niet_beschikbaar()
            }
            StoreError::DiskFull => {
                tracing::error!("de schijf is vol");
                niet_beschikbaar()
            }
            other => fout(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wie_twee_dingen_verkeerd_doet_hoort_ze_allebei_en_een_storing_gaat_voor() {
        let fout = |plaats: &str| Err::<(), _>(ongeldig(plaats, "onbekend", "Bestaat niet."));
        let plaatsen = |problem: &Problem| problem.errors.iter().map(|fout| fout.location.clone()).collect::<Vec<_>>();
        let Err(beide) = samen(fout("/a"), samen(fout("/b"), fout("/c"))) else { panic!("drie fouten zijn geen goede invoer") };
        assert_eq!((beide.code.as_str(), plaatsen(&beide)), ("invoer-ongeldig", ["/a", "/b", "/c"].map(str::to_owned).to_vec()));
        assert!(beide.detail.contains("3 fouten"));

        let code = |uitkomst: Result<((), ()), Problem>| uitkomst.map_err(|problem| problem.code.clone());
        assert_eq!(code(samen(fout("/a"), Err::<(), _>(niet_beschikbaar()))), Err("tijdelijk-niet-beschikbaar".to_owned()));
        assert_eq!(code(samen(fout("/a"), Err::<(), _>(conflict("bezet", "Bezet.")))), Err("invoer-ongeldig".to_owned()));
        assert_eq!(code(samen(Ok::<(), Problem>(()), Err::<(), _>(conflict("bezet", "Bezet.")))), Err("bezet".to_owned()));
        assert_eq!(code(samen(Ok::<(), Problem>(()), Ok::<(), Problem>(()))), Ok(((), ())));
    }

    #[test]
    fn alleen_wie_niet_weet_of_het_vastligt_hoort_dat() {
        let (zeker, onzeker) = ([StoreError::Retry, StoreError::Unavailable("weg".to_owned())], StoreError::Onzeker("weg".to_owned()));
        for oorzaak in zeker {
            let problem = Problem::from(oorzaak);
            assert_eq!((problem.status, problem.code.as_str()), (503, "tijdelijk-niet-beschikbaar"));
            assert!(problem.detail.contains("niets gewijzigd"));
        }
        let problem = Problem::from(onzeker);
        assert_eq!((problem.status, problem.code.as_str()), (503, "vastlegging-onzeker"));
        assert!(problem.detail.contains("onbekend") && problem.detail.contains("Idempotency-Key"));
    }
}
