// De tegenpartijen eerst tegen elkaar: wat hier faalt, ligt niet aan de hub.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import { authlib } from '../authlib.mjs';
import { Bladeraar } from '../bladeraar.mjs';
import { REFEDS_MFA, startIdp } from '../idp.mjs';
import { maakPortaal } from '../portaal.mjs';
import { startPostbus } from '../postbus.mjs';

const persoon = { sub: 'p-1', email: 'daan@ziekenhuis.example', naam: 'Daan Voorbeeld' };
const terug = 'http://127.0.0.1:9/terug';
let idp, sleutel;

before(async () => {
  idp = await startIdp({ persoon });
  const paar = await generateKeyPair('ES256', { extractable: true });
  sleutel = { ...(await exportJWK(paar.privateKey)), alg: 'ES256', kid: 'p1' };
  const publiek = { ...(await exportJWK(paar.publicKey)), alg: 'ES256', kid: 'p1' };
  idp.registreer({
    client_id: 'portaal', token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256', jwks: { keys: [publiek] },
    redirect_uris: [terug], post_logout_redirect_uris: ['http://127.0.0.1:9/uit'],
  });
  idp.registreer({ client_id: 'geheim', client_secret: 'een geheim met + en %', token_endpoint_auth_method: 'client_secret_basic', redirect_uris: [terug] });
});
after(() => idp.stop());

async function login(portaal, extra) {
  const bladeraar = new Bladeraar();
  const { adres, onthouden } = await portaal.begin(extra);
  await bladeraar.ga(adres, { stop: (a) => a.startsWith(terug) });
  return { tokens: await portaal.voltooi(bladeraar.adres, onthouden), bladeraar };
}

test('code, PKCE en private_key_jwt: het ID-token draagt amr en acr', async () => {
  const portaal = await maakPortaal({ uitgever: idp.issuer, clientId: 'portaal', sleutel, terug, idTokenAlg: 'RS256', scope: 'openid email' });
  const { tokens } = await login(portaal);
  assert.deepEqual(tokens.claims().amr, ['pwd', 'otp', 'mfa']);
  assert.equal(tokens.claims().acr, REFEDS_MFA);
  assert.equal((await portaal.wie(tokens)).email, persoon.email);
});

test('een geheim met leestekens gaat door client_secret_basic', async () => {
  const portaal = await maakPortaal({ uitgever: idp.issuer, clientId: 'geheim', geheim: 'een geheim met + en %', terug, idTokenAlg: 'RS256' });
  assert.equal((await login(portaal)).tokens.claims().sub, persoon.sub);
});

test('zonder MFA zegt zij dat eerlijk, ook als erom gevraagd is', async () => {
  idp.stand.mfa = false;
  const portaal = await maakPortaal({ uitgever: idp.issuer, clientId: 'portaal', sleutel, terug, idTokenAlg: 'RS256' });
  const { tokens } = await login(portaal, { acr_values: REFEDS_MFA, prompt: 'login' });
  assert.deepEqual(tokens.claims().amr, ['pwd']);
  idp.stand.mfa = true;
});

test('als Entra: acrs alleen op verzoek, geen amr', async () => {
  Object.assign(idp.stand, { product: 'entra' });
  const portaal = await maakPortaal({ uitgever: idp.issuer, clientId: 'portaal', sleutel, terug, idTokenAlg: 'RS256' });
  const met = await login(portaal, { claims: JSON.stringify({ id_token: { acrs: { essential: true, values: ['c1'] } } }) });
  assert.deepEqual(met.tokens.claims().acrs, ['c1']);
  assert.equal(met.tokens.claims().amr, undefined);
  assert.equal((await login(portaal)).tokens.claims().acrs, undefined);
  Object.assign(idp.stand, { product: 'rfc8176' });
});

test('de bladeraar meldt af en komt terug met state', async () => {
  const portaal = await maakPortaal({ uitgever: idp.issuer, clientId: 'portaal', sleutel, terug, uitgelogd: 'http://127.0.0.1:9/uit', idTokenAlg: 'RS256' });
  const { tokens, bladeraar } = await login(portaal);
  await bladeraar.ga(portaal.afmelden({ id_token_hint: tokens.id_token, state: 's1' }));
  await bladeraar.verstuur({ knop: 'yes', waarden: { logout: 'yes' }, stop: (a) => a.startsWith('http://127.0.0.1:9/') });
  assert.equal(bladeraar.adres, 'http://127.0.0.1:9/uit?state=s1');
});

test('is zij weg, dan antwoordt zij 503', async () => {
  idp.stand.weg = true;
  assert.equal((await fetch(`${idp.issuer}/.well-known/openid-configuration`)).status, 503);
  idp.stand.weg = false;
});

test('authlib doet hetzelfde met een eigen sleutel', async () => {
  const opdracht = { uitgever: idp.issuer, clientId: 'portaal', sleutel, terug, scope: 'openid email', aud: `${idp.issuer}/token` };
  const { adres, onthouden } = await authlib('begin', opdracht);
  const bladeraar = new Bladeraar();
  await bladeraar.ga(adres, { stop: (a) => a.startsWith(terug) });
  const uit = await authlib('voltooi', { ...opdracht, adres: bladeraar.adres, onthouden });
  assert.equal(uit.claims.sub, persoon.sub);
  assert.equal(uit.wie.email, persoon.email);
});

test('de postbus leest een bericht in quoted-printable en geeft de code', async () => {
  const postbus = await startPostbus(0);
  const lijn = connect(postbus.poort, '127.0.0.1');
  lijn.write('EHLO hub\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<daan@ziekenhuis.example>\r\nDATA\r\n'
    + 'Content-Transfer-Encoding: quoted-printable\r\n\r\nUw code is=\r\n =31234 5678.\r\n.\r\nQUIT\r\n');
  assert.equal(await postbus.code('daan@ziekenhuis.example'), '12345678');
  lijn.destroy();
  await postbus.stop();
});
