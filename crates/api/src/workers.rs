//! Werk op de achtergrond, als gewone functies; de server bepaalt hoe vaak.

use crate::app::App;
use crate::problem::Problem;

/// Berichten die wachten of zijn opgegeven.
pub const POST_MESSAGES: &str = "aansluitloket_post_berichten";
/// Hoe lang het oudste bericht wacht.
pub const POST_OLDEST: &str = "aansluitloket_post_oudste_wachtend_seconds";

/// Verzegelt nieuwe auditregels en gebeurtenissen; elke halve seconde is genoeg. Geeft hoeveel.
///
/// # Errors
/// Een fout van de opslag.
pub async fn seal(app: &App) -> Result<i64, Problem> {
    Ok(app.store.seal(app.clock.now()).await?)
}

/// Maakt de volgende ondertekensleutel als het tijd is; elke minuut is genoeg.
///
/// # Errors
/// Een fout van de opslag, of een hoofdsleutel die niet past.
pub async fn rotate_keys(app: &App) -> Result<bool, Problem> {
    app.keys.rotate(&app.store, &app.rng, app.clock.now()).await
}

/// Plaatst herinneringen aan waarnemers en organisaties; elk uur is genoeg. Geeft hoeveel.
///
/// # Errors
/// Een fout van de opslag.
pub async fn remind(app: &App) -> Result<usize, Problem> {
    crate::afnames::herinneringen::herinner(app).await
}

/// Sluit imports die een vorig proces liet liggen; één keer, bij het starten. Geeft hoeveel.
///
/// # Errors
/// Een fout van de opslag.
pub async fn close_abandoned_imports(app: &App) -> Result<usize, Problem> {
    Ok(app.store.sluit_verlaten_imports(app.clock.now()).await?)
}

/// Ruimt verlopen sleutels van herhaalde verzoeken, gebruikte beweringen en stille aanroepers op; elk kwartier is genoeg.
///
/// # Errors
/// Een fout van de opslag.
pub async fn cleanup(app: &App) -> Result<usize, Problem> {
    app.rate.cleanup();
    let now = app.clock.now();
    Ok(app.store.cleanup(now).await? + app.store.aanmelden_opruimen(now).await? + app.store.post_opruimen(now).await?)
}

/// Meet hoeveel post er wacht en hoeveel er is opgegeven; elke minuut is genoeg.
///
/// # Errors
/// Een fout van de opslag.
pub async fn measure_post(app: &App) -> Result<(), Problem> {
    let stand = app.store.post_stand().await?;
    let getal = |aantal: i64| i32::try_from(aantal).map_or(f64::from(i32::MAX), f64::from);
    metrics::gauge!(POST_MESSAGES, "stand" => "wachtend").set(getal(stand.wachtend));
    metrics::gauge!(POST_MESSAGES, "stand" => "opgegeven").set(getal(stand.opgegeven));
    let oudste = stand.oudste_wachtend.map_or(0, |op| (app.clock.now() - op).num_seconds());
    metrics::gauge!(POST_OLDEST).set(getal(oudste));
    Ok(())
}

/// Meet de gezondheid van identiteitsproviders die aan de beurt zijn, en waarschuwt voor geheimen die verlopen; elke minuut is genoeg.
///
/// # Errors
/// Een fout van de opslag.
pub async fn watch_idps(app: &App) -> Result<usize, Problem> {
    Ok(crate::identiteitsproviders::meten(app).await? + crate::identiteitsproviders::waarschuwen(app).await?)
}
