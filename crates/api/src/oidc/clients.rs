//! De clients die deze node kort geleden las.
//!
//! Een aanmelding heeft haar portaal op drie plaatsen nodig, en een machine bij ieder token: telkens dezelfde rij. Een
//! wijziging op deze node werkt meteen ([`Clients::vergeet`]), een wijziging op een andere node binnen enkele seconden, net
//! als bij toegangstokens.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::Id;
use domain::toepassingen::Toepassing;
use store::StoreError;

use crate::app::App;
use crate::toegang::Cache;

/// Hoe lang een andere node een blokkering mag missen.
const SECONDEN: i64 = 5;
const CAPACITEIT: usize = 2_000;

/// Toepassingen die kort geleden gelezen zijn.
#[derive(Debug)]
pub(crate) struct Clients(Cache<Id, Arc<Toepassing>>);

impl Clients {
    pub(crate) fn nieuw() -> Self {
        Self(Cache::new(CAPACITEIT))
    }

    /// De toepassing met dit id. Wie onbekend is, wordt iedere keer gezocht: na een registratie werkt zij meteen.
    pub(crate) async fn van(&self, app: &App, id: Id) -> Result<Option<Arc<Toepassing>>, StoreError> {
        let nu = app.clock.now();
        if let Some(bekend) = self.0.get(&id, nu) {
            return Ok(Some(bekend));
        }
        let gevonden = app.store.read_point(move |conn| store::toepassingen::get(conn, id)).await?.map(Arc::new);
        if let Some(gevonden) = &gevonden {
            self.0.insert(id, Arc::clone(gevonden), nu + TimeDelta::seconds(SECONDEN), nu);
        }
        Ok(gevonden)
    }

    /// Vergeet wat gelezen is, zodat een wijziging op deze node meteen werkt.
    pub(crate) fn vergeet(&self) {
        self.0.clear();
    }
}
