//! De parameter `claims` (OIDC Core, 5.5).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Grootste parameter.
const MAX: usize = 4096;

/// Hoe een claim gevraagd is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClaimEis {
    /// Of het portaal zonder deze claim niet verder kan.
    pub essential: bool,
    /// Gewenste waarden; leeg is iedere waarde.
    pub values: Vec<Value>,
}

/// Wat er in welk antwoord gevraagd is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClaimsVerzoek {
    /// Voor het ID-token.
    pub id_token: BTreeMap<String, ClaimEis>,
    /// Voor userinfo.
    pub userinfo: BTreeMap<String, ClaimEis>,
}

fn eis(waarde: &Value) -> Option<ClaimEis> {
    let Value::Object(velden) = waarde else { return waarde.is_null().then(ClaimEis::default) };
    let essential = velden.get("essential").map_or(Some(false), Value::as_bool)?;
    let mut values = match velden.get("values") {
        None => Vec::new(),
        Some(values) => values.as_array()?.clone(),
    };
    values.extend(velden.get("value").cloned());
    Some(ClaimEis { essential, values })
}

fn lid(claims: &Map<String, Value>, naam: &str) -> Option<BTreeMap<String, ClaimEis>> {
    match claims.get(naam) {
        None | Some(Value::Null) => Some(BTreeMap::new()),
        Some(lid) => lid.as_object()?.iter().map(|(naam, waarde)| Some((naam.clone(), eis(waarde)?))).collect(),
    }
}

impl ClaimsVerzoek {
    /// Leest de parameter; onbekende claims en leden tellen niet mee, een verkeerde vorm wel.
    #[must_use]
    pub fn lees(tekst: &str) -> Option<Self> {
        let claims: Map<String, Value> = serde_json::from_str(tekst).ok().filter(|_| tekst.len() <= MAX)?;
        Some(Self { id_token: lid(&claims, "id_token")?, userinfo: lid(&claims, "userinfo")? })
    }

    /// De gevraagde tekstwaarden van een claim in het ID-token.
    pub(super) fn waarden(&self, naam: &str) -> Vec<String> {
        let waarden = self.id_token.get(naam).map(|eis| eis.values.as_slice()).unwrap_or_default();
        waarden.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}
