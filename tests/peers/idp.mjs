// De identiteitsprovider van een organisatie: het npm-pakket oidc-provider, dat ons niet kent.
//
// Zij meldt zonder vragen aan wie in `stand.persoon` staat. `stand.mfa = false` maakt haar onbetrouwbaar: zij
// negeert dan elke vraag om MFA en zegt er in haar tokens niets over, zoals een verkeerd ingestelde echte.
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { interactionPolicy } from 'oidc-provider';
import { maakOpslag } from './opslag.mjs';

export const REFEDS_MFA = 'https://refeds.org/profile/mfa';
const ACRS = 'c1';

async function sleutel(alg, kid) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg, kid, use: 'sig' };
}

// Wat deze aanmelding bewijst, in de woorden van het nagebootste product.
function bewijs(stand) {
  if (!stand.mfa) return { acr: '0', amr: ['pwd'] };
  if (stand.product === 'entra') return { acr: '1', amr: undefined, acrs: [ACRS] };
  return { acr: REFEDS_MFA, amr: ['pwd', 'otp', 'mfa'] };
}

// Geen controle op gevraagde acr: of het bewijs er is, hoort de ontvanger zelf te zien.
function beleid() {
  const prompts = interactionPolicy.base();
  prompts.get('login').checks.remove('essential_acr');
  prompts.get('login').checks.remove('essential_acrs');
  return prompts;
}

function instellingen(clients, stand, sleutels) {
  return {
    adapter: maakOpslag(clients),
    jwks: { keys: sleutels },
    cookies: { keys: ['voorbeeld'], names: { session: 'idp_sessie', interaction: 'idp_vraag', resume: 'idp_verder' } },
    acrValues: ['0', '1', REFEDS_MFA, ACRS],
    claims: {
      openid: ['sub', 'amr', 'tid', 'oid', 'acr'],
      acrs: null, acr: null, auth_time: null, sid: null, iss: null,
      email: ['email', 'email_verified'],
      profile: ['name', 'preferred_username'],
    },
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, formulier) => {
          ctx.body = `<!doctype html><title>Afmelden</title>${formulier}<button form="op.logoutForm" name="logout" value="yes">Afmelden</button>`;
        },
      },
    },
    interactions: { policy: beleid(), url: (_ctx, interactie) => `/interactie/${interactie.uid}` },
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ accountId: ctx.oidc.session.accountId, clientId: ctx.oidc.client.clientId });
      grant.addOIDCScope('openid email profile');
      grant.addOIDCClaims(['acrs', 'acr', 'auth_time', 'amr', 'email', 'email_verified', 'name']);
      await grant.save();
      return grant;
    },
    findAccount: (_ctx, id) => ({
      accountId: id,
      claims: () => ({
        sub: id, email: stand.persoon.email, email_verified: stand.emailVerified ?? true, name: stand.persoon.naam,
        preferred_username: stand.persoon.email, tid: stand.tid, oid: `oid-${id}`, acrs: bewijs(stand).acrs,
      }),
    }),
    pkce: { required: () => true },
    ttl: { Session: 3600, Interaction: 600, Grant: 3600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
    renderError: (ctx, uit) => {
      ctx.type = 'json';
      ctx.body = uit;
    },
  };
}

/**
 * Start de identiteitsprovider op een vrije poort van deze machine.
 * @param {{persoon: {sub: string, email: string, naam: string}, product?: 'rfc8176'|'entra', alg?: string, poort?: number}} opties
 */
export async function startIdp({ persoon, product = 'rfc8176', alg = 'RS256', poort = 0 }) {
  const stand = { persoon, product, mfa: true, weg: false, tid: 'a0000000-0000-4000-8000-000000000001', bezocht: [] };
  const clients = new Map();
  const server = createServer();
  await new Promise((klaar) => server.listen(poort, '127.0.0.1', klaar));
  const issuer = `http://localhost:${server.address().port}`;
  const provider = new Provider(issuer, instellingen(clients, stand, [await sleutel(alg, 'idp-1'), await sleutel('ES256', 'idp-es')]));
  const antwoord = provider.callback();
  server.on('request', async (vraag, uit) => {
    // `weg` is alles, of alleen het adres dat de hub zelf aanroept.
    if (stand.weg === true || (stand.weg === 'token' && vraag.url.startsWith('/token'))) return uit.writeHead(503).end();
    stand.bezocht.push(vraag.url);
    if (!vraag.url.startsWith('/interactie/')) return antwoord(vraag, uit);
    try {
      const { acr, amr } = bewijs(stand);
      const uitkomst = stand.weigert
        ? { error: 'access_denied', error_description: 'De gebruiker brak de aanmelding af' }
        : { login: { accountId: stand.persoon.sub, acr, amr, remember: !stand.vergeet } };
      await provider.interactionFinished(vraag, uit, uitkomst, { mergeWithLastSubmission: false });
    } catch (fout) {
      uit.writeHead(500).end(String(fout));
    }
  });
  return {
    issuer,
    stand,
    provider,
    /** Registreert de hub als client, zoals een beheerder dat in zijn eigen scherm doet. */
    registreer(client) {
      clients.set(client.client_id, {
        grant_types: ['authorization_code'], response_types: ['code'], id_token_signed_response_alg: alg,
        require_auth_time: true, ...client,
      });
    },
    stop: () => new Promise((klaar) => { server.closeAllConnections(); server.close(klaar); }),
  };
}
