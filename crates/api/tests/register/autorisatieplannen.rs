//! Een autorisatieplan van concept tot uitgevoerd: wie wat mag, en wat de ander dan hoort.

use domain::personen::Rol;
use serde_json::{Value, json};

use crate::huis::{Beller, Gezien, Huis};

/// Een huis met een ingericht team, een discipline en een functie als wens, en drie gebruikers.
struct Zaak {
    huis: Huis,
    tweede: Beller,
    gebruikers: Vec<String>,
    plan: String,
}

fn profiel(code: &str, recht: &str) -> Value {
    json!({
        "code": code, "naam": code, "team": "crisisteam", "discipline": "zorg", "functie": "informatiemanager",
        "rechten": [{ "pagina": "Situatiebeeld", "recht": recht }],
    })
}

impl Zaak {
    async fn nieuw() -> Self {
        let huis = Huis::nieuw().await;
        huis.traject().await;
        let tweede = huis.persoon_met(&huis.projectleider, "Olga", &[Rol::Organisatiebeheerder]).await;
        let ob = &huis.organisatiebeheerder;
        let basis = format!("/organisaties/{}", ob.organisatie);
        let team = huis.post(ob, &format!("{basis}/teams"), json!({ "code": "crisisteam", "naam": "Crisisteam", "coordinatieniveau": "tactisch" })).await;
        let ingericht = huis.met(&huis.lfb, "POST", &format!("{basis}/teams/{}/inrichtingen", team.id()), &team.etag(), None).await;
        assert_eq!((ingericht.status, &ingericht.body["status"]), (201, &json!("ingericht")), "{}", ingericht.body);
        for (pad, code) in [("disciplines", "zorg"), ("functies", "informatiemanager")] {
            assert_eq!(huis.post(ob, &format!("{basis}/{pad}"), json!({ "code": code, "naam": code })).await.status, 201);
        }
        let mut gebruikers = Vec::new();
        for naam in ["otto", "anna", "bob"] {
            gebruikers.push(huis.post(ob, &format!("{basis}/gebruikers"), json!({ "naam": naam, "email": format!("{naam}@voorbeeld.example") })).await.id());
        }
        let plan = huis.post(ob, "/autorisatieplannen", json!({ "organisatieId": ob.organisatie })).await;
        let plan = format!("/autorisatieplannen/{}", plan.id());
        Self { huis, tweede, gebruikers, plan }
    }

    /// Anna en Bob krijgen een profiel om te schrijven.
    fn inhoud(&self) -> Value {
        let t = |g: &String| json!({ "profiel": "im", "gebruikerId": g });
        json!({ "profielen": [profiel("im", "schrijven")], "toewijzingen": [t(&self.gebruikers[1]), t(&self.gebruikers[2])] })
    }

    async fn zet(&self, wie: &Beller, inhoud: Value) -> Gezien {
        let etag = self.huis.get(wie, &self.plan).await.etag();
        self.huis.met(wie, "PUT", &format!("{}/inhoud", self.plan), &etag, Some(inhoud)).await
    }

    async fn doe(&self, wie: &Beller, wat: &str) -> Gezien {
        let etag = self.huis.get(wie, &self.plan).await.etag();
        self.huis.met(wie, "POST", &format!("{}/{wat}", self.plan), &etag, Some(json!({ "toelichting": "Zo besproken." }))).await
    }

    async fn codes(&self) -> Vec<String> {
        let alle = self.huis.get(&self.huis.lfb, &format!("{}/bevindingen", self.plan)).await;
        alle.body["bevindingen"].as_array().expect("bevindingen").iter().map(|b| format!("{} {}", b["code"], b["location"]).replace('"', "")).collect()
    }

    async fn regels(&self) -> Vec<Value> {
        self.huis.get(&self.huis.lfb, &format!("{}/uitvoeringsregels?limit=200", self.plan)).await.items().to_vec()
    }

    async fn voer_uit(&self, wie: &Beller, regel: &Value) -> Gezien {
        let body = json!({ "regels": [{ "regelId": regel["id"], "resultaat": "gedaan" }] });
        self.huis.post(wie, &format!("{}/uitvoeringen", self.plan), body).await
    }
}

#[actix_web::test]
async fn een_plan_gaat_van_concept_tot_uitgevoerd() {
    let zaak = Zaak::nieuw().await;
    let huis = &zaak.huis;
    let ob = &huis.organisatiebeheerder;
    zaak.doe(ob, "indieningen").await.is(409, "bevindingen-blokkeren");
    assert_eq!(zaak.zet(&huis.implementatieadviseur, zaak.inhoud()).await.status, 200, "de implementatieadviseur stelt mee op");
    assert_eq!(
        zaak.codes().await,
        ["gebruiker-zonder-profiel /toewijzingen", "nog-niet-ingericht /profielen/0/discipline", "nog-niet-ingericht /profielen/0/functie"]
    );
    zaak.doe(&huis.implementatieadviseur, "indieningen").await.is(403, "niet-bevoegd");
    assert_eq!(zaak.doe(ob, "indieningen").await.body["status"], "ingediend");
    zaak.zet(ob, zaak.inhoud()).await.is(409, "plan-niet-te-wijzigen");
    zaak.doe(ob, "akkoorden").await.is(403, "niet-bevoegd");
    assert_eq!(zaak.doe(&huis.lfb, "terugwijzingen").await.body["status"], "teruggegeven");
    assert_eq!(zaak.doe(ob, "indieningen").await.status, 201);
    zaak.doe(&huis.projectleider, "vaststellingen").await.is(409, "plan-in-andere-stand");
    assert_eq!(zaak.doe(&huis.lfb, "akkoorden").await.status, 201);
    zaak.doe(ob, "vaststellingen").await.is(403, "niet-bevoegd");
    let vast = zaak.doe(&huis.projectleider, "vaststellingen").await;
    assert_eq!((vast.status, &vast.body["status"]), (201, &json!("vastgesteld")), "{}", vast.body);
    let regels = zaak.regels().await;
    assert_eq!(
        regels.iter().map(|r| r["soort"].as_str().expect("soort")).collect::<Vec<_>>(),
        ["discipline", "functie", "profiel", "toewijzing", "toewijzing"]
    );
    zaak.voer_uit(ob, &regels[2]).await.is(409, "inrichting-eerst");
    zaak.voer_uit(ob, &regels[0]).await.is(409, "niet-uw-regel");
    for (plek, wie) in [(0, &huis.lfb), (1, &huis.lfb), (2, ob), (3, ob)] {
        assert_eq!(zaak.voer_uit(wie, &regels[plek]).await.body["status"], "uitvoering");
    }
    assert_eq!(zaak.voer_uit(ob, &regels[4]).await.body["status"], "uitgevoerd");
    let functies = huis.get(ob, &format!("/organisaties/{}/functies", ob.organisatie)).await;
    assert_eq!(functies.items()[0]["status"], "ingericht", "de gedane regel richt de wens in");
    zaak.voer_uit(ob, &regels[4]).await.is(409, "plan-in-andere-stand");
    assert!(zaak.regels().await.iter().all(|r| r["stand"] == "gedaan" && r["doorPersoonId"].is_string() && r["uitgevoerdOp"].is_string()));
}

#[actix_web::test]
async fn wie_op_een_oudere_versie_werkt_hoort_wat_er_intussen_veranderde() {
    let zaak = Zaak::nieuw().await;
    let (huis, ob) = (&zaak.huis, &zaak.huis.organisatiebeheerder);
    assert_eq!(zaak.zet(ob, zaak.inhoud()).await.status, 200);
    let gelezen = huis.get(ob, &zaak.plan).await.etag();
    let erbij = json!({ "profielen": [profiel("aa", "lezen")], "verwijderdeToewijzingen": [{ "profiel": "im", "gebruikerId": zaak.gebruikers[2] }] });
    assert_eq!(huis.met(&zaak.tweede, "POST", &format!("{}/bewerkingen", zaak.plan), &gelezen, Some(erbij)).await.status, 201);
    let te_laat = huis.met(ob, "PUT", &format!("{}/inhoud", zaak.plan), &gelezen, Some(zaak.inhoud())).await;
    te_laat.is(412, "versie-verouderd");
    let gewijzigd = json!([
        { "location": "/profielen/0", "soort": "toegevoegd", "profiel": "aa" },
        { "location": "/toewijzingen", "soort": "verwijderd", "profiel": "im" },
    ]);
    assert_eq!(te_laat.body["gewijzigd"], gewijzigd);
    assert_eq!(te_laat.etag(), huis.get(ob, &zaak.plan).await.etag());
}

#[actix_web::test]
async fn niemand_kent_zichzelf_een_profiel_toe() {
    let zaak = Zaak::nieuw().await;
    let (ob, otto) = (&zaak.huis.organisatiebeheerder, &zaak.gebruikers[0]);
    let mut inhoud = zaak.inhoud();
    inhoud["toewijzingen"].as_array_mut().expect("lijst").push(json!({ "profiel": "im", "gebruikerId": otto }));
    zaak.zet(ob, inhoud.clone()).await.is(409, "zelf-toekennen");
    assert_eq!(zaak.zet(&zaak.tweede, inhoud.clone()).await.status, 200, "een ander mag");
    inhoud["profielen"][0]["rechten"][0]["recht"] = json!("beheren");
    zaak.zet(ob, inhoud).await.is(409, "zelf-toekennen");
}

#[actix_web::test]
async fn beheerrecht_en_een_geblokkeerde_gebruiker_houden_het_plan_tegen() {
    let zaak = Zaak::nieuw().await;
    let (huis, ob) = (&zaak.huis, &zaak.huis.organisatiebeheerder);
    let mut inhoud = zaak.inhoud();
    inhoud["profielen"][0]["rechten"][0]["recht"] = json!("beheren");
    assert_eq!(zaak.zet(ob, inhoud).await.status, 200);
    let bob = format!("/organisaties/{}/gebruikers/{}", ob.organisatie, zaak.gebruikers[2]);
    let etag = huis.get(ob, &bob).await.etag();
    assert_eq!(huis.met(ob, "POST", &format!("{bob}/blokkeringen"), &etag, Some(json!({ "reden": "r" }))).await.status, 201);
    let codes = zaak.codes().await;
    for code in ["beheerrecht-niet-geregistreerd", "gebruiker-geblokkeerd"] {
        assert!(codes.iter().any(|c| c.starts_with(code)), "{code}: {codes:?}");
    }
    let weigering = zaak.doe(ob, "indieningen").await;
    weigering.is(409, "bevindingen-blokkeren");
    assert!(weigering.body["ontbreekt"].as_array().expect("ontbreekt").len() >= 2);
}

#[actix_web::test]
async fn een_plan_van_een_ander_bestaat_niet_en_er_is_er_een_tegelijk() {
    let zaak = Zaak::nieuw().await;
    let huis = &zaak.huis;
    for pad in ["", "/inhoud", "/bevindingen", "/verschillen", "/uitvoeringsregels"] {
        huis.get(&huis.buitenstaander, &format!("{}{pad}", zaak.plan)).await.is(404, "niet-gevonden");
        assert_eq!(huis.get(&huis.adviseur, &format!("{}{pad}", zaak.plan)).await.status, 200);
    }
    let tweede = json!({ "organisatieId": huis.projectleider.organisatie });
    huis.post(&huis.organisatiebeheerder, "/autorisatieplannen", tweede.clone()).await.is(409, "plan-loopt-al");
    huis.post(&huis.buitenstaander, "/autorisatieplannen", tweede.clone()).await.is(404, "niet-gevonden");
    huis.post(&huis.projectleider, "/autorisatieplannen", tweede.clone()).await.is(403, "niet-bevoegd");
    let script = huis.toepassing(&huis.implementatieadviseur).await;
    huis.post(&script, "/autorisatieplannen", tweede.clone()).await.is(404, "niet-gevonden");
    assert_eq!(zaak.doe(&huis.organisatiebeheerder, "intrekkingen").await.body["status"], "ingetrokken");
    assert_eq!(huis.post(&huis.organisatiebeheerder, "/autorisatieplannen", tweede).await.body["volgnummer"], 2);
}

#[actix_web::test]
async fn een_samenwerkingsprofiel_beslist_de_eigenaar() {
    let zaak = Zaak::nieuw().await;
    let huis = &zaak.huis;
    let lener = huis.persoon_met(&huis.buitenstaander, "Lena", &[Rol::Organisatiebeheerder]).await;
    let g = huis.post(&lener, &format!("/organisaties/{}/gebruikers", lener.organisatie), json!({ "naam": "L", "email": "l@elders.example" })).await.id();
    let tot = (crate::huis::nu().date_naive() + chrono::Days::new(30)).to_string();
    let vraag = json!({ "eigenaarId": huis.projectleider.organisatie, "gebruikerId": g, "profiel": "im", "motivatie": "Hoogwater.", "totDatum": tot });
    huis.post(&lener, "/samenwerkingsprofielen", vraag.clone()).await.wijst_aan("/profiel", "profiel-onbekend");
    assert_eq!(zaak.zet(&huis.organisatiebeheerder, zaak.inhoud()).await.status, 200);
    for (wie, wat) in [(&huis.organisatiebeheerder, "indieningen"), (&huis.lfb, "akkoorden"), (&huis.projectleider, "vaststellingen")] {
        assert_eq!(zaak.doe(wie, wat).await.status, 201);
    }
    let aanvraag = huis.post(&lener, "/samenwerkingsprofielen", vraag).await;
    let pad = format!("/samenwerkingsprofielen/{}", aanvraag.id());
    huis.met(&lener, "POST", &format!("{pad}/toekenningen"), &aanvraag.etag(), Some(json!({}))).await.is(403, "eigenaar-beslist");
    huis.get(&huis.implementatieadviseur, &pad).await.is(404, "niet-gevonden");
    let toegekend = huis.met(&huis.organisatiebeheerder, "POST", &format!("{pad}/toekenningen"), &aanvraag.etag(), Some(json!({}))).await;
    assert_eq!(toegekend.body["status"], "toegekend", "{}", toegekend.body);
    assert_eq!((&toegekend.body["aangevraagdDoor"], &toegekend.body["beslotenDoor"]), (&json!(lener.id), &json!(huis.organisatiebeheerder.id)));
    let einde = huis.met(&lener, "POST", &format!("{pad}/beeindigingen"), &toegekend.etag(), Some(json!({ "toelichting": "Klaar." }))).await;
    assert_eq!(einde.body["status"], "beeindigd");
}

#[actix_web::test]
async fn inrichten_doet_alleen_lfb_en_voorbeeldsjablonen_zijn_voor_iedereen() {
    let zaak = Zaak::nieuw().await;
    let huis = &zaak.huis;
    let basis = format!("/organisaties/{}", huis.projectleider.organisatie);
    let wens = huis.post(&huis.projectleider, &format!("{basis}/functies"), json!({ "code": "nieuw", "naam": "Nieuw" })).await;
    let pad = format!("{basis}/functies/{}", wens.id());
    for niet in [&huis.organisatiebeheerder, &huis.implementatieadviseur] {
        huis.met(niet, "POST", &format!("{pad}/inrichtingen"), &wens.etag(), None).await.is(403, "niet-bevoegd");
    }
    huis.post(&huis.implementatieadviseur, &format!("{basis}/functies"), json!({ "code": "ip", "naam": "IP" })).await.is(403, "niet-bevoegd");
    huis.get(&huis.lfb, &pad.replace("functies", "teams")).await.is(404, "niet-gevonden");
    let inhoud = json!({ "paginas": [{ "naam": "Situatiebeeld", "velden": [{ "naam": "Beeld", "themas": [{ "naam": "Zorg", "bullets": [{ "tekst": "Bedden" }] }] }, { "naam": "Acties" }] }] });
    let nipv = format!("/organisaties/{}/sjablonen", huis.lfb.organisatie);
    let voorbeeld = huis.post(&huis.lfb, &nipv, json!({ "naam": "Voorbeeld", "inhoud": inhoud })).await;
    assert_eq!(voorbeeld.body["voorbeeld"], true);
    assert_eq!(huis.get(&huis.buitenstaander, &nipv).await.items().len(), 1);
    let kopie = huis.post(&huis.implementatieadviseur, &format!("{basis}/sjablonen"), json!({ "naam": "Ons", "kopieVan": voorbeeld.id() })).await;
    assert_eq!((kopie.status, &kopie.body["inhoud"], &kopie.body["voorbeeld"]), (201, &voorbeeld.body["inhoud"], &json!(false)));
    let hier = format!("{basis}/sjablonen/{}", kopie.id());
    let verplaatst =
        huis.met(&huis.projectleider, "POST", &format!("{hier}/verplaatsingen"), &kopie.etag(), Some(json!({ "van": [0, 1], "naar": [0, 0] }))).await;
    assert_eq!(verplaatst.body["inhoud"]["paginas"][0]["velden"][0]["naam"], "Acties");
    huis.get(&huis.buitenstaander, &hier).await.is(404, "niet-gevonden");
    let vreemd = json!({ "naam": "Gepikt", "kopieVan": kopie.id() });
    let elders = format!("/organisaties/{}/sjablonen", huis.buitenstaander.organisatie);
    huis.post(&huis.buitenstaander, &elders, vreemd).await.wijst_aan("/kopieVan", "sjabloon-niet-over-te-nemen");
    huis.met(&huis.buitenstaander, "DELETE", &format!("{nipv}/{}", voorbeeld.id()), &voorbeeld.etag(), None).await.is(403, "niet-bevoegd");
}

#[actix_web::test]
async fn een_plan_gaat_zonder_verlies_als_csv_en_werkmap_heen_en_weer() {
    let zaak = Zaak::nieuw().await;
    let (huis, ob) = (&zaak.huis, &zaak.huis.organisatiebeheerder);
    let mut inhoud = zaak.inhoud();
    inhoud["profielen"][0]["naam"] = json!("=SOM(A1) 'met; tekens\"");
    inhoud["toewijzingen"][0]["vervanger"] = json!(true);
    inhoud["toewijzingen"][0]["totDatum"] = json!("2030-01-01");
    assert_eq!(zaak.zet(ob, inhoud).await.status, 200);
    let pad = format!("{}/inhoud", zaak.plan);
    let eerst = huis.get(ob, &pad).await.body;
    for soort in ["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"] {
        for (wie, met_adres) in [(ob, true), (&huis.implementatieadviseur, false)] {
            let (antwoord, bytes) = huis.bestand(wie, &pad, soort).await;
            assert_eq!(antwoord.status, 200, "{}", antwoord.body);
            if soort == "text/csv" {
                assert_eq!(String::from_utf8(bytes.clone()).expect("utf-8").contains("anna@voorbeeld.example"), met_adres);
            }
            let etag = huis.get(ob, &zaak.plan).await.etag();
            assert_eq!(huis.met(ob, "PUT", &pad, &etag, Some(json!({ "profielen": [], "toewijzingen": [] }))).await.status, 200);
            let etag = huis.get(ob, &zaak.plan).await.etag();
            // De tweede beheerder zet terug: Otto mag geen profielen zetten waar hij zelf in staat, maar dat doet hij hier niet.
            let terug = huis.stuur_op(&zaak.tweede, &format!("{}/inhoudsimports", zaak.plan), (soort, &etag), bytes).await;
            assert_eq!(terug.status, 201, "{}", terug.body);
            assert_eq!(huis.get(ob, &pad).await.body, eerst, "{soort}");
        }
    }
    let etag = huis.get(ob, &zaak.plan).await.etag();
    let import = format!("{}/inhoudsimports", zaak.plan);
    let fout = huis.stuur_op(ob, &import, ("text/csv", &etag), "soort;profiel;e-mail\nprofiel;a;\ntoewijzing;a;wie@weet.example\n").await;
    fout.wijst_aan("/3/gebruiker", "gebruiker-onbekend");
    huis.stuur_op(ob, &import, ("text/csv", "\"1\""), "soort;profiel\n").await.is(412, "versie-verouderd");
    huis.stuur_op(ob, &import, ("text/csv", &etag), "soort;iets\n").await.wijst_aan("/1/iets", "kolom-onbekend");
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[actix_web::test]
async fn een_proef_van_een_import_zegt_per_rij_en_kolom_hoe_het_zou_gaan_en_verandert_niets() {
    let zaak = Zaak::nieuw().await;
    let (huis, ob) = (&zaak.huis, &zaak.huis.organisatiebeheerder);
    assert_eq!(zaak.zet(ob, zaak.inhoud()).await.status, 200);
    let voor = (huis.get(ob, &zaak.plan).await.body, huis.get(ob, &format!("{}/inhoud", zaak.plan)).await.body);
    let etag = huis.get(ob, &zaak.plan).await.etag();
    let pad = format!("{}/inhoudsimports?proef=true", zaak.plan);
    // Na de kop een lege regel: de rijnummers zijn die van het rekenblad.
    let slecht = "soort;profiel;naam;team;discipline;functie;e-mail\n\nprofiel;Fout!;F;crisisteam;zorg;f;\nprofiel;b;B;crisisteam;zorg;f;\ntoewijzing;b;;;;;wie@weet.example\n";
    let verslag = huis.stuur_op(ob, &pad, ("text/csv", &etag), slecht).await;
    assert_eq!((verslag.status, &verslag.body["gelezen"], &verslag.body["aantalFouten"]), (200, &json!(3), &json!(2)), "{}", verslag.body);
    let fouten: Vec<_> = verslag.body["fouten"].as_array().expect("fouten").iter().map(|f| (f["rij"].clone(), f["kolom"].clone(), f["code"].clone())).collect();
    assert_eq!(fouten, [(json!(3), json!("profiel"), json!("code-ongeldig")), (json!(5), json!("gebruiker"), json!("gebruiker-onbekend"))]);
    assert!(verslag.body.get("verschillen").is_none());
    // Dezelfde fouten weigeren de import zelf.
    huis.stuur_op(ob, &pad.replace("true", "false"), ("text/csv", &etag), slecht).await.wijst_aan("/3/profiel", "code-ongeldig");
    // Zonder fouten: wat er verandert, en welke bevindingen er dan zijn. Als tabel en als JSON.
    let goed = "soort;profiel;naam;team;discipline;functie\nprofiel;nieuw;Nieuw;geen-team;zorg;informatiemanager\n";
    let json_inhoud = json!({ "profielen": [{ "code": "nieuw", "naam": "Nieuw", "team": "geen-team", "discipline": "zorg", "functie": "informatiemanager" }], "toewijzingen": [] });
    let als_json = huis.met(ob, "POST", &pad, &etag, Some(json_inhoud)).await;
    for proef in [huis.stuur_op(ob, &pad, ("text/csv", &etag), goed).await, als_json] {
        assert_eq!((proef.status, &proef.body["aantalFouten"]), (200, &json!(0)), "{}", proef.body);
        assert_eq!(proef.body["verschillen"]["profielen"].as_array().expect("verschillen").len(), 2, "{}", proef.body);
        assert_eq!(proef.body["bevindingen"]["aantalFouten"], 1, "het onbekende team: {}", proef.body);
    }
    assert_eq!((huis.get(ob, &zaak.plan).await.body, huis.get(ob, &format!("{}/inhoud", zaak.plan)).await.body), voor, "er is niets gewijzigd");
    // Wat de import zou weigeren, weigert de proef ook.
    huis.stuur_op(ob, &pad, ("text/csv", "\"1\""), goed).await.is(412, "versie-verouderd");
    huis.stuur_op(&huis.projectleider, &pad, ("text/csv", &etag), goed).await.is(403, "niet-bevoegd");
    huis.stuur_op(&huis.buitenstaander, &pad, ("text/csv", &etag), goed).await.is(404, "niet-gevonden");
    // En dezelfde JSON zonder proef vervangt het plan.
    let echt =
        huis.met(ob, "POST", &format!("{}/inhoudsimports", zaak.plan), &etag, Some(json!({ "profielen": [profiel("im", "lezen")], "toewijzingen": [] }))).await;
    assert_eq!((echt.status, &echt.body["aantalToewijzingen"]), (201, &json!(0)), "{}", echt.body);
    let (_, werkmap) = huis.bestand(ob, &format!("{}/inhoud", zaak.plan), XLSX).await;
    let etag = huis.get(ob, &zaak.plan).await.etag();
    let zelfde = huis.stuur_op(ob, &pad, (XLSX, &etag), werkmap).await;
    assert_eq!((&zelfde.body["verschillen"]["profielen"], &zelfde.body["aantalFouten"]), (&json!([]), &json!(0)), "{}", zelfde.body);
}

#[actix_web::test]
async fn ieder_besluit_en_iedere_uitvoering_is_terug_te_lezen() {
    let zaak = Zaak::nieuw().await;
    let (huis, ob) = (&zaak.huis, &zaak.huis.organisatiebeheerder);
    assert_eq!(zaak.zet(ob, zaak.inhoud()).await.status, 200);
    for (wie, wat) in
        [(ob, "indieningen"), (&huis.lfb, "terugwijzingen"), (ob, "indieningen"), (&huis.lfb, "akkoorden"), (&huis.projectleider, "vaststellingen")]
    {
        let besluit = zaak.doe(wie, wat).await;
        let adres = besluit.kop("location").trim_start_matches("/v1").to_owned();
        let een = huis.get(ob, &adres).await;
        assert_eq!(
            (een.status, &een.body["toelichting"], &een.body["door"]["persoonId"]),
            (200, &json!("Zo besproken."), &json!(wie.id)),
            "{adres}: {}",
            een.body
        );
        huis.get(&huis.buitenstaander, &adres).await.is(404, "niet-gevonden");
        let lijst = huis.get(ob, &format!("{}/{wat}", zaak.plan)).await;
        assert_eq!(lijst.items().last().expect("een besluit"), &een.body);
        let verkeerd = if wat == "akkoorden" { "indieningen" } else { "akkoorden" };
        huis.get(ob, &adres.replace(wat, verkeerd)).await.is(404, "niet-gevonden");
    }
    assert_eq!(huis.get(ob, &format!("{}/indieningen", zaak.plan)).await.items().len(), 2);
    let regels = zaak.regels().await;
    let mislukt = json!({ "regels": [{ "regelId": regels[0]["id"], "resultaat": "mislukt", "reden": "De code bestaat al." }] });
    let poging = huis.post(&huis.lfb, &format!("{}/uitvoeringen", zaak.plan), mislukt.clone()).await;
    assert_eq!(zaak.voer_uit(&huis.lfb, &regels[0]).await.status, 201);
    let alle = huis.get(ob, &format!("{}/uitvoeringen", zaak.plan)).await;
    let eerste = huis.get(ob, poging.kop("location").trim_start_matches("/v1")).await;
    assert_eq!((eerste.status, &eerste.body["regels"]), (200, &mislukt["regels"]), "een mislukte poging blijft zichtbaar nadat het wel lukte");
    assert!(alle.items().len() == 2 && alle.items().contains(&eerste.body), "{}", alle.body);
}

#[actix_web::test]
async fn twee_mensen_die_tegelijk_dezelfde_regel_uitvoeren_geven_een_uitkomst() {
    let zaak = Zaak::nieuw().await;
    let (huis, ob) = (&zaak.huis, &zaak.huis.organisatiebeheerder);
    assert_eq!(zaak.zet(ob, zaak.inhoud()).await.status, 200);
    for (wie, wat) in [(ob, "indieningen"), (&huis.lfb, "akkoorden"), (&huis.projectleider, "vaststellingen")] {
        assert_eq!(zaak.doe(wie, wat).await.status, 201);
    }
    let regels = zaak.regels().await;
    let tweede_lfb = huis.persoon_met(&huis.lfb, "Luc", &[Rol::Lfb]).await;
    let (een, twee) = tokio::join!(zaak.voer_uit(&huis.lfb, &regels[0]), zaak.voer_uit(&tweede_lfb, &regels[0]));
    let mut standen = [een.status, twee.status];
    standen.sort_unstable();
    assert_eq!(standen, [201, 409], "{} {}", een.body, twee.body);
    let (wie, tweede) = if een.status == 201 { (&huis.lfb, twee) } else { (&tweede_lfb, een) };
    tweede.is(409, "regel-al-gedaan");
    assert_eq!(zaak.regels().await[0]["doorPersoonId"], json!(wie.id), "de regel is van wie hem deed");
    assert_eq!(huis.get(ob, &format!("{}/uitvoeringen", zaak.plan)).await.items().len(), 1);
    // Verschillende regels tegelijk hinderen elkaar niet.
    let rest = [&regels[1], &regels[2]].map(|regel| zaak.voer_uit(if regel["uitvoerder"] == "lfb" { &tweede_lfb } else { ob }, regel));
    let [functie, profiel] = rest;
    let (functie, profiel) = tokio::join!(functie, async {
        // Een profiel wacht op zijn inrichting; daarna gaat het vanzelf.
        actix_web::rt::time::sleep(std::time::Duration::from_millis(50)).await;
        profiel.await
    });
    assert_eq!((functie.status, profiel.status), (201, 201), "{} {}", functie.body, profiel.body);
}

#[actix_web::test]
async fn een_groot_plan_komt_in_delen_op_papier() {
    let zaak = Zaak::nieuw().await;
    let (huis, ob) = (&zaak.huis, &zaak.huis.organisatiebeheerder);
    let wie = |i: u128| uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + i).to_string();
    let toewijzingen: Vec<_> = (0..1_001).map(|i| json!({ "profiel": "im", "gebruikerId": wie(i) })).collect();
    assert_eq!(zaak.zet(ob, json!({ "profielen": [profiel("im", "schrijven")], "toewijzingen": toewijzingen })).await.status, 200);
    let pad = format!("{}/overzicht", zaak.plan);
    let (een, bytes) = huis.bestand(ob, &pad, "application/pdf").await;
    assert_eq!((een.status, een.kop("link")), (200, format!("</v1{pad}?deel=2>; rel=\"next\"").as_str()), "{}", een.body);
    assert!(bytes.starts_with(b"%PDF-") && een.kop("content-disposition").contains("deel-1-van-2"));
    let (twee, laatste) = huis.bestand(ob, &format!("{pad}?deel=2"), "application/pdf").await;
    assert_eq!((twee.status, twee.kop("link")), (200, ""));
    assert!(laatste.len() < bytes.len(), "in het laatste deel staat één mens");
    let (drie, _) = huis.bestand(ob, &format!("{pad}?deel=3"), "application/pdf").await;
    assert_eq!((drie.status, drie.body["errors"][0]["code"].as_str()), (400, Some("deel-onbekend")));
}

#[actix_web::test]
async fn het_overzicht_is_een_tekening_met_namen_voor_wie_de_lijst_mag_zien() {
    let zaak = Zaak::nieuw().await;
    let (huis, ob) = (&zaak.huis, &zaak.huis.organisatiebeheerder);
    assert_eq!(zaak.zet(ob, zaak.inhoud()).await.status, 200);
    let pad = format!("{}/overzicht", zaak.plan);
    for (wie, met_namen) in [(ob, true), (&huis.implementatieadviseur, false)] {
        let (antwoord, bytes) = huis.bestand(wie, &pad, "image/svg+xml").await;
        let tekening = String::from_utf8(bytes).expect("utf-8");
        assert_eq!((antwoord.status, antwoord.kop("content-type")), (200, "image/svg+xml; charset=utf-8"));
        assert!(tekening.starts_with("<svg ") && tekening.contains("Situatiebeeld") && tekening.contains("<title>im (im), Situatiebeeld: S</title>"));
        assert_eq!(tekening.contains(">anna<"), met_namen, "{tekening}");
    }
    let (antwoord, bytes) = huis.bestand(ob, &pad, "application/pdf").await;
    assert_eq!((antwoord.status, antwoord.kop("content-type")), (200, "application/pdf"), "{}", antwoord.body);
    assert!(bytes.starts_with(b"%PDF-") && bytes.windows(8).any(|w| w == b"StructTr"), "een PDF met structuur");
}
