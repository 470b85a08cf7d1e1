//! Wat de voorbeelddienst bij het starten toont: regels die u zo kunt overnemen.

use std::net::SocketAddr;

use super::cast;
use super::directory::Directory;
use super::seed::Cast;
use crate::config::Config;

pub(super) fn text(directory: &Directory, config: &Config, admin: SocketAddr, seeded: &Cast) -> String {
    let base = config.issuer();
    let dir = directory.path().display();
    let hospital = seeded.organisaties.get(cast::HOOFDROL);
    let traject = seeded.trajecten.iter().find(|t| hospital.is_some_and(|o| o.id == t.organisatie_id)).map(|t| t.id.to_string()).unwrap_or_default();
    let client = seeded.toepassing.as_ref().map(|t| t.id.to_string()).unwrap_or_default();
    let program = std::env::current_exe().map_or_else(|_| "aansluitloket".to_owned(), |path| path.display().to_string());
    let kept = if directory.is_temporary() { "tijdelijk: verdwijnt als u stopt; houd hem met --data MAP" } else { "blijft staan" };
    format!(
        r#"
Aansluitloket draait met voorbeeldgegevens. Alle namen zijn verzonnen.

  API            {base}/v1
  documentatie   {base}/v1/docs
  beheerpoort    http://{admin}/readyz en /metrics
  gegevens       {dir} ({kept})
  wie en wat     {dir}/demo.json
  tokens         {dir}/tokens/ROL.jwt (8 uur geldig)

Probeer:

  # wie ben ik, als landelijk functioneel beheerder van NIPV
  curl -s -H "Authorization: Bearer $(cat '{dir}/tokens/lfb.jwt')" {base}/v1/ik

  # alle trajecten die lopen, per stap te filteren
  curl -s -H "Authorization: Bearer $(cat '{dir}/tokens/lfb.jwt')" '{base}/v1/trajecten?status=lopend'

  # het eigen traject van het ziekenhuis (stap 4) en wat er nog ontbreekt voor stap 5
  curl -s -H "Authorization: Bearer $(cat '{dir}/tokens/projectleider.jwt')" {base}/v1/trajecten/{traject}/poorten/4

  # een token voor een script, met de eigen sleutel van de implementatiepartner
  curl -s {base}/oidc/token -d grant_type=client_credentials -d client_id={client} \
    -d client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \
    -d client_assertion="$('{program}' assertion '{dir}/demo.json')"

  # en daarmee de trajecten die deze partner begeleidt
  curl -s -H "Authorization: Bearer $(cat '{dir}/tokens/toepassing.jwt')" {base}/v1/trajecten

Stop met Ctrl-C.
"#
    )
}
