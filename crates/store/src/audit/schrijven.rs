//! Auditregels schrijven: alle regels van een transactie in zo weinig mogelijk opdrachten.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Nullable, Text, Timestamp};

use super::Regel;
use crate::StoreError;
use crate::connection::{Conn, rechtstreeks};
use crate::schema::auditregel;

/// Zoveel regels gaan er hoogstens in één opdracht.
const PORTIE: usize = 1_000;

/// Schrijft de regels met hun MAC, op volgorde.
pub(crate) fn schrijf(conn: &mut Conn, mut regels: Vec<Regel>, sleutel: &[u8; 32]) -> Result<(), StoreError> {
    for regel in &mut regels {
        regel.mac = regel.bereken_mac(sleutel)?;
    }
    match conn {
        Conn::Pg(c) if regels.len() > 1 => {
            for portie in regels.chunks(PORTIE) {
                Kolommen::van(portie).execute(c)?;
            }
        }
        anders => {
            for regel in &regels {
                rechtstreeks!(anders, |c| diesel::insert_into(auditregel::table).values(regel).execute(c))?;
            }
        }
    }
    Ok(())
}

/// De regels van een portie, per kolom. Zo blijft de opdracht voor ieder aantal dezelfde, en hoeft PostgreSQL haar maar één
/// keer per verbinding te ontleden.
struct Kolommen<'a> {
    id: Vec<&'a str>,
    op: Vec<chrono::NaiveDateTime>,
    verplicht: [Vec<&'a str>; 4],
    facultatief: [Vec<Option<&'a str>>; 8],
}

const KOP: &str = "INSERT INTO auditregel (id, op, handeling, onderwerp_soort, onderwerp_id, mac, traject_id, organisatie_id, door_persoon_id, \
                   door_toepassing_id, door_organisatie_id, traceparent, voor, na) SELECT * FROM unnest(";

impl<'a> Kolommen<'a> {
    fn van(regels: &'a [Regel]) -> Self {
        let tekst = |veld: fn(&Regel) -> &str| regels.iter().map(veld).collect();
        let misschien = |veld: fn(&Regel) -> &Option<String>| regels.iter().map(|regel| veld(regel).as_deref()).collect();
        Self {
            id: tekst(|r| &r.id),
            op: regels.iter().map(|r| r.op).collect(),
            verplicht: [tekst(|r| &r.handeling), tekst(|r| &r.onderwerp_soort), tekst(|r| &r.onderwerp_id), tekst(|r| &r.mac)],
            facultatief: [
                misschien(|r| &r.traject_id),
                misschien(|r| &r.organisatie_id),
                misschien(|r| &r.door_persoon_id),
                misschien(|r| &r.door_toepassing_id),
                misschien(|r| &r.door_organisatie_id),
                misschien(|r| &r.traceparent),
                misschien(|r| &r.voor),
                misschien(|r| &r.na),
            ],
        }
    }
}

/// De opdracht is altijd dezelfde, welke regels er ook in staan.
struct Opdracht;

impl QueryId for Kolommen<'_> {
    type QueryId = Opdracht;

    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for Kolommen<'_> {
    fn walk_ast<'b>(&'b self, mut uit: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        uit.push_sql(KOP);
        uit.push_bind_param::<Array<Text>, _>(&self.id)?;
        uit.push_sql(", ");
        uit.push_bind_param::<Array<Timestamp>, _>(&self.op)?;
        for kolom in &self.verplicht {
            uit.push_sql(", ");
            uit.push_bind_param::<Array<Text>, _>(kolom)?;
        }
        for kolom in &self.facultatief {
            uit.push_sql(", ");
            uit.push_bind_param::<Array<Nullable<Text>>, _>(kolom)?;
        }
        uit.push_sql(")");
        Ok(())
    }
}

impl RunQueryDsl<PgConnection> for Kolommen<'_> {}
