# Gedeeld door ./test en de scripts hiernaast: waar alles staat, wat er nodig is, en een voorbeelddienst die altijd weer weggaat.
# shellcheck shell=bash
HUIS=$(pwd)
DOEL=${CARGO_TARGET_DIR:-$HUIS/target}
WERK=$DOEL/proef
LOGMAP=$WERK/log
VENV=$WERK/venv
NPM=$WERK/npm
PEERS=$WERK/peers
PROGRAMMA=$DOEL/debug/aansluitloket
LOKET=$DOEL/debug/loket
export HUIS DOEL WERK LOGMAP VENV NPM PEERS PROGRAMMA LOKET
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never} PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 NO_COLOR=1
# Een eenmalige bouw heeft niets aan de tussenstand van rustc, en die is groter dan al het andere samen.
[[ ${CI:-} == true ]] && export CARGO_INCREMENTAL=0
mkdir -p "$LOGMAP"

melding() { printf '%s\n' "$*" >&2; }

# Een middel ontbreekt: in CI een fout, daarbuiten een luide waarschuwing.
ontbreekt() {
  melding "*** $*"
  [[ ${CI:-} == true ]] && exit 1
  exit 77
}

## Ophalen, naast het bouwen

haal_postgresql() {
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && return 0
  command -v initdb >/dev/null && return 0
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return 1
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql postgresql-contrib
}

haal_openssl() {
  command -v openssl >/dev/null && pkg-config --exists openssl 2>/dev/null && return 0
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return 1
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends openssl libssl-dev pkg-config
}

haal_jq() {
  command -v jq >/dev/null && command -v curl >/dev/null && return 0
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return 1
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends jq curl
}

haal_pip() {
  local eisen=tests/contract/python/requirements.txt
  cmp -s "$eisen" "$VENV/eisen.txt" && return 0
  command -v python3 >/dev/null || return 1
  rm -rf "$VENV"
  if ! python3 -m venv "$VENV" 2>/dev/null; then
    [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return 1
    DEBIAN_FRONTEND=noninteractive apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv
    python3 -m venv "$VENV"
  fi
  "$VENV/bin/pip" install --quiet --disable-pip-version-check --require-virtualenv -r "$eisen" && cp "$eisen" "$VENV/eisen.txt"
}

haal_npm() { npm_pakketten tests/contract/typescript "$NPM"; }
haal_peers() { npm_pakketten tests/peers "$PEERS"; }

haal_chromium() {
  command -v chromium >/dev/null && return 0
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return 1
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-liberation
}

# De vastgezette pakketten van een npm-project, in een map onder target/.
npm_pakketten() {
  local bron=$1 doel=$2
  cmp -s "$bron/package-lock.json" "$doel/package-lock.json" && [[ -d $doel/node_modules ]] && return 0
  if ! command -v npm >/dev/null; then
    [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return 1
    DEBIAN_FRONTEND=noninteractive apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm
  fi
  rm -rf "$doel" && mkdir -p "$doel" && cp "$bron"/package.json "$bron"/package-lock.json "$bron"/.npmrc "$doel/"
  (cd "$doel" && npm ci --ignore-scripts --no-progress) || { rm -f "$doel/package-lock.json"; return 1; }
}

# Alles achter elkaar in één achtergrondproces: apt kent maar één gebruiker tegelijk.
haal_op_in_achtergrond() {
  rm -f "$WERK"/klaar.*
  (
    for middel in postgresql openssl jq pip npm peers chromium; do
      nodig_voor "$middel" "$@" || continue
      if "haal_$middel" >"$LOGMAP/haal-$middel.log" 2>&1; then echo 0 >"$WERK/klaar.$middel"; else echo 1 >"$WERK/klaar.$middel"; fi
    done
  ) &
  OPHALER=$!
}

nodig_voor() {
  local middel=$1 voor; shift
  (( $# == 0 )) && return 0
  case $middel in
    postgresql) voor="rust tls tegenpartijen" ;;
    openssl) voor="tls" ;;
    jq) voor="recepten loket tegenpartijen" ;;
    pip) voor="recepten python schemathesis tegenpartijen" ;;
    npm) voor="lint typescript" ;;
    peers | chromium) voor="tegenpartijen" ;;
  esac
  local naam; for naam in "$@"; do [[ " $voor " == *" $naam "* ]] && return 0; done
  return 1
}

wacht_op() {
  local middel=$1 tel=0
  while [[ ! -s $WERK/klaar.$middel ]]; do
    (( ++tel > 1800 )) && ontbreekt "$middel kwam niet binnen een half uur; zie $LOGMAP/haal-$middel.log"
    sleep 1
  done
  if [[ $(cat "$WERK/klaar.$middel") != 0 ]]; then
    tail -n 5 "$LOGMAP/haal-$middel.log" >&2 || true
    ontbreekt "$middel ontbreekt en is niet op te halen; zie $LOGMAP/haal-$middel.log"
  fi
}

## Het programma en de voorbeelddienst

# Wie ook de proeven in Rust draait, heeft het programma dan al: dezelfde keuze van pakketten geeft dezelfde bouw.
# Een andere keuze bouwt alles een tweede keer, met andere onderdelen aan.
HELE_WERKRUIMTE=
programma() {
  if [[ -n $HELE_WERKRUIMTE ]]; then
    cargo build --locked --quiet --workspace --bins --tests
  else
    cargo build --locked --quiet -p aansluitloket -p loket --bins
  fi
  [[ -x $PROGRAMMA ]]
}

# Draait een opdracht tegen een verse voorbeelddienst; LOKET_URL en LOKET_DEMO wijzen ernaar.
met_demo() {
  programma
  local poort uitkomst=0
  # Geen local: het opruimen hieronder leest ze ook na het einde van deze functie.
  map=$(mktemp -d "$WERK/demo.XXXXXX")
  poort=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  "$PROGRAMMA" demo --listen "127.0.0.1:$poort" --data "$map/gegevens" >"$map/uitvoer.txt" 2>"$map/logboek.txt" &
  pid=$!
  trap 'kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; rm -rf "$map"' EXIT
  export LOKET_URL="http://127.0.0.1:$poort" LOKET_DEMO="$map/gegevens"
  local tel=0
  until [[ -s $LOKET_DEMO/demo.json ]] && python3 -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=5)' "$LOKET_URL/v1/openapi.json" 2>/dev/null; do
    kill -0 "$pid" 2>/dev/null || { cat "$map/logboek.txt" >&2; melding "De voorbeelddienst startte niet."; return 1; }
    (( ++tel > 600 )) && { melding "De voorbeelddienst werd niet gereed."; return 1; }
    sleep 0.1
  done
  "$@" || uitkomst=$?
  (( uitkomst == 0 )) || tail -n 40 "$map/logboek.txt" >&2
  return "$uitkomst"
}

## Einde

STAP=
wacht_op_stap() { STAP=$1; local uitkomst=0; wait "$STAP" || uitkomst=$?; STAP=; return "$uitkomst"; }

# Beëindigt wat wij zelf begonnen: het proces en zijn kinderen, op nummer.
beeindig() {
  local kind
  for kind in $(ps -o pid= --ppid "$1" 2>/dev/null); do beeindig "$kind"; done
  kill "$1" 2>/dev/null || true
}

opruimen() {
  [[ -n $STAP ]] && beeindig "$STAP"
  [[ -n ${OPHALER:-} ]] && beeindig "$OPHALER"
  rm -rf "$WERK"/demo.* "$WERK"/typescript.* "$WERK"/python.*
  return 0
}

# Hoeveel proeven een onderdeel telde: wat de proefloper zegt, anders één.
geteld() {
  python3 - "$1" <<'PY'
import re, sys
tekst = re.sub(r"\x1b\[[0-9;]*m", "", open(sys.argv[1], encoding="utf-8", errors="replace").read())
aantal = sum(int(n) for n in re.findall(r"tests? run: (\d+) passed", tekst))
aantal += sum(int(n) for n in re.findall(r"test result: ok\. (\d+) passed", tekst))
aantal += sum(int(n) for n in re.findall(r"^Ran (\d+) tests? in", tekst, re.M))
aantal += sum(int(n) for n in re.findall(r"^# pass (\d+)$", tekst, re.M))
aantal += sum(int(n) for n in re.findall(r"^geteld: (\d+)$", tekst, re.M))
print(max(aantal, 1))
PY
}
