"""Een machinetoken halen met private_key_jwt, zoals het recept het doet."""

from __future__ import annotations

import time
import urllib.parse
import urllib.request
import json
import uuid

import jwt


def haal_token(basis: str, toepassing: dict) -> str:
    """Geeft een toegangstoken voor een toepassing uit demo.json."""
    with urllib.request.urlopen(f"{basis}/.well-known/openid-configuration", timeout=10) as antwoord:
        uitgever = json.load(antwoord)
    nu = int(time.time())
    jwk = toepassing["jwk"]
    verklaring = jwt.encode(
        {"iss": toepassing["clientId"], "sub": toepassing["clientId"], "aud": uitgever["issuer"], "iat": nu, "exp": nu + 60, "jti": str(uuid.uuid4())},
        jwt.PyJWK.from_dict(jwk, algorithm="ES256").key,
        algorithm="ES256",
        headers={"kid": jwk["kid"]},
    )
    velden = urllib.parse.urlencode({
        "grant_type": "client_credentials",
        "client_id": toepassing["clientId"],
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": verklaring,
    }).encode()
    with urllib.request.urlopen(uitgever["token_endpoint"], velden, timeout=10) as antwoord:
        return json.load(antwoord)["access_token"]
