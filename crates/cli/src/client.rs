//! De client: per handeling één methode.

use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::json;
use url::{Host, Url};

use crate::bladen::Bladen;
use crate::fout::Fout;
use crate::model::{Activiteit, Gebeurtenis, Gelezen, Ik, Poort, Stapovergang, Traject};
use crate::toegang::Toegang;
use crate::verzending::{Antwoord, Verzending, Verzoek, begrijp};

/// Welke trajecten u wilt zien; leeg is alles waar u bij mag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrajectFilter {
    /// `lopend`, `gepauzeerd`, `beeindigd` of `live`.
    pub status: Option<String>,
    /// Fase 1 tot en met 3.
    pub fase: Option<u8>,
    /// Stap 1 tot en met 6.
    pub stap: Option<u8>,
    /// Code van de sector.
    pub sector: Option<String>,
    /// Organisatie die partij is.
    pub partij: Option<String>,
    /// Alleen waarvan de deadline voorbij is.
    pub deadline_verstreken: bool,
    /// Tekst in kenmerk of organisatie.
    pub zoek: Option<String>,
    /// Regels per blad.
    pub limit: Option<u16>,
}

/// Toegang tot één Aansluitloket.
pub struct Loket {
    verzending: Verzending,
}

impl Loket {
    /// Maakt een client; er gaat nog niets over de lijn.
    ///
    /// `basis` is het adres van de dienst, met of zonder `/v1`. Alleen `https`, of `http` op deze machine zelf:
    /// een token gaat nooit onversleuteld over een netwerk.
    ///
    /// # Errors
    /// Als het adres niet deugt.
    pub fn new(basis: &str, toegang: Toegang) -> Result<Self, Fout> {
        let onjuist = |reden: &str| Fout::Instelling(format!("'{basis}' is geen bruikbaar adres: {reden}."));
        let mut adres = Url::parse(basis).map_err(|_| onjuist("geef bijvoorbeeld https://aansluitloket.example"))?;
        let eigen_machine = match adres.host() {
            Some(Host::Domain(naam)) => naam == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        };
        match adres.scheme() {
            "https" => {}
            "http" if eigen_machine => {}
            "http" => return Err(onjuist("over een netwerk moet het https zijn")),
            _ => return Err(onjuist("het moet met https beginnen")),
        }
        adres.set_path("/");
        adres.set_query(None);
        adres.set_fragment(None);
        Ok(Self { verzending: Verzending::new(adres, toegang)? })
    }

    /// Wie u bent voor de dienst.
    ///
    /// # Errors
    /// Als de dienst weigert of niet bereikbaar is; dat geldt voor elke methode hieronder.
    pub async fn ik(&self) -> Result<Ik, Fout> {
        begrijp(&self.haal(self.pad(&["ik"])?).await?.lichaam)
    }

    /// Het toegangstoken waarmee deze client werkt, voor wie daarnaast zelf een verzoek wil doen.
    ///
    /// # Errors
    /// Als er geen te krijgen is.
    pub async fn toegangstoken(&self) -> Result<Option<String>, Fout> {
        self.verzending.toegangstoken().await
    }

    /// Trajecten, blad voor blad.
    ///
    /// # Errors
    /// Alleen als het adres niet te maken is.
    pub fn trajecten(&self, filter: &TrajectFilter) -> Result<Bladen<'_, Traject>, Fout> {
        let mut adres = self.pad(&["trajecten"])?;
        {
            let mut query = adres.query_pairs_mut();
            let tekst = [("status", &filter.status), ("sectorCode", &filter.sector), ("partij", &filter.partij), ("zoek", &filter.zoek)];
            for (sleutel, waarde) in tekst {
                if let Some(waarde) = waarde {
                    query.append_pair(sleutel, waarde);
                }
            }
            for (sleutel, waarde) in [("fase", filter.fase), ("stap", filter.stap)] {
                if let Some(waarde) = waarde {
                    query.append_pair(sleutel, &waarde.to_string());
                }
            }
            if filter.deadline_verstreken {
                query.append_pair("deadlineVerstreken", "true");
            }
            query.append_pair("limit", &filter.limit.unwrap_or(50).to_string());
        }
        Ok(Bladen::vanaf(&self.verzending, adres))
    }

    /// Eén traject, met de versie waarop u het las.
    ///
    /// # Errors
    /// Zie [`Loket::ik`].
    pub async fn traject(&self, id: &str) -> Result<Gelezen<Traject>, Fout> {
        gelezen(self.haal(self.pad(&["trajecten", id])?).await?)
    }

    /// De poorten van een traject.
    ///
    /// # Errors
    /// Zie [`Loket::ik`].
    pub async fn poorten(&self, id: &str) -> Result<Vec<Poort>, Fout> {
        // Vijf poorten: deze lijst kent geen bladen.
        Bladen::vanaf(&self.verzending, self.pad(&["trajecten", id, "poorten"])?).alles().await
    }

    /// De activiteiten van een traject.
    ///
    /// # Errors
    /// Zie [`Loket::ik`].
    pub async fn activiteiten(&self, id: &str) -> Result<Vec<Activiteit>, Fout> {
        self.lijst(&["trajecten", id, "activiteiten"])?.alles().await
    }

    /// Brengt een traject naar een andere stap.
    ///
    /// # Errors
    /// Een probleem met status 409 als de poort nog dicht is, 412 als iemand anders eerder was.
    pub async fn overgang(&self, traject: &Gelezen<Traject>, naar_stap: u8, reden: Option<&str>) -> Result<Stapovergang, Fout> {
        let mut lichaam = json!({ "naarStap": naar_stap });
        if let (Some(reden), Some(velden)) = (reden, lichaam.as_object_mut()) {
            velden.insert("reden".to_owned(), reden.into());
        }
        let verzoek = Verzoek {
            methode: Method::POST,
            adres: self.pad(&["trajecten", &traject.waarde.id, "stapovergangen"])?,
            if_match: traject.etag.clone(),
            lichaam: Some(lichaam),
        };
        begrijp(&self.verzending.verstuur(&verzoek).await?.lichaam)
    }

    /// Gebeurtenissen na een volgnummer, of vanaf het begin.
    ///
    /// # Errors
    /// Alleen als het adres niet te maken is.
    pub fn gebeurtenissen(&self, na: Option<&str>) -> Result<Bladen<'_, Gebeurtenis>, Fout> {
        let mut adres = self.pad(&["gebeurtenissen"])?;
        adres.query_pairs_mut().append_pair("limit", "200");
        if let Some(na) = na {
            adres.query_pairs_mut().append_pair("naVolgnummer", na);
        }
        Ok(Bladen::vanaf(&self.verzending, adres))
    }

    fn lijst<T: DeserializeOwned>(&self, delen: &[&str]) -> Result<Bladen<'_, T>, Fout> {
        let mut adres = self.pad(delen)?;
        adres.query_pairs_mut().append_pair("limit", "200");
        Ok(Bladen::vanaf(&self.verzending, adres))
    }

    /// Een pad onder `/v1`, met elk deel veilig geschreven.
    fn pad(&self, delen: &[&str]) -> Result<Url, Fout> {
        let mut adres = self.verzending.basis.clone();
        adres.path_segments_mut().map_err(|()| Fout::Instelling("Het adres kent geen pad.".to_owned()))?.clear().push("v1").extend(delen);
        Ok(adres)
    }

    async fn haal(&self, adres: Url) -> Result<Antwoord, Fout> {
        self.verzending.verstuur(&Verzoek { methode: Method::GET, adres, if_match: None, lichaam: None }).await
    }
}

fn gelezen<T: DeserializeOwned>(antwoord: Antwoord) -> Result<Gelezen<T>, Fout> {
    Ok(Gelezen { waarde: begrijp(&antwoord.lichaam)?, etag: antwoord.etag })
}

#[cfg(test)]
mod tests {
    use super::{Loket, Toegang};

    #[test]
    fn een_token_gaat_nooit_onversleuteld_over_een_netwerk() {
        for basis in ["http://aansluitloket.example", "ftp://127.0.0.1", "aansluitloket.example", "http://192.0.2.1:8080"] {
            assert!(Loket::new(basis, Toegang::Geen).is_err(), "{basis}");
        }
        for basis in ["https://aansluitloket.example/v1/", "http://127.0.0.1:8080", "http://[::1]:8080/v1", "http://localhost:1"] {
            assert!(Loket::new(basis, Toegang::Geen).is_ok(), "{basis}");
        }
    }

    #[test]
    fn een_id_kan_het_pad_niet_veranderen() {
        let loket = Loket::new("http://127.0.0.1:1/v1", Toegang::Geen).unwrap();
        assert_eq!(loket.pad(&["trajecten", "../a/b?c"]).unwrap().as_str(), "http://127.0.0.1:1/v1/trajecten/..%2Fa%2Fb%3Fc");
    }

    #[test]
    fn een_verwijzing_naar_een_andere_dienst_wordt_niet_gevolgd() {
        let loket = Loket::new("https://aansluitloket.example", Toegang::Geen).unwrap();
        assert!(loket.verzending.adres("/v1/trajecten?cursor=x").is_ok());
        for vreemd in ["https://elders.example/v1", "//elders.example/v1", "http://aansluitloket.example/v1"] {
            assert!(loket.verzending.adres(vreemd).is_err(), "{vreemd}");
        }
    }
}
