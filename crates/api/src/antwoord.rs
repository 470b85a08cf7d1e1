//! Het antwoord van een handler: status, ETag, Location, lijst met vervolg.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder};
use bytestring::ByteString;
use serde::{Deserialize, Serialize};
use stukken::pdf::PdfFout;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use crate::problem::{self, Problem};

/// Mediatype van gewone antwoorden.
pub const JSON: &str = "application/json";
/// Mediatype van tabellen als tekst.
pub(crate) const CSV: &str = "text/csv";
/// Mediatype van werkmappen.
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Mediatype van tekeningen.
pub(crate) const SVG: &str = "image/svg+xml";
/// Mediatype van stukken.
pub(crate) const PDF: &str = "application/pdf";

/// Een geslaagd antwoord. Het kan worden bewaard, zodat dezelfde `Idempotency-Key` hetzelfde antwoord geeft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<ByteString>,
}

impl Answer {
    /// 200 met deze representatie.
    ///
    /// # Errors
    /// Alleen als de waarde niet in JSON past; dat is een fout van ons.
    pub fn ok<T: Serialize>(value: &T) -> Result<Self, Problem> {
        Self::json(StatusCode::OK, value)
    }

    /// 201 met deze representatie; `path` is het pad onder `/v1`, bijvoorbeeld `/trajecten/{id}`.
    ///
    /// # Errors
    /// Als bij [`Answer::ok`].
    pub fn created<T: Serialize>(value: &T, path: impl AsRef<str>) -> Result<Self, Problem> {
        let mut answer = Self::json(StatusCode::CREATED, value)?;
        answer.location = Some(format!("/v1{}", path.as_ref()));
        Ok(answer)
    }

    /// 200 met een lijst die op één blad past; `path` is het pad onder `/v1`, zoals bij [`Answer::created`].
    ///
    /// # Errors
    /// Als bij [`Answer::ok`].
    pub fn list<T: Serialize>(items: Vec<T>, path: impl AsRef<str>) -> Result<Self, Problem> {
        let zelf = Verwijzing { href: format!("/v1{}", path.as_ref()) };
        Self::ok(&Lijst { items, links: Links { zelf, next: None } })
    }

    /// 204 zonder inhoud.
    #[must_use]
    pub const fn no_content() -> Self {
        Self { status: 204, etag: None, location: None, link: None, body: None }
    }

    fn json<T: Serialize>(status: StatusCode, value: &T) -> Result<Self, Problem> {
        let body = serde_json::to_string(value).map_err(problem::fout)?;
        Ok(Self { status: status.as_u16(), etag: None, location: None, link: None, body: Some(body.into()) })
    }

    /// Zet de ETag van deze versie.
    #[must_use]
    pub fn etag(mut self, versie: i64) -> Self {
        self.etag = Some(format!("\"{versie}\""));
        self
    }

    /// Zet de `Link`-kop (RFC 8288).
    #[must_use]
    pub fn link(mut self, link: String) -> Self {
        self.link = Some(link);
        self
    }

    /// Sluit af: leest prettig als laatste regel van een handler.
    ///
    /// # Errors
    /// Nooit.
    pub fn done<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    /// HTTP-status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }
}

impl Responder for Answer {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK));
        for (name, value) in [(header::ETAG, self.etag), (header::LOCATION, self.location), (header::LINK, self.link)] {
            if let Some(value) = value.and_then(|text| HeaderValue::try_from(text).ok()) {
                response.insert_header((name, value));
            }
        }
        match self.body {
            Some(body) => {
                response.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(JSON)));
                response.body(body)
            }
            None => response.finish(),
        }
    }
}

/// Zoveel stukken worden er tegelijk gezet. Een groot stuk vraagt even ruim honderd megabyte; de rest wacht op zijn beurt.
static ZETTERS: Semaphore = Semaphore::const_new(2);

/// Zet een stuk op een blokkerende draad, met niet meer tegelijk dan er geheugen voor is.
pub(crate) async fn zet<T: Send + 'static>(maak: impl FnOnce() -> Result<T, PdfFout> + Send + 'static) -> Result<T, Problem> {
    let beurt = ZETTERS.acquire().await.map_err(problem::fout)?;
    let gezet = actix_web::web::block(maak).await;
    drop(beurt);
    gezet.map_err(problem::fout)?.map_err(problem::fout)
}

/// Een bestand om te lezen of te bewaren.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuk {
    mediatype: &'static str,
    naam: String,
    etag: Option<i64>,
    link: Option<String>,
    bytes: Vec<u8>,
}

impl Stuk {
    /// Een PDF met deze bestandsnaam; `versie` wordt de ETag.
    #[must_use]
    pub fn pdf(bytes: Vec<u8>, naam: &str, versie: Option<i64>) -> Self {
        Self { mediatype: PDF, naam: naam.to_owned(), etag: versie, link: None, bytes }
    }

    /// Verwijst naar een vervolg (`Link`, RFC 8288).
    #[must_use]
    pub fn link(mut self, link: Option<String>) -> Self {
        self.link = link;
        self
    }
}

impl Responder for Stuk {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        response.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(self.mediatype)));
        response.insert_header((header::VARY, HeaderValue::from_static("accept")));
        response.insert_header((header::CONTENT_DISPOSITION, format!("inline; filename=\"{}\"", self.naam)));
        if let Some(link) = self.link {
            response.insert_header((header::LINK, link));
        }
        if let Some(versie) = self.etag {
            // Een andere vorm van dezelfde versie is een andere representatie (RFC 9110, 8.8.3.3).
            response.insert_header((header::ETAG, format!("\"{versie}-{}\"", self.mediatype.rsplit('/').next().unwrap_or_default())));
        }
        response.body(self.bytes)
    }
}

/// Eén blad van een lijst.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Lijst<T> {
    /// De regels van dit blad.
    pub items: Vec<T>,
    /// Verwijzingen naar dit blad en het volgende.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// Verwijzingen bij een lijst.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Links {
    /// Dit blad.
    #[serde(rename = "self")]
    pub zelf: Verwijzing,
    /// Het volgende blad; afwezig op het laatste.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Verwijzing>,
}

/// Een verwijzing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Verwijzing {
    /// Adres, ten opzichte van de dienst.
    #[schema(format = "uri-reference", example = "/v1/organisaties?limit=50")]
    pub href: String,
}
