// Een portaal, gemaakt met niets dan openid-client: de bibliotheek die een leverancier in Node pakt.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import * as oidc from 'openid-client';
import { importJWK } from 'jose';

async function clientauthenticatie({ sleutel, geheim, geheimInFormulier }) {
  if (geheim) return geheimInFormulier ? oidc.ClientSecretPost(geheim) : oidc.ClientSecretBasic(geheim);
  const key = await importJWK(sleutel, sleutel.alg ?? 'ES256');
  return oidc.PrivateKeyJwt({ key, kid: sleutel.kid });
}

/**
 * Het portaal als code, zonder server.
 * @param {{uitgever: string, clientId: string, sleutel?: object, geheim?: string, geheimInFormulier?: boolean, terug: string,
 *          alg?: 'ES256'|'Ed25519', uitgelogd?: string, scope?: string, par?: boolean, dpop?: boolean, audVanBewering?: 'uitgever'|'tokenadres', idTokenAlg?: string}} opties
 */
export async function maakPortaal(opties) {
  const metadata = { id_token_signed_response_alg: opties.idTokenAlg ?? 'ES256' };
  const config = await oidc.discovery(new URL(opties.uitgever), opties.clientId, metadata, await clientauthenticatie(opties), {
    execute: [oidc.allowInsecureRequests],
  });
  const DPoP = opties.dpop ? oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair(opties.alg ?? 'ES256')) : undefined;
  const bij = DPoP ? { DPoP } : undefined;

  return {
    config,
    DPoP,
    /** Begint een aanmelding: het adres voor de browser, en wat het portaal onthoudt. */
    async begin(extra = {}) {
      const onthouden = { verifier: oidc.randomPKCECodeVerifier(), state: oidc.randomState(), nonce: oidc.randomNonce(), maxAge: extra.max_age };
      const velden = {
        redirect_uri: opties.terug, scope: opties.scope ?? 'openid', state: onthouden.state, nonce: onthouden.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(onthouden.verifier), code_challenge_method: 'S256', ...extra,
      };
      const adres = opties.par
        ? await oidc.buildAuthorizationUrlWithPAR(config, velden, bij)
        : oidc.buildAuthorizationUrl(config, velden);
      return { adres: adres.href, onthouden };
    },
    /** Wisselt de code in; openid-client controleert iss, state, nonce, at_hash, handtekening en auth_time. */
    async voltooi(terugAdres, { state, nonce, verifier, maxAge }) {
      const eisen = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
      if (maxAge !== undefined) eisen.maxAge = Number(maxAge);
      return oidc.authorizationCodeGrant(config, new URL(terugAdres), eisen, undefined, bij);
    },
    ververs: (token) => oidc.refreshTokenGrant(config, token, undefined, bij),
    wie: (tokens) => oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, bij),
    bekijk: (token) => oidc.tokenIntrospection(config, token),
    trekIn: (token) => oidc.tokenRevocation(config, token),
    roep: (tokens, adres) => oidc.fetchProtectedResource(config, tokens.access_token, new URL(adres), 'GET', null, new Headers(), bij),
    machinetoken: (velden) => oidc.clientCredentialsGrant(config, velden, bij),
    afmelden: (velden) => oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: opties.uitgelogd, ...velden }).href,
  };
}

/** Hetzelfde portaal met een server ervoor, voor een echte browser: /, /inloggen, /terug, /uitloggen, /uitgelogd. */
export async function startPortaal(naam) {
  const sessies = new Map();
  let portaal;
  const server = createServer(async (vraag, uit) => {
    const adres = new URL(vraag.url, `http://${vraag.headers.host}`);
    const sessie = sessies.get(/portaal=([\w-]+)/.exec(vraag.headers.cookie ?? '')?.[1]);
    try {
      await behandel(adres, sessie, uit);
    } catch (fout) {
      pagina(uit, 400, 'Niet gelukt', { fout: fout.error ?? fout.code ?? fout.name, uitleg: fout.error_description ?? fout.message });
    }
  });
  const pagina = (uit, status, kop, gegevens) =>
    uit.writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
      .end(`<!doctype html><html lang="nl"><title>${naam}</title><h1 id="kop">${kop}</h1><pre id="gegevens">${JSON.stringify(gegevens, null, 2).replace(/</g, '&lt;')}</pre>`);

  async function behandel(adres, sessie, uit) {
    switch (adres.pathname) {
      case '/inloggen': {
        const id = randomUUID();
        const { adres: naar, onthouden } = await portaal.begin(Object.fromEntries(adres.searchParams));
        sessies.set(id, { onthouden });
        return uit.writeHead(303, { location: naar, 'set-cookie': `portaal=${id}; HttpOnly; Path=/` }).end();
      }
      case '/terug': {
        const tokens = await portaal.voltooi(adres.href, sessie.onthouden);
        Object.assign(sessie, { tokens });
        return pagina(uit, 200, 'Ingelogd', tokens.claims());
      }
      case '/uitloggen':
        return uit.writeHead(303, { location: portaal.afmelden({ id_token_hint: sessie.tokens.id_token, state: 'tot-ziens' }) }).end();
      case '/uitgelogd':
        return pagina(uit, 200, 'Uitgelogd', Object.fromEntries(adres.searchParams));
      default:
        return pagina(uit, 200, naam, {});
    }
  }

  await new Promise((klaar) => server.listen(0, '127.0.0.1', klaar));
  const basis = `http://127.0.0.1:${server.address().port}`;
  return {
    basis, terug: `${basis}/terug`, uitgelogd: `${basis}/uitgelogd`, sessies,
    async sluitAan(opties) {
      portaal = await maakPortaal({ terug: `${basis}/terug`, uitgelogd: `${basis}/uitgelogd`, ...opties });
      return portaal;
    },
    stop: () => new Promise((klaar) => { server.closeAllConnections(); server.close(klaar); }),
  };
}
