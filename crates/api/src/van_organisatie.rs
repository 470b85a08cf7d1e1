//! Zaken van een organisatie waar ook haar implementatiepartner bij kan.

use store::Conn;

use crate::beleid::VanOrganisatie;
use crate::prelude::*;

/// De organisatie als zaak, met het traject dat zij nu loopt; 404 als zij er niet is.
pub(crate) fn laad(conn: &mut Conn, organisatie: Id) -> Result<VanOrganisatie, Problem> {
    if store::organisaties::get(conn, organisatie)?.is_none() {
        return Err(problem::niet_gevonden());
    }
    let traject = match store::trajecten::open_van(conn, organisatie)? {
        Some(traject) => store::trajecten::get(conn, traject)?,
        None => None,
    };
    Ok(VanOrganisatie::new(organisatie, traject))
}

/// Of deze gebruiker de aanroeper zelf is: hetzelfde zakelijke adres is dezelfde mens.
pub(crate) fn is_zelf(gate: &Gate, email: &str) -> bool {
    gate.caller().persoon().is_some_and(|persoon| persoon.email.eq_ignore_ascii_case(email))
}

/// De gebruikers van een organisatie die de aanroeper zelf is.
pub(crate) fn eigen_gebruikers(conn: &mut Conn, gate: &Gate, organisatie: Id) -> Result<Vec<Id>, Problem> {
    let Some(persoon) = gate.caller().persoon() else { return Ok(Vec::new()) };
    Ok(store::gebruikers::by_email(conn, organisatie, &persoon.email)?.map(|g| g.id).into_iter().collect())
}
