//! Een lijst blad voor blad doorlopen.

use std::marker::PhantomData;

use reqwest::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::fout::Fout;
use crate::verzending::{Verzending, Verzoek, begrijp};

#[derive(Deserialize)]
struct Blad<T> {
    items: Vec<T>,
    #[serde(rename = "_links")]
    links: Links,
}

#[derive(Deserialize)]
struct Links {
    #[serde(default)]
    next: Option<Verwijzing>,
}

#[derive(Deserialize)]
struct Verwijzing {
    href: String,
}

/// De bladen van een lijst; elk blad is één verzoek.
pub struct Bladen<'a, T> {
    verzending: &'a Verzending,
    volgende: Option<Url>,
    soort: PhantomData<T>,
}

impl<'a, T: DeserializeOwned> Bladen<'a, T> {
    pub(crate) const fn vanaf(verzending: &'a Verzending, adres: Url) -> Self {
        Self { verzending, volgende: Some(adres), soort: PhantomData }
    }

    /// Het volgende blad; `None` na het laatste.
    ///
    /// # Errors
    /// Als het blad niet te halen is. De plek blijft staan: nog eens vragen mag.
    pub async fn volgende(&mut self) -> Result<Option<Vec<T>>, Fout> {
        let Some(adres) = self.volgende.clone() else { return Ok(None) };
        let antwoord = self.verzending.verstuur(&Verzoek { methode: Method::GET, adres, if_match: None, lichaam: None }).await?;
        let blad: Blad<T> = begrijp(&antwoord.lichaam)?;
        self.volgende = blad.links.next.map(|next| self.verzending.adres(&next.href)).transpose()?;
        Ok(Some(blad.items))
    }

    /// Alle resterende regels bij elkaar. Voor lijsten waarvan u weet dat ze klein zijn.
    ///
    /// # Errors
    /// Als een blad niet te halen is.
    pub async fn alles(mut self) -> Result<Vec<T>, Fout> {
        let mut alles = Vec::new();
        while let Some(blad) = self.volgende().await? {
            alles.extend(blad);
        }
        Ok(alles)
    }

    /// Of er nog een blad is.
    #[must_use]
    pub const fn heeft_meer(&self) -> bool {
        self.volgende.is_some()
    }
}
