//! De map van een voorbeelddienst: nieuw of leeg, en alleen voor de eigenaar.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::{Stop, system};

/// De map; een tijdelijke verdwijnt met de dienst.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    temporary: bool,
}

impl Drop for Directory {
    fn drop(&mut self) {
        if self.temporary
            && let Err(cause) = fs::remove_dir_all(&self.path)
        {
            tracing::warn!(%cause, map = %self.path.display(), "de tijdelijke map is niet opgeruimd");
        }
    }
}

impl Directory {
    pub(super) fn prepare(given: Option<PathBuf>) -> Result<Self, Stop> {
        let temporary = given.is_none();
        let path = given.unwrap_or_else(temporary_path);
        if fs::read_dir(&path).is_ok_and(|mut entries| entries.next().is_some()) {
            let again = path.join("aansluitloket.toml");
            let hint = if again.exists() {
                format!("kies een lege map, of ga verder met deze gegevens met `aansluitloket --config {} serve`", again.display())
            } else {
                "kies een lege of nieuwe map".to_owned()
            };
            return Err(Stop::config(format!("De map {} is niet leeg; {hint}.", path.display())));
        }
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(|cause| unwritable(&path, &cause))?;
        let path = path.canonicalize().map_err(|cause| unwritable(&path, &cause))?;
        Ok(Self { path, temporary })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) const fn is_temporary(&self) -> bool {
        self.temporary
    }

    /// Schrijft een bestand dat alleen de eigenaar kan lezen.
    pub(super) fn write(&self, name: &str, content: &str) -> Result<(), Stop> {
        use std::io::Write as _;
        let path = self.path.join(name);
        if let Some(parent) = path.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(parent).map_err(|cause| unwritable(parent, &cause))?;
        }
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(|cause| unwritable(&path, &cause))?;
        file.write_all(content.as_bytes()).map_err(|cause| unwritable(&path, &cause))
    }

    /// Maakt hoofdsleutel en configuratie, zodat `serve` later met dezelfde gegevens verder kan.
    pub(super) fn configure(&self, api: SocketAddr, admin: SocketAddr) -> Result<Config, Stop> {
        let mut key = [0; 32];
        system::rng().fill(&mut key);
        self.write("hoofdsleutel", &provider::MasterKey::new(key).to_base64())?;
        let quoted = |path: PathBuf| toml::Value::String(path.display().to_string());
        let text = format!(
            "# Configuratie van een voorbeelddienst met fictieve gegevens; niet voor echt gebruik.\n\
             [server]\nbase_url = \"http://{api}\"\nlisten = \"{api}\"\nadmin_listen = \"{admin}\"\n\n\
             [storage]\ndata_dir = {}\n\n[keys]\nmaster_key_file = {}\n\n\
             # Ruim genoeg voor proeven die veel verzoeken doen.\n\
             [limits]\ncaller_per_second = 100000\ncaller_burst = 100000\naddress_per_second = 100000\naddress_burst = 100000\n\n\
             # De voorbeeld-identiteitsprovider en het voorbeeldportaal draaien op deze machine, en die van wie hem probeert meestal ook.\n\
             [egress]\nallow_hosts = [\"127.0.0.1\", \"localhost\", \"[::1]\"]\n\n\
             [logging]\nformat = \"pretty\"\nlevel = \"warn\"\n",
            quoted(self.path.join("gegevens")),
            quoted(self.path.join("hoofdsleutel")),
        );
        self.write("aansluitloket.toml", &text)?;
        super::load_from(self.path.join("aansluitloket.toml"))
    }
}

fn temporary_path() -> PathBuf {
    let mut random = [0; 8];
    system::rng().fill(&mut random);
    std::env::temp_dir().join(format!("aansluitloket-demo-{:016x}", u64::from_be_bytes(random)))
}

fn unwritable(path: &Path, cause: &std::io::Error) -> Stop {
    Stop::fault(format!("{} is niet te schrijven ({cause}); kies een andere map met `--data`.", path.display()))
}
