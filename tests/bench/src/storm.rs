//! Een crisis begint en iedereen logt in: hele aanmeldingen per seconde, met een nep-IdP, van portaal tot token.
//!
//! De grens is wat de machine kaal kan: de handtekeningen van één aanmelding over alle kernen, en daarna de duurzame
//! vastleggingen die zij vraagt, op dezelfde kernen: 1/(1/a + 1/b). Gemeten in dezelfde ronde.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::dienst::Inrichting;
use crate::lijn::{Lijn, leesbaar, pad_van};
use crate::nep_idp;
use crate::stormgegevens::Stormgegevens;
use crate::verslag::{Regel, Verslag};
use crate::{Uitkomst, meld};

/// Mensen die tegelijk inloggen, elk met een eigen sessie.
pub(crate) const MENSEN: usize = 5_000;
/// Browsers tegelijk op de lijn.
const LOPERS: usize = 64;
/// Duurzame vastleggingen per aanmelding: de poging, de sessie met haar code, het inwisselen.
const VASTLEGGINGEN: f64 = 3.0;
/// Handtekeningen per aanmelding: de IdP, onze bewering aan haar, toegangstoken en ID-token.
const TEKENEN: f64 = 4.0;
/// Keuringen per aanmelding: het ID-token van de IdP en de bewering van het portaal.
const KEUREN: f64 = 2.0;
const VERIFIER: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const TERUG: &str = "https%3A%2F%2Fportaal.example%2Fterug";

/// Meet de storm; `kaal` is hoeveel vastleggingen dezelfde opslag kaal haalt.
pub(crate) fn meet(inrichting: &Inrichting, kaal: f64, waar: &str, verslag: &mut Verslag) -> Uitkomst<()> {
    let (_idp, issuer) = nep_idp::start()?;
    let gegevens = Stormgegevens::vul(inrichting, &issuer, MENSEN)?;
    let (dienst, _) = inrichting.start()?;
    gegevens.sluit_aan(dienst.adres, &issuer)?;
    let storm = Storm { hub: dienst.adres, idp: adres_van(&issuer)?, uitgever: inrichting.basis(), gegevens: &gegevens };

    // Eerst iedereen halverwege: vijfduizend aanmeldingen die tegelijk openstaan. Dan iedereen naar binnen.
    let onderweg = storm.verdeel(|loper, wie| loper.vertrek(wie))?;
    let begin = Instant::now();
    let open: Vec<(usize, Vertrokken)> = onderweg.into_iter().enumerate().collect();
    let sessies = storm.verdeel(|loper, wie| {
        let (_, vertrokken) = open.get(wie).ok_or("niemand")?;
        loper.kom_terug(wie, vertrokken)
    })?;
    meld(&format!("{waar}: {} sessies in {:.1} s", sessies.len(), begin.elapsed().as_secs_f64()));
    verslag.voeg_toe(Regel::minstens(&format!("sessies tegelijk op {waar}, zonder een fout"), 5_000.0, tel(sessies.len())));

    // Dan de snelheid: hele aanmeldingen van een nieuw apparaat.
    let begin = Instant::now();
    let mut tijden = storm.verdeel(|loper, wie| {
        let zelf = Instant::now();
        let vertrokken = loper.vertrek(wie)?;
        loper.kom_terug(wie, &vertrokken)?;
        Ok(zelf.elapsed().as_secs_f64() * 1000.0)
    })?;
    let per_seconde = tel(tijden.len()) / begin.elapsed().as_secs_f64();
    tijden.sort_by(f64::total_cmp);
    let p99 = tijden.get(tijden.len() * 99 / 100).copied().unwrap_or(f64::NAN);
    let (tekenen, keuren) = gegevens.sleutel.snelheid()?;
    let kernen = std::thread::available_parallelism().map_or(1.0, |kernen| tel(kernen.get()));
    let rekenen = kernen / (TEKENEN / tekenen + KEUREN / keuren);
    let grens = 1.0 / (1.0 / rekenen + VASTLEGGINGEN / kaal);
    verslag.voeg_toe(Regel::minstens(&format!("hele aanmeldingen op {waar}, deel van de grens"), 0.5, per_seconde / grens).met(format!(
        "{per_seconde:.0} van {grens:.0} per seconde (handtekeningen {rekenen:.0}, vastleggingen {:.0}); p99 {p99:.0} ms met {LOPERS} tegelijk",
        kaal / VASTLEGGINGEN
    )));
    Ok(())
}

fn tel(aantal: usize) -> f64 {
    f64::from(u32::try_from(aantal).unwrap_or(u32::MAX))
}

fn adres_van(issuer: &str) -> Uitkomst<SocketAddr> {
    issuer.replace("http://localhost", "127.0.0.1").parse().map_err(leesbaar)
}

struct Storm<'a> {
    hub: SocketAddr,
    idp: SocketAddr,
    uitgever: String,
    gegevens: &'a Stormgegevens,
}

impl Storm<'_> {
    /// Verdeelt alle mensen over de lopers; één fout en de meting telt niet.
    fn verdeel<T: Send>(&self, doe: impl Fn(&mut Loper<'_>, usize) -> Uitkomst<T> + Sync) -> Uitkomst<Vec<T>> {
        let volgende = AtomicUsize::new(0);
        let delen = std::thread::scope(|draden| {
            let lopend: Vec<_> = (0..LOPERS).map(|_| draden.spawn(|| self.loop_mee(&volgende, &doe))).collect();
            lopend.into_iter().map(|draad| draad.join().map_err(|_| "een loper viel om".to_owned())?).collect::<Uitkomst<Vec<_>>>()
        })?;
        let mut alle: Vec<(usize, T)> = delen.into_iter().flatten().collect();
        alle.sort_by_key(|(wie, _)| *wie);
        Ok(alle.into_iter().map(|(_, uitkomst)| uitkomst).collect())
    }

    fn loop_mee<T>(&self, volgende: &AtomicUsize, doe: &(impl Fn(&mut Loper<'_>, usize) -> Uitkomst<T> + Sync)) -> Uitkomst<Vec<(usize, T)>> {
        let host = self.uitgever.trim_start_matches("http://");
        let mut loper = Loper { hub: Lijn::open(self.hub, host)?, idp: Lijn::open(self.idp, "localhost")?, storm: self };
        let mut klaar = Vec::new();
        loop {
            let wie = volgende.fetch_add(1, Ordering::Relaxed);
            if wie >= MENSEN {
                return Ok(klaar);
            }
            klaar.push((wie, doe(&mut loper, wie)?));
        }
    }
}

/// Iemand die bij de IdP is.
struct Vertrokken {
    naar: String,
    koekjes: String,
}

struct Loper<'a> {
    hub: Lijn,
    idp: Lijn,
    storm: &'a Storm<'a>,
}

impl Loper<'_> {
    /// Van het portaal tot aan de IdP.
    fn vertrek(&mut self, wie: usize) -> Uitkomst<Vertrokken> {
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
        let gegevens = self.storm.gegevens;
        let pad = format!(
            "/oidc/authorize?response_type=code&client_id={}&redirect_uri={TERUG}&scope=openid&state=s{wie}&nonce=n{wie}&code_challenge={challenge}&code_challenge_method=S256&organisatie={}",
            gegevens.client_id, gegevens.organisatie_id
        );
        let antwoord = self.hub.haal(&pad, "")?;
        Ok(Vertrokken { naar: antwoord.verder("het begin van een aanmelding")?.to_owned(), koekjes: antwoord.koekjes.join("; ") })
    }

    /// Van de IdP tot en met de tokens.
    fn kom_terug(&mut self, wie: usize, vertrokken: &Vertrokken) -> Uitkomst<()> {
        let bij_idp = self.idp.haal(pad_van(&vertrokken.naar), &format!("cookie: wie=mens-{wie}\r\n"))?;
        let terug = bij_idp.verder("de IdP")?.to_owned();
        let binnen = self.hub.haal(pad_van(&terug), &format!("cookie: {}\r\n", vertrokken.koekjes))?;
        let bij_portaal = binnen.verder("de terugkomst")?;
        let code = bij_portaal.split(['?', '&']).find_map(|deel| deel.strip_prefix("code=")).ok_or_else(|| format!("geen code in {bij_portaal}"))?;
        let gegevens = self.storm.gegevens;
        let bewering = gegevens.sleutel.bewering(&gegevens.client_id.to_string(), &self.storm.uitgever, &crate::tokens::vers_merk())?;
        let lichaam = format!(
            "grant_type=authorization_code&code={code}&redirect_uri={TERUG}&code_verifier={VERIFIER}&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion={bewering}"
        );
        let antwoord = self.hub.vraag("POST", "/oidc/token", "content-type: application/x-www-form-urlencoded\r\n", &lichaam)?;
        let tokens: Value = serde_json::from_str(&antwoord.inhoud).unwrap_or_default();
        if antwoord.status == 200 && tokens.get("id_token").is_some() {
            Ok(())
        } else {
            Err(format!("het inwisselen geeft {}: {}", antwoord.status, antwoord.inhoud))
        }
    }
}
