#!/usr/bin/env bash
# De opdracht `loket` tegen de voorbeelddienst: wat zij toont, wat zij doet, en met welke code zij eindigt.
set -euo pipefail
aantal=0
verwacht() { # code, woord dat in de uitvoer staat, opdracht
  local code=$1 woord=$2 uitkomst=0 uit; shift 2
  uit=$("$@" 2>&1) || uitkomst=$?
  aantal=$((aantal + 1))
  if [[ $uitkomst != "$code" || $uit != *"$woord"* ]]; then
    printf 'Verwacht: code %s met "%s"; gekregen: code %s\n%s\n' "$code" "$woord" "$uitkomst" "$uit" >&2
    exit 1
  fi
}
als() { local rol=$1; shift; LOKET_TOKEN_BESTAND="$LOKET_DEMO/tokens/$rol.jwt" "$LOKET" "$@"; }
demo() { jq -r "$1" "$LOKET_DEMO/demo.json"; }

eigen=$(demo '.trajecten[] | select(.stap == 4) | .kenmerk')
vreemd=$(demo '.trajecten[] | select(.stap == 1) | .id')
eerste=$(demo '.trajecten[] | select(.stap == 1) | .kenmerk')

verwacht 0 projectleider         als projectleider ik
verwacht 0 "$eigen"              als projectleider trajecten lijst
verwacht 0 "$eerste"             als lfb trajecten lijst --stap 1
verwacht 0 aansluitvorm          als projectleider trajecten toon "$eigen"
verwacht 0 blauwdruk-vastgesteld als projectleider poort "$eigen" --stap 4
verwacht 0 techniek-             als projectleider activiteiten "$eigen"
verwacht 0 '"kenmerk"'           als projectleider --uitvoer json trajecten toon "$eigen"
verwacht 0 nl.crisispartners     als lfb gebeurtenissen volgen --eenmaal

verwacht 4 'Niet gevonden'       als projectleider trajecten toon "$vreemd"
verwacht 4 'Niet gevonden'       als projectleider trajecten toon T-1999-0001
verwacht 5 verkenning-conclusie  als adviseur stap "$eerste" --naar 2
verwacht 5 '"ontbreekt"'         als adviseur --uitvoer json stap "$eerste" --naar 2
verwacht 6 status                als lfb trajecten lijst --status bestaat-niet
verwacht 3 token-ongeldig             env LOKET_TOKEN=geen.echt.token "$LOKET" ik
verwacht 2 LOKET_TOKEN           "$LOKET" ik
verwacht 2 https                 env LOKET_TOKEN=x "$LOKET" --url http://aansluitloket.example ik
verwacht 2 Gebruik               "$LOKET" --bestaat-niet

# Een toepassing haalt zelf haar token, met haar eigen sleutel.
umask 077
sleutel=$(mktemp)
trap 'rm -f "$sleutel"' EXIT
jq '.toepassingen[0].jwk' "$LOKET_DEMO/demo.json" > "$sleutel"
client=$(demo '.toepassingen[0].clientId')
verwacht 0 "$eigen"              "$LOKET" --client-id "$client" --sleutel "$sleutel" trajecten lijst
verwacht 3 ''                    "$LOKET" --client-id "$client" --sleutel "$sleutel" stap "$eigen" --naar 5
verwacht 3 LOKET_SLEUTEL         "$LOKET" --client-id 00000000-0000-7000-8000-000000000000 --sleutel "$sleutel" ik

# Een dienst die er niet is: later opnieuw.
verwacht 7 'niet bereikbaar'     env LOKET_TOKEN=x "$LOKET" --url http://127.0.0.1:1 ik
echo "geteld: $aantal"
