//! Van alles wat een adres heeft één: van het waterschap, met zijn partners, en niet van of over een van de bellers.

use std::collections::BTreeMap;

use actix_web::web::Bytes;
use chrono::TimeDelta;
use domain::Id;
use domain::aanmeldingen::{Aanmelding, Uitkomst};
use domain::audit::Door;
use domain::personen::Rol;
use domain::sessies::{LANGST, Sessie};
use domain::trajecten::{Borging, Borgingsmoment};
use serde_json::{Value, json};
use store::sessies::Afmeldgegevens;

use super::bellers::{Aanroeper, Omgeving};
use crate::afnames::{open_afname, vragenlijst};
use crate::huis::{Beller, Gezien, Huis, nu};

/// De zaken, met hun adres bij het sjabloon uit het document.
pub(super) struct Zaken {
    /// Van sjabloon (tot en met een parameter) naar adres.
    paden: BTreeMap<String, String>,
    /// Waar een veld dat een id vraagt naar wijst.
    ids: BTreeMap<&'static str, String>,
    /// De invulling van een aanroeper die zelf is uitgenodigd.
    invullingen: BTreeMap<Id, String>,
    /// Het waterschap.
    pub(super) organisatie: Id,
}

const INVULLING: &str = "/afnames/{id}/invullingen/{invullingId}";

impl Zaken {
    /// Het id voor een veld van een lichaam; een onbekend veld wijst naar niets.
    pub(super) fn id(&self, veld: &str) -> Value {
        self.ids.get(veld).cloned().unwrap_or_else(|| "0190a000-0000-7000-8000-00000000dead".to_owned()).into()
    }

    /// Het adres bij een sjabloon. Wat niet gezaaid is, is het eerste uit de lijst erboven; is daar niets, dan is het geen bewijs.
    pub(super) async fn pad(&mut self, huis: &Huis, sjabloon: &str) -> Result<String, String> {
        let (mut tot, mut adres) = (String::new(), String::new());
        for deel in sjabloon.split('/').skip(1) {
            let lijst = adres.clone();
            for tekst in [&mut tot, &mut adres] {
                tekst.push('/');
                tekst.push_str(deel);
            }
            let Some(naam) = deel.strip_prefix('{').and_then(|deel| deel.strip_suffix('}')) else { continue };
            if !self.paden.contains_key(&tot) {
                let gevonden = huis.get(&huis.lfb, &lijst).await;
                let eerste = &gevonden.body["items"][0];
                let sleutel = [naam, "id"].into_iter().map(|veld| &eerste[veld]).find(|waarde| !waarde.is_null());
                let Some(sleutel) = sleutel else { return Err(format!("{tot}: zaai een voorbeeld; {lijst} gaf {} {}", gevonden.status, gevonden.body)) };
                self.paden.insert(tot.clone(), format!("{lijst}/{}", sleutel.as_str().map_or_else(|| sleutel.to_string(), str::to_owned)));
            }
            adres.clone_from(&self.paden[&tot]);
        }
        Ok(adres)
    }

    /// Een invulling is van één mens: wie is uitgenodigd, belt over de eigen.
    pub(super) fn voor(&self, wie: &Aanroeper, adres: &str) -> String {
        match self.invullingen.get(&wie.beller.id) {
            Some(eigen) => adres.replace(&self.paden[INVULLING], eigen),
            None => adres.to_owned(),
        }
    }
}

struct Zaaier<'a> {
    huis: &'a Huis,
    zaken: Zaken,
    tekenbevoegde: Beller,
    idp_beheerder: Beller,
}

impl Zaaier<'_> {
    fn onthoud(&mut self, sjabloon: &str, adres: impl Into<String>) {
        self.zaken.paden.insert(sjabloon.to_owned(), adres.into());
    }

    async fn maak(&self, wie: &Beller, lijst: &str, body: Value) -> String {
        let gemaakt = self.huis.post(wie, lijst, body).await;
        format!("{lijst}/{}", gemaakt.id())
    }

    /// Een handeling op de stand die `bron` nu heeft.
    async fn op(&self, wie: &Beller, bron: &str, (methode, deel): (&str, &str), body: Option<Value>) -> Gezien {
        let etag = self.huis.get(wie, bron).await.etag();
        let gedaan = self.huis.met(wie, methode, &format!("{bron}{deel}"), &etag, body).await;
        assert!(gedaan.status < 300, "{methode} {bron}{deel}: {}", gedaan.body);
        gedaan
    }

    async fn traject(&mut self, omgeving: &Omgeving, contact: &Beller) -> String {
        let huis = self.huis;
        let id = huis.traject().await;
        let pad = format!("/trajecten/{id}");
        let partij = json!({ "organisatieId": omgeving.adoptiepartner.organisatie, "rol": "adoptiepartner" });
        self.op(&huis.projectleider, &pad, ("POST", "/partijen"), Some(partij)).await;
        self.op(&huis.projectleider, &pad, ("PATCH", ""), Some(json!({ "contactpersonen": [contact.id] }))).await;
        self.onthoud("/trajecten/{id}/poorten/{stap}", format!("{pad}/poorten/4"));
        self.borgingsmoment(&id).await;
        self.zaken.ids.insert("trajectId", id.clone());
        id
    }

    /// Over HTTP kan dit pas als het traject live is; voor wie het mag lezen maakt dat niet uit.
    async fn borgingsmoment(&self, traject: &str) {
        let moment = Borgingsmoment {
            id: domain::nieuw_id(nu(), &self.huis.app.rng),
            traject_id: traject.parse().unwrap(),
            punt: Borging::FallbackOefening,
            gedaan_datum: domain::vandaag(nu()),
            ontvanger: None,
            toelichting: None,
            op: nu(),
            door: Door::default(),
            ingetrokken_op: None,
            intrekkingsreden: None,
        };
        self.huis.zaai(move |tx| store::trajecten::insert_borgingsmoment(tx, &moment)).await;
    }

    async fn afname(&mut self, traject: &str, contact: &Beller, bellers: &[Aanroeper]) {
        let lijst = vragenlijst(self.huis).await;
        let uitgenodigd: Vec<&Beller> = bellers.iter().filter(|wie| wie.verhouding == "W").map(|wie| &wie.beller).collect();
        let waarnemers: Vec<&Beller> = [contact].into_iter().chain(uitgenodigd.iter().copied()).collect();
        let (pad, invullingen) = open_afname(self.huis, &lijst, traject, &waarnemers).await;
        let adres = |invulling: &String| format!("{pad}/invullingen/{invulling}");
        self.zaken.invullingen = uitgenodigd.iter().map(|wie| wie.id).zip(invullingen[1..].iter().map(adres)).collect();
        let van_contact = adres(&invullingen[0]);
        self.onthoud(&format!("{INVULLING}/antwoorden/{{vraag}}"), format!("{van_contact}/antwoorden/1"));
        self.onthoud(INVULLING, van_contact);
        self.onthoud("/afnames/{id}", pad);
        self.zaken.ids.insert("vragenlijstId", lijst);
    }

    /// Inrichting, gebruikers en een plan dat alle besluiten heeft gehad.
    async fn plan(&mut self, omgeving: &Omgeving) {
        let huis = self.huis;
        let (ob, organisatie) = (&huis.organisatiebeheerder, format!("/organisaties/{}", self.zaken.organisatie));
        self.maak(ob, &format!("{organisatie}/teams"), json!({ "code": "crisisteam", "naam": "Crisisteam", "coordinatieniveau": "tactisch" })).await;
        for (deel, code) in [("disciplines", "zorg"), ("functies", "informatiemanager")] {
            self.maak(ob, &format!("{organisatie}/{deel}"), json!({ "code": code, "naam": code })).await;
        }
        let mut gebruikers = Vec::new();
        for naam in ["gebruiker-een", "gebruiker-twee"] {
            let body = json!({ "naam": naam, "email": format!("{naam}@voorbeeld.example") });
            gebruikers.push(huis.post(ob, &format!("{organisatie}/gebruikers"), body).await.id());
        }
        let pad = self.maak(ob, "/autorisatieplannen", json!({ "organisatieId": self.zaken.organisatie })).await;
        let toewijzing = |gebruiker: &String| json!({ "profiel": "im", "gebruikerId": gebruiker });
        let profiel = json!({ "code": "im", "naam": "IM", "team": "crisisteam", "discipline": "zorg", "functie": "informatiemanager",
            "rechten": [{ "pagina": "Situatiebeeld", "recht": "schrijven" }] });
        let inhoud = json!({ "profielen": [profiel], "toewijzingen": gebruikers.iter().map(toewijzing).collect::<Vec<_>>() });
        self.op(ob, &pad, ("PUT", "/inhoud"), Some(inhoud)).await;
        let besluiten =
            [(ob, "/indieningen"), (&huis.lfb, "/terugwijzingen"), (ob, "/indieningen"), (&huis.lfb, "/akkoorden"), (&huis.projectleider, "/vaststellingen")];
        for (wie, besluit) in besluiten {
            self.op(wie, &pad, ("POST", besluit), Some(json!({ "toelichting": "Besproken." }))).await;
        }
        let regels = huis.get(&huis.lfb, &format!("{pad}/uitvoeringsregels")).await;
        let uitgevoerd = json!({ "regels": [{ "regelId": regels.items()[0]["id"], "resultaat": "gedaan" }] });
        self.maak(&huis.lfb, &format!("{pad}/uitvoeringen"), uitgevoerd).await;
        self.geleend(omgeving).await;
        self.op(ob, &pad, ("POST", "/intrekkingen"), Some(json!({ "toelichting": "Vervallen." }))).await;
        self.zaken.ids.insert("gebruikerId", gebruikers.remove(0));
    }

    /// Een gemeente leent het profiel van het waterschap: het waterschap is eigenaar.
    async fn geleend(&mut self, omgeving: &Omgeving) {
        let huis = self.huis;
        let lener = huis.persoon_met(&omgeving.lener, "beheer-van-de-lener", &[Rol::Organisatiebeheerder]).await;
        let body = json!({ "naam": "Lener", "email": "lener@voorbeeld.example" });
        let gebruiker = huis.post(&lener, &format!("/organisaties/{}/gebruikers", lener.organisatie), body).await.id();
        let tot = (nu().date_naive() + TimeDelta::days(30)).to_string();
        let vraag = json!({ "eigenaarId": self.zaken.organisatie, "gebruikerId": gebruiker, "profiel": "im", "motivatie": "Hoogwater.", "totDatum": tot });
        let pad = self.maak(&lener, "/samenwerkingsprofielen", vraag).await;
        self.onthoud("/samenwerkingsprofielen/{id}", pad);
        self.zaken.ids.insert("eigenaarId", omgeving.lener.organisatie.to_string());
    }

    /// Een registratie die alle besluiten heeft gehad.
    async fn registratie(&mut self) {
        let (huis, tekenbevoegde) = (self.huis, self.tekenbevoegde.clone());
        let artikelen = json!([{ "kop": "Beheer", "alineas": ["De organisatiebeheerder houdt de gebruikers actueel."] }]);
        self.maak(&huis.lfb, "/beheerafspraken", json!({ "titel": "Afspraken", "artikelen": artikelen })).await;
        let mut beheerders = Vec::new();
        for naam in ["beheerder-een", "beheerder-twee"] {
            beheerders.push(huis.persoon_met(&huis.projectleider, naam, &[]).await.id);
        }
        let regels: Vec<Value> = beheerders.iter().map(|wie| json!({ "persoonId": wie, "functie": "Beheerder", "telefoon": "+31 20 000 00 00" })).collect();
        let pl = &huis.projectleider;
        let pad = self.maak(pl, "/organisatiebeheerder-registraties", json!({ "organisatieId": self.zaken.organisatie, "beheerders": regels })).await;
        self.op(pl, &pad, ("POST", "/indieningen"), None).await;
        self.op(&tekenbevoegde, &pad, ("POST", "/terugwijzingen"), Some(json!({ "opmerkingen": "De functie klopt niet." }))).await;
        self.op(pl, &pad, ("POST", "/indieningen"), None).await;
        self.op(&tekenbevoegde, &pad, ("POST", "/ondertekeningen"), None).await;
        self.op(&huis.lfb, &pad, ("POST", "/ondertekeningen"), None).await;
        let beheerder = format!("/beheerders/{}", beheerders[0]);
        let training = json!({ "gevolgdDatum": nu().date_naive().to_string() });
        self.op(&huis.lfb, &pad, ("POST", &format!("{beheerder}/trainingen")), Some(training)).await;
        self.op(pl, &pad, ("POST", "/intrekkingen"), Some(json!({ "reden": "Wij beginnen opnieuw." }))).await;
        self.onthoud("/organisatiebeheerder-registraties/{id}/beheerders/{persoonId}", format!("{pad}{beheerder}"));
    }

    /// Wat bij de organisatie staat.
    async fn organisatie(&mut self) {
        let (huis, pad) = (self.huis, format!("/organisaties/{}", self.zaken.organisatie));
        self.maak(&huis.projectleider, &format!("{pad}/netwerkaansluitingen"), json!({ "soort": "diginetwerk", "status": "gewenst" })).await;
        self.maak(&huis.projectleider, &format!("{pad}/sjablonen"), json!({ "naam": "Standaardactiviteit", "inhoud": { "paginas": [] } })).await;
        for (lijst, body) in [
            ("/regiotypen", json!({ "code": "landelijk", "naam": "Landelijk" })),
            ("/sectoren", json!({ "code": "water", "naam": "Water" })),
            ("/aansluitvormen", json!({ "code": "volledig", "naam": "Volledig", "omschrijving": "Alles." })),
        ] {
            assert_eq!(huis.post(&huis.lfb, lijst, body).await.status, 201, "{lijst}");
        }
        let etag = huis.get(&huis.lfb, &pad).await.etag();
        assert_eq!(huis.met(&huis.lfb, "PUT", &format!("{pad}/regiotype"), &etag, Some(json!({ "code": "landelijk" }))).await.status, 200);
        let import = format!("{pad}/gebruikersimports");
        let begonnen = huis.stuur(&huis.organisatiebeheerder, &format!("{import}?proef=true"), "text/csv", Bytes::from_static(CSV.as_bytes())).await;
        let import = format!("{import}/{}", begonnen.id());
        while huis.get(&huis.organisatiebeheerder, &import).await.body["status"] == "bezig" {
            actix_web::rt::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        self.onthoud("/organisaties/{id}", pad);
        self.onthoud("/organisaties/{id}/gebruikersimports/{importId}", import);
        // De enige die gecertificeerd is, is de implementatiepartner.
        let partner = format!("/organisaties/{}/certificeringen", huis.implementatieadviseur.organisatie);
        let certificering = huis.get(&huis.lfb, &partner).await.items()[0]["id"].as_str().expect("id").to_owned();
        self.onthoud("/organisaties/{id}/certificeringen/{certificeringId}", format!("{partner}/{certificering}"));
    }

    /// Waarmee men binnenkomt: aanmelddienst, toepassing, sessie en de regel in het logboek.
    async fn toegang(&mut self, contact: &Beller) {
        let (huis, organisatie) = (self.huis, self.zaken.organisatie);
        // Hier luistert niemand: een verbindingstest is dan meteen klaar.
        let dicht = std::net::TcpListener::bind("127.0.0.1:0").expect("poort").local_addr().expect("adres");
        let instellingen = json!({ "issuer": format!("http://{dicht}"), "clientId": "aansluitloket", "clientauthenticatie": "client-secret-basic", "mfa": { "preset": "amr" } });
        let idp = json!({ "organisatieId": organisatie, "naam": "Aanmelddienst", "instellingen": instellingen });
        let idp = self.maak(&self.idp_beheerder, "/identiteitsproviders", idp).await;
        let geheim = json!({ "soort": "client-secret", "waarde": "geheim-van-de-idp" });
        self.maak(&self.idp_beheerder, &format!("{idp}/geheimen"), geheim).await;
        self.maak(&self.idp_beheerder, &format!("{idp}/verbindingstests"), json!({})).await;
        self.onthoud("/identiteitsproviders/{id}", idp);
        let portaal = json!({ "naam": "Portaal", "organisatieId": organisatie, "soort": "portaal", "profiel": "oidc", "profielReden": "Standaardsoftware.",
            "redirectUris": ["https://portaal.example/callback"] });
        let portaal = self.maak(&huis.lfb, "/toepassingen", portaal).await;
        self.maak(&huis.lfb, &format!("{portaal}/geheimen"), json!({})).await;
        self.onthoud("/toepassingen/{id}", portaal);
        let (id, persoon_id) = (domain::nieuw_id(nu(), &huis.app.rng), contact.id);
        let sessie = Sessie {
            id,
            persoon_id,
            organisatie_id: organisatie,
            identiteitsprovider_id: None,
            issuer: "https://idp.example".to_owned(),
            upstream_sub: "s".to_owned(),
            upstream_sid: None,
            acr: None,
            amr: Vec::new(),
            upstream_acr: None,
            upstream_amr: Vec::new(),
            auth_time: nu(),
            gestart_op: nu(),
            laatst_gebruikt_op: nu(),
            verloopt_op: nu() + LANGST,
            beeindigd_op: None,
            einde_reden: None,
        };
        let aanmelding = Aanmelding {
            id,
            op: nu(),
            uitkomst: Uitkomst::Geslaagd,
            organisatie_id: Some(organisatie),
            identiteitsprovider_id: None,
            toepassing_id: None,
            persoon_id: Some(persoon_id),
            sessie_id: Some(id),
            diagnose: None,
            acr: None,
            upstream_acr: None,
            upstream_amr: Vec::new(),
            trace_id: "spoor".to_owned(),
        };
        huis.zaai(move |tx| {
            #[expect(clippy::disallowed_methods, reason = "een sessie om aan te wijzen; niemand komt ermee binnen")]
            store::sessies::insert(tx, &sessie, "hash", &Afmeldgegevens::default())?;
            store::aanmeldingen::insert(tx, &aanmelding)
        })
        .await;
        self.onthoud("/sessies/{id}", format!("/sessies/{id}"));
        self.onthoud("/aanmeldingen/{id}", format!("/aanmeldingen/{id}"));
    }
}

const CSV: &str = "naam,e-mail\nNoor Voorbeeld,noor@voorbeeld.example\n";

/// Zaait alles, met de bellers om het traject heen.
pub(super) async fn gezaaid(huis: &Huis, omgeving: &Omgeving, bellers: &[Aanroeper]) -> Zaken {
    let contact = huis.persoon_met(&huis.projectleider, "contact", &[Rol::Waarnemer]).await;
    let organisatie = huis.projectleider.organisatie;
    let paden = BTreeMap::from([
        ("/personen/{id}".to_owned(), format!("/personen/{}", contact.id)),
        ("/personen/{id}/rollen/{rol}".to_owned(), format!("/personen/{}/rollen/waarnemer", contact.id)),
    ]);
    let ids = BTreeMap::from([("organisatieId", organisatie.to_string()), ("persoonId", contact.id.to_string())]);
    let zaken = Zaken { paden, ids, invullingen: BTreeMap::new(), organisatie };
    let tekenbevoegde = huis.persoon_met(&huis.projectleider, "tekent", &[Rol::Tekenbevoegde]).await;
    let idp_beheerder = huis.persoon_met(&huis.projectleider, "sluit-aan", &[Rol::IdpBeheerder]).await;
    let mut zaaier = Zaaier { huis, zaken, tekenbevoegde, idp_beheerder };
    let traject = zaaier.traject(omgeving, &contact).await;
    zaaier.afname(&traject, &contact, bellers).await;
    zaaier.plan(omgeving).await;
    zaaier.registratie().await;
    zaaier.organisatie().await;
    zaaier.toegang(&contact).await;
    zaaier.zaken
}
