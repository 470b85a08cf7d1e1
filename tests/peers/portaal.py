"""Een portaal met niets dan authlib: `begin` geeft het adres voor de browser, `voltooi` wisselt de code in.

Invoer en uitvoer zijn JSON, zodat een proef er elke browser tussen kan zetten.
"""

from __future__ import annotations

import json
import secrets
import sys

from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet


def sessie(opdracht: dict, uitgever: dict) -> OAuth2Session:
    """Een client volgens het profiel: geheim in de kop, of een eigen sleutel."""
    methode = "client_secret_basic" if "geheim" in opdracht else "private_key_jwt"
    client = OAuth2Session(
        client_id=opdracht["clientId"],
        client_secret=opdracht.get("geheim") or ECKey.import_key(opdracht["sleutel"]),
        token_endpoint_auth_method=methode,
        redirect_uri=opdracht["terug"],
        scope=opdracht.get("scope", "openid"),
        code_challenge_method="S256",
    )
    if methode == "private_key_jwt":
        client.register_client_auth_method(
            PrivateKeyJWT(token_endpoint=opdracht.get("aud", uitgever["issuer"]), alg="ES256", headers={"kid": opdracht["sleutel"]["kid"]})
        )
    return client


def begin(opdracht: dict, client: OAuth2Session, uitgever: dict) -> dict:
    """Het adres voor de browser, en wat het portaal onthoudt."""
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    adres, state = client.create_authorization_url(uitgever["authorization_endpoint"], code_verifier=verifier, nonce=nonce)
    return {"adres": adres, "onthouden": {"verifier": verifier, "nonce": nonce, "state": state}}


def voltooi(opdracht: dict, client: OAuth2Session, uitgever: dict) -> dict:
    """Tokens, met een ID-token waarvan alles is nagekeken."""
    onthouden = opdracht["onthouden"]
    tokens = client.fetch_token(
        uitgever["token_endpoint"], authorization_response=opdracht["adres"], state=onthouden["state"], code_verifier=onthouden["verifier"]
    )
    sleutels = KeySet.import_key_set(client.get(uitgever["jwks_uri"], withhold_token=True).json())
    bewijs = jwt.decode(tokens["id_token"], sleutels, algorithms=uitgever["id_token_signing_alg_values_supported"])
    eisen = jwt.JWTClaimsRegistry(
        leeway=60,
        iss={"essential": True, "value": uitgever["issuer"]},
        aud={"essential": True, "value": opdracht["clientId"]},
        nonce={"essential": True, "value": onthouden["nonce"]},
        sub={"essential": True},
        exp={"essential": True},
    )
    eisen.validate(bewijs.claims)
    return {"claims": bewijs.claims, "tokens": dict(tokens), "wie": client.get(uitgever["userinfo_endpoint"]).json()}


def machine(opdracht: dict, client: OAuth2Session, uitgever: dict) -> dict:
    """Een machinetoken."""
    return dict(client.fetch_token(uitgever["token_endpoint"], grant_type="client_credentials"))


def main() -> None:
    import requests

    opdracht = json.load(sys.stdin)
    uitgever = requests.get(opdracht["uitgever"] + "/.well-known/openid-configuration", timeout=10).json()
    daad = {"begin": begin, "voltooi": voltooi, "machine": machine}[sys.argv[1]]
    json.dump(daad(opdracht, sessie(opdracht, uitgever), uitgever), sys.stdout, default=str)


if __name__ == "__main__":
    main()
