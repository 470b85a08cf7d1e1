//! Een verzoek bij een operatie, gemaakt uit het document: het kleinste lichaam dat het schema goedkeurt.

use actix_web::http::header;
use actix_web::test::TestRequest;
use serde_json::{Map, Value, json};

use super::bellers::{Aanroeper, Token};
use super::zaken::Zaken;

/// Deze versie heeft niets: wie mag wijzigen, hoort 412 en verandert dus niets.
const GEEN_VERSIE: &str = "\"999\"";

/// Eén operatie uit het document.
pub(super) struct Operatie {
    pub(super) methode: String,
    pub(super) pad: String,
    inhoud: Value,
}

/// Alle operaties van het document.
pub(super) fn operaties(document: &Value) -> Vec<Operatie> {
    let paden = document["paths"].as_object().expect("paths");
    let van_pad = |(pad, item): (&String, &Value)| {
        let operaties = item.as_object().expect("pad").clone();
        let pad = pad.clone();
        operaties.into_iter().map(move |(methode, inhoud)| Operatie { methode: methode.to_uppercase(), pad: pad.clone(), inhoud })
    };
    paden.iter().flat_map(van_pad).collect()
}

fn gevolgd<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(naar) => gevolgd(document, document.pointer(naar.trim_start_matches('#')).expect("verwijzing")),
        None => schema,
    }
}

impl Operatie {
    /// Zoals zij in de tabel staat.
    pub(super) fn naam(&self) -> String {
        format!("{} {}", self.methode, self.pad)
    }

    /// Of het document dit antwoord noemt.
    pub(super) fn beschrijft(&self, status: u16) -> bool {
        self.inhoud["responses"].get(status.to_string()).is_some()
    }

    pub(super) fn leest(&self) -> bool {
        self.methode == "GET"
    }

    /// Of het antwoord een lijst is: daarin ontbreekt wat iemand niet mag zien, en de lijst zelf weigert niet.
    pub(super) fn is_lijst(&self, document: &Value) -> bool {
        let schema = &self.inhoud["responses"]["200"]["content"]["application/json"]["schema"];
        gevolgd(document, schema)["properties"].get("items").is_some()
    }

    fn lichaam<'a>(&'a self, document: &'a Value) -> Option<(&'a str, &'a Value)> {
        let soorten = self.inhoud["requestBody"]["content"].as_object()?;
        let (soort, inhoud) = soorten.iter().find(|(soort, _)| soort.ends_with("json")).or_else(|| soorten.iter().find(|(soort, _)| *soort == "text/csv"))?;
        Some((soort, gevolgd(document, &inhoud["schema"])))
    }

    /// Of het verzoek zelf zegt over welke organisatie het gaat; anders gaat het over de eigen.
    pub(super) fn noemt_organisatie(&self, document: &Value) -> bool {
        let verplicht = self.lichaam(document).and_then(|(_, schema)| schema["required"].as_array());
        self.pad.contains('{') || verplicht.is_some_and(|velden| velden.contains(&json!("organisatieId")))
    }

    fn parameters<'a>(&'a self, document: &'a Value) -> impl Iterator<Item = &'a Value> {
        self.inhoud["parameters"].as_array().into_iter().flatten().map(|parameter| gevolgd(document, parameter))
    }

    fn verplichte_query(&self, document: &Value, zaken: &Zaken) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for parameter in self.parameters(document).filter(|parameter| parameter["in"] == "query" && parameter["required"] == true) {
            let naam = parameter["name"].as_str().expect("naam");
            let waarde = parameter.get("example").cloned().unwrap_or_else(|| voorbeeld(document, zaken, &parameter["schema"], naam));
            query.append_pair(naam, &waarde.as_str().map_or_else(|| waarde.to_string(), str::to_owned));
        }
        query.finish()
    }

    /// Het verzoek van deze aanroeper.
    pub(super) fn verzoek(&self, document: &Value, zaken: &Zaken, adres: &str, wie: &Aanroeper) -> TestRequest {
        let uri = format!("/v1{adres}?{}", self.verplichte_query(document, zaken));
        let mut verzoek = TestRequest::default().method(self.methode.parse().expect("methode")).uri(uri.trim_end_matches('?'));
        if wie.token != Token::Geen {
            verzoek = verzoek.insert_header((header::AUTHORIZATION, format!("Bearer {}", wie.beller.token)));
        }
        if self.parameters(document).any(|parameter| parameter["name"] == "If-Match") {
            verzoek = verzoek.insert_header((header::IF_MATCH, GEEN_VERSIE));
        }
        match self.lichaam(document) {
            Some((soort, schema)) if soort.ends_with("json") => {
                verzoek.set_payload(voorbeeld(document, zaken, schema, "").to_string()).insert_header((header::CONTENT_TYPE, soort.to_owned()))
            }
            Some((soort, _)) => {
                verzoek.set_payload("naam,e-mail\nNoor Voorbeeld,noor@voorbeeld.example\n").insert_header((header::CONTENT_TYPE, soort.to_owned()))
            }
            None => verzoek,
        }
    }
}

/// Een waarde die het schema goedkeurt; een id wijst naar een gezaaide zaak.
fn voorbeeld(document: &Value, zaken: &Zaken, schema: &Value, veld: &str) -> Value {
    let schema = gevolgd(document, schema);
    if let Some(gegeven) = schema.get("example").or_else(|| schema["enum"].get(0)) {
        return gegeven.clone();
    }
    let soort = match &schema["type"] {
        Value::Array(soorten) => soorten.iter().find(|soort| *soort != "null").and_then(Value::as_str),
        soort => soort.as_str(),
    };
    match (soort.unwrap_or_default(), schema["format"].as_str().unwrap_or_default()) {
        ("string", "uuid") => zaken.id(veld),
        ("string", "date") => json!("2027-02-01"),
        ("string", "date-time") => json!("2027-02-01T12:00:00Z"),
        ("string", _) => json!("voorbeeld"),
        ("integer" | "number", _) => schema.get("minimum").cloned().unwrap_or(json!(1)),
        ("boolean", _) => json!(false),
        ("array", _) => {
            let aantal = usize::try_from(schema["minItems"].as_u64().unwrap_or(0)).unwrap_or(0);
            (0..aantal).map(|_| voorbeeld(document, zaken, &schema["items"], veld)).collect()
        }
        _ => {
            let verplicht = schema["required"].as_array();
            let hoort_erbij = |naam: &str| naam == "trajectId" || verplicht.is_some_and(|velden| velden.iter().any(|verplicht| verplicht == naam));
            let velden = schema["properties"].as_object().into_iter().flatten().filter(|(naam, _)| hoort_erbij(naam));
            Value::Object(velden.map(|(naam, schema)| (naam.clone(), voorbeeld(document, zaken, schema, naam))).collect::<Map<_, _>>())
        }
    }
}
