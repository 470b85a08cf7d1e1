//! Cookies, handtekeningen en hashes van het aanmelden. Alle sleutels volgen uit de hoofdsleutel, dus elke node kent ze.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use domain::Rng;

/// Een cookie die wij zetten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Koekje {
    /// Het geheim van de sessie.
    Sessie,
    /// Waaraan lopende aanmeldingen vastzitten.
    Browser,
    /// Welke organisatie hier eerder gekozen is.
    Keuze,
    /// De taal van de bladzijden.
    Taal,
}

impl Koekje {
    const fn naam(self) -> &'static str {
        match self {
            Self::Sessie => "aansluitloket-sessie",
            Self::Browser => "aansluitloket-browser",
            Self::Keuze => "aansluitloket-keuze",
            Self::Taal => "aansluitloket-taal",
        }
    }

    /// Hoe lang de browser hem bewaart; zonder duur tot hij sluit.
    const fn seconden(self) -> Option<u32> {
        match self {
            Self::Sessie | Self::Browser => None,
            Self::Keuze => Some(90 * 86_400),
            Self::Taal => Some(365 * 86_400),
        }
    }
}

/// De sleutel van het aanmelden, en of wij achter TLS staan.
pub(crate) struct Geheimen {
    sleutel: [u8; 32],
    veilig: bool,
}

impl std::fmt::Debug for Geheimen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Geheimen(…)")
    }
}

/// Toeval als tekst voor een adres of cookie.
pub(crate) fn toeval(rng: &Rng) -> String {
    let mut bytes = [0; 32];
    rng.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// De hash waaronder wij iets geheims terugvinden zonder het te bewaren.
pub(crate) fn hash(tekst: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(tekst.as_bytes()))
}

impl Geheimen {
    /// Leidt de sleutel af. Zonder TLS (alleen op deze machine zelf) kan een cookie niet `Secure` en dus niet `__Host-` zijn.
    pub(crate) fn nieuw(bron: &[u8; 32], base_url: &str) -> Self {
        let mut uit = Self { sleutel: *bron, veilig: !base_url.starts_with("http://") };
        uit.sleutel = uit.mac("aanmelden", &[]).into();
        uit
    }

    fn mac(&self, doel: &str, delen: &[&str]) -> hmac::digest::Output<Hmac<Sha256>> {
        self.begonnen(doel, delen).finalize().into_bytes()
    }

    /// Velden met hun lengte ervoor, zodat zij niet in elkaar kunnen schuiven.
    fn begonnen(&self, doel: &str, delen: &[&str]) -> Hmac<Sha256> {
        let mut mac = match Hmac::<Sha256>::new_from_slice(&self.sleutel) {
            Ok(mac) => mac,
            Err(onmogelijk) => unreachable!("HMAC neemt iedere sleutel: {onmogelijk}"),
        };
        for deel in std::iter::once(&doel).chain(delen) {
            mac.update(&u64::try_from(deel.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(deel.as_bytes());
        }
        mac
    }

    /// Een handtekening voor één doel.
    pub(crate) fn teken(&self, doel: &str, delen: &[&str]) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(doel, delen))
    }

    /// Of een handtekening klopt, in vaste tijd.
    pub(crate) fn klopt(&self, doel: &str, delen: &[&str], gegeven: &str) -> bool {
        URL_SAFE_NO_PAD.decode(gegeven).is_ok_and(|bytes| self.begonnen(doel, delen).verify_slice(&bytes).is_ok())
    }

    fn naam(&self, koekje: Koekje) -> String {
        format!("{}{}", if self.veilig { "__Host-" } else { "" }, koekje.naam())
    }

    /// De waarde van een cookie uit de kop; een naam die vaker voorkomt, telt niet.
    pub(crate) fn lees<'a>(&self, koekje: Koekje, koppen: impl Iterator<Item = &'a str>) -> Option<String> {
        let naam = self.naam(koekje);
        let mut gevonden = koppen
            .flat_map(|kop| kop.split(';'))
            .filter_map(|deel| deel.trim().split_once('='))
            .filter(|(eigen, waarde)| *eigen == naam && !waarde.is_empty() && waarde.len() <= 2048)
            .map(|(_, waarde)| waarde.to_owned());
        let eerste = gevonden.next()?;
        gevonden.next().is_none().then_some(eerste)
    }

    /// De kop die een cookie zet.
    pub(crate) fn zet(&self, koekje: Koekje, waarde: &str) -> String {
        let secure = if self.veilig { "; Secure" } else { "" };
        let duur = koekje.seconden().map(|seconden| format!("; Max-Age={seconden}")).unwrap_or_default();
        format!("{}={waarde}; Path=/; HttpOnly; SameSite=Lax{secure}{duur}", self.naam(koekje))
    }

    /// De kop die een cookie wist.
    pub(crate) fn wis(&self, koekje: Koekje) -> String {
        let secure = if self.veilig { "; Secure" } else { "" };
        format!("{}=; Path=/; HttpOnly; SameSite=Lax{secure}; Max-Age=0", self.naam(koekje))
    }
}

#[cfg(test)]
mod tests {
    use super::{Geheimen, Koekje};

    #[test]
    fn een_cookie_is_host_gebonden_veilig_en_onleesbaar_voor_scripts() {
        let geheimen = Geheimen::nieuw(&[1; 32], "https://aansluitloket.example");
        let kop = geheimen.zet(Koekje::Sessie, "abc");
        assert_eq!(kop, "__Host-aansluitloket-sessie=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert!(Geheimen::nieuw(&[1; 32], "http://127.0.0.1:8080").zet(Koekje::Sessie, "abc").starts_with("aansluitloket-sessie=abc;"));
        assert!(geheimen.zet(Koekje::Keuze, "k").ends_with("; Max-Age=7776000"));
        assert!(geheimen.wis(Koekje::Keuze).ends_with("Max-Age=0"));
    }

    #[test]
    fn een_cookie_die_twee_keer_komt_telt_niet() {
        let geheimen = Geheimen::nieuw(&[1; 32], "https://aansluitloket.example");
        let lees = |kop: &'static str| geheimen.lees(Koekje::Sessie, std::iter::once(kop));
        assert_eq!(lees("a=1; __Host-aansluitloket-sessie=x; b=2").as_deref(), Some("x"));
        assert_eq!(lees("__Host-aansluitloket-sessie=x; __Host-aansluitloket-sessie=y"), None);
        assert_eq!(lees("aansluitloket-sessie=x"), None, "zonder voorvoegsel kan een ander (sub)domein hem gezet hebben");
    }

    #[test]
    fn een_handtekening_geldt_voor_een_doel_en_deze_velden() {
        let geheimen = Geheimen::nieuw(&[1; 32], "https://aansluitloket.example");
        let teken = geheimen.teken("csrf", &["browser", "poging"]);
        assert!(geheimen.klopt("csrf", &["browser", "poging"], &teken));
        for (doel, delen) in [("code", ["browser", "poging"]), ("csrf", ["browserp", "oging"]), ("csrf", ["browser", "ander"])] {
            assert!(!geheimen.klopt(doel, &delen, &teken));
        }
        assert!(!Geheimen::nieuw(&[2; 32], "https://aansluitloket.example").klopt("csrf", &["browser", "poging"], &teken));
    }
}
