//! De keten: vastgelegde regels verzegelen, en nagaan of er niets is gewijzigd of weggelaten.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use domain::Moment;

use super::{AuditFilter, hmac, vraag};
use crate::connection::Conn;
use crate::open::Store;
use crate::schema::{auditketen, auditregel};
use crate::unit::Actor;
use crate::wijziging::wijzig;
use crate::{Page, StoreError, Zicht};

const KETEN: &str = "audit";
const PORTIE: i64 = 500;

/// Uitkomst van de controle van het auditlogboek.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditOordeel {
    /// Hoeveel regels gecontroleerd zijn.
    pub regels: i64,
    /// Wat er mis is, in volgorde; leeg als alles klopt.
    pub bevindingen: Vec<String>,
}

/// De kop van de keten: het laatste volgnummer, en de keten tot daar. Lezen vraagt geen slot.
fn kop(conn: &mut Conn, sleutel: &[u8; 32]) -> Result<(i64, String), StoreError> {
    let rij: Option<(i64, String, String)> =
        auditketen::table.find(KETEN).select((auditketen::volgnummer, auditketen::keten, auditketen::mac)).first(conn).optional()?;
    match rij {
        Some((nummer, keten, mac)) if mac == hmac(sleutel, &[Some("kop"), Some(&nummer.to_string()), Some(&keten)])? => Ok((nummer, keten)),
        Some(_) => Err(StoreError::fault("de kop van de auditketen is gewijzigd buiten de dienst")),
        None => Ok((0, String::new())),
    }
}

fn portie(conn: &mut Conn, sleutel: &[u8; 32]) -> Result<i64, StoreError> {
    use auditregel::dsl as a;
    if conn.is_pg() {
        // Eén verzegelaar tegelijk: twee zouden dezelfde nummers uitdelen.
        conn.opdracht("SELECT pg_advisory_xact_lock(4202602)")?;
    }
    let (mut nummer, mut keten) = kop(conn, sleutel)?;
    let begin = nummer;
    let open: Vec<(String, String)> = a::auditregel.filter(a::volgnummer.is_null()).order(a::id.asc()).limit(PORTIE).select((a::id, a::mac)).load(conn)?;
    let mut verzegeld = Vec::with_capacity(open.len());
    for (id, mac) in open {
        nummer += 1;
        keten = hmac(sleutel, &[Some(&keten), Some(&nummer.to_string()), Some(&mac)])?;
        verzegeld.push((id, nummer, keten.clone()));
    }
    if nummer > begin {
        zet_zegels(conn, verzegeld)?;
        let mac = hmac(sleutel, &[Some("kop"), Some(&nummer.to_string()), Some(&keten)])?;
        let bijgewerkt =
            wijzig(auditketen::table.find(KETEN), (auditketen::volgnummer.eq(nummer), auditketen::keten.eq(&keten), auditketen::mac.eq(&mac))).execute(conn)?;
        if bijgewerkt == 0 {
            diesel::insert_into(auditketen::table)
                .values((auditketen::naam.eq(KETEN), auditketen::volgnummer.eq(nummer), auditketen::keten.eq(&keten), auditketen::mac.eq(&mac)))
                .execute(conn)?;
        }
    }
    Ok(nummer - begin)
}

/// Schrijft volgnummer en keten. Op PostgreSQL in één opdracht: een rondgang per regel zou de schrijvers evenveel kosten
/// als hun eigen wijziging.
fn zet_zegels(conn: &mut Conn, zegels: Vec<(String, i64, String)>) -> Result<(), StoreError> {
    use auditregel::dsl as a;
    match conn {
        Conn::Pg(c) => {
            let (mut ids, mut nummers, mut ketens) = (Vec::new(), Vec::new(), Vec::new());
            for (id, nummer, keten) in zegels {
                ids.push(id);
                nummers.push(nummer);
                ketens.push(keten);
            }
            diesel::sql_query(
                "UPDATE auditregel a SET volgnummer = z.nummer, keten = z.keten FROM unnest($1, $2, $3) AS z (id, nummer, keten) WHERE a.id = z.id",
            )
            .bind::<Array<Text>, _>(ids)
            .bind::<Array<BigInt>, _>(nummers)
            .bind::<Array<Text>, _>(ketens)
            .execute(c)?;
        }
        Conn::Sqlite(c) => {
            for (id, nummer, keten) in &zegels {
                wijzig(a::auditregel.find(id), (a::volgnummer.eq(nummer), a::keten.eq(keten))).execute(c)?;
            }
        }
    }
    Ok(())
}

impl Store {
    /// Verzegelt wat is vastgelegd: volgnummers en keten; geeft hoeveel regels.
    ///
    /// # Errors
    /// Een fout van de opslag, of een gewijzigde kop van de keten.
    pub async fn seal(&self, now: Moment) -> Result<i64, StoreError> {
        let sleutel = self.0.audit_key;
        let open = self.read_point(|conn| -> Result<bool, StoreError> {
            use auditregel::dsl as a;
            Ok(diesel::select(diesel::dsl::exists(a::auditregel.filter(a::volgnummer.is_null()))).get_result(conn)?)
        });
        if !open.await? {
            return Ok(0);
        }
        let mut totaal = 0;
        loop {
            let gedaan: i64 = self.write_apart(Actor::default(), now, move |tx| -> Result<i64, StoreError> { portie(tx.conn(), &sleutel) }).await?;
            totaal += gedaan;
            if gedaan < PORTIE {
                return Ok(totaal);
            }
        }
    }

    /// Controleert alle MAC's en de keten.
    ///
    /// # Errors
    /// Een fout van de opslag.
    pub async fn verify_audit(&self) -> Result<AuditOordeel, StoreError> {
        let sleutel = self.0.audit_key;
        self.read(move |conn| {
            let mut oordeel = AuditOordeel { regels: 0, bevindingen: Vec::new() };
            let einde = match kop(conn, &sleutel) {
                Ok((nummer, _)) => nummer,
                Err(StoreError::Fault(tekst)) => {
                    oordeel.bevindingen.push(tekst);
                    0
                }
                Err(fout) => return Err(fout),
            };
            let mut keten = String::new();
            let mut vorige = 0;
            loop {
                let regels = vraag(conn, &AuditFilter::default(), &Zicht::Alles, &Page { limit: PORTIE, after: Some(vorige.to_string()) })?;
                if regels.is_empty() {
                    break;
                }
                for regel in regels {
                    let nummer = regel.volgnummer.unwrap_or_default();
                    if nummer != vorige + 1 {
                        oordeel.bevindingen.push(format!("auditregels {} tot en met {} ontbreken", vorige + 1, nummer - 1));
                    }
                    if regel.mac != regel.bereken_mac(&sleutel)? {
                        oordeel.bevindingen.push(format!("auditregel {nummer} is gewijzigd"));
                    }
                    keten = hmac(&sleutel, &[Some(&keten), Some(&nummer.to_string()), Some(&regel.mac)])?;
                    if regel.keten.as_deref() != Some(&keten) {
                        oordeel.bevindingen.push(format!("de keten klopt niet vanaf auditregel {nummer}"));
                        keten = regel.keten.clone().unwrap_or_default();
                    }
                    vorige = nummer;
                    oordeel.regels += 1;
                }
            }
            if vorige < einde {
                oordeel.bevindingen.push(format!("auditregels {} tot en met {einde} ontbreken", vorige + 1));
            }
            Ok(oordeel)
        })
        .await
    }
}
