#!/usr/bin/env bash
# Het contract tegen de Nederlandse API Design Rules en de regels van dit huis; ook een waarschuwing is een fout.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
WERK=${WERK:-target/proef}
spectral="${NPM:-$WERK/npm}/node_modules/.bin/spectral"

# De ruleset zoals hij is uitgegeven, en daarna met onze regels.
"$spectral" lint -F warn -r openapi/adr-ruleset.yaml openapi/openapi.json
"$spectral" lint -F warn -r openapi/spectral.yaml openapi/openapi.json

# Een regel die nooit afgaat is geen regel: het slechte voorbeeld moet elke eigen regel raken.
raak="$WERK/lint-slecht.json"
"$spectral" lint -q -f json -o "$raak" -r openapi/spectral.yaml tests/contract/proeven/slecht.json || true
python3 - openapi/spectral.yaml "$raak" <<'PY'
import json, re, sys

raak = {fout["code"] for fout in json.load(open(sys.argv[2], encoding="utf-8"))}
regels = set(re.findall(r"^  (huis:[a-z0-9-]+):", open(sys.argv[1], encoding="utf-8").read(), re.M))
if blind := sorted(regels - raak):
    sys.exit("Deze regels gaan niet af op een slecht voorbeeld: " + ", ".join(blind))
print(f"{len(regels)} eigen regels gaan af op een slecht voorbeeld")
PY
