// authlib als portaal en als script: eigen sleutel volgens nl-gov, en een geheim volgens oidc.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { authlib } from '../authlib.mjs';
import { Bladeraar } from '../bladeraar.mjs';
import { TERUG, doorloop, persoon, postbus, registreerPortaal, sluitIdpAan } from '../hub.mjs';
import { basis, demo } from '../loket.mjs';

const daan = persoon('Daan');
let idp, post;
before(async () => { post = await postbus(); idp = await sluitIdpAan(); });
after(async () => { await idp?.stop(); await post?.stop(); });

async function door(opdracht) {
  const { adres, onthouden } = await authlib('begin', opdracht);
  const b = await doorloop(new Bladeraar(), adres, { post, email: daan.email });
  return authlib('voltooi', { ...opdracht, adres: b.adres, onthouden });
}

test('een portaal met een eigen sleutel, met de standaardduur van authlib', async () => {
  const { clientId, sleutel } = await registreerPortaal();
  const uit = await door({ uitgever: basis, clientId, sleutel, terug: TERUG });
  assert.equal(uit.claims.sub, daan.id);
  assert.equal(uit.wie.sub, daan.id);
});
test('een portaal met een geheim', async () => {
  const { clientId, geheim } = await registreerPortaal({ profiel: 'oidc' });
  const uit = await door({ uitgever: basis, clientId, geheim, terug: TERUG, scope: 'openid email' });
  assert.equal(uit.wie.email, daan.email);
});
test('een script haalt een machinetoken', async () => {
  const [toepassing] = demo().toepassingen;
  const uit = await authlib('machine', { uitgever: basis, clientId: toepassing.clientId, sleutel: toepassing.jwk, terug: TERUG, scope: toepassing.scopes.join(' ') });
  assert.ok(uit.access_token);
});
