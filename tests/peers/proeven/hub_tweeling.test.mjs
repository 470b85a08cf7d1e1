// Twee knooppunten op één PostgreSQL, zoals achter een verdeler: ieder verzoek gaat naar een ander.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Bladeraar } from '../bladeraar.mjs';
import { antwoordVan, beeindig, bijPortaal, doorloop, logIn, persoon, postbus, registreerPortaal, sluitIdpAan } from '../hub.mjs';
import { basis, knooppunten, moet, roep } from '../loket.mjs';

const daan = persoon('Daan');
const [een, twee] = knooppunten;
let idp, portaal, post;

/** Een bezoeker wiens verzoeken om en om bij de knooppunten komen; koekjes horen bij de ene naam die hij kent. */
class Verdeeld extends Bladeraar {
  beurt = 0;

  weg = new Set();

  async vraag(adres, opties) {
    if (!adres.startsWith(een)) return super.vraag(adres, opties);
    const kan = knooppunten.filter((k) => !this.weg.has(k));
    this.beurt += 1;
    return super.vraag(adres, { ...opties, via: kan[this.beurt % kan.length] });
  }
}

before(async () => {
  assert.equal(basis, een);
  post = await postbus();
  idp = await sluitIdpAan();
  portaal = await registreerPortaal({ offlineToegang: true }, { scope: 'openid offline_access' });
});
after(async () => { await idp?.stop(); await post?.stop(); });

test('een aanmelding die op het ene knooppunt begint, eindigt op het andere', async () => {
  const uit = await logIn(portaal, { bladeraar: new Verdeeld(), post, email: daan.email });
  assert.equal(uit.tokens.claims().sub, daan.id);
  for (const knooppunt of knooppunten) assert.equal((await roep(uit.tokens.access_token, 'GET', '/ik', undefined, { basis: knooppunt })).status, 200);
});

/** Wacht tot allebei het zien; nooit langer dan tien seconden. */
async function beide(kijk) {
  const einde = Date.now() + 10_000;
  for (const knooppunt of knooppunten) {
    while (!(await kijk(knooppunt))) {
      assert.ok(Date.now() < einde, `${knooppunt} zag het niet binnen tien seconden`);
      await new Promise((klaar) => { setTimeout(klaar, 200); });
    }
  }
}

test('een beëindigde sessie is binnen tien seconden op beide knooppunten voorbij', async () => {
  const { tokens } = await logIn(portaal, { bladeraar: new Verdeeld() });
  for (const knooppunt of knooppunten) assert.equal((await roep(tokens.access_token, 'GET', '/ik', undefined, { basis: knooppunt })).status, 200);
  await beeindig(tokens);
  await beide(async (basis_) => (await roep(tokens.access_token, 'GET', '/ik', undefined, { basis: basis_ })).status === 401);
});

test('een ingetrokken token is binnen tien seconden op beide knooppunten niets meer waard', async () => {
  const { tokens } = await logIn(portaal, { bladeraar: new Verdeeld() });
  for (const knooppunt of knooppunten) assert.equal((await roep(tokens.access_token, 'GET', '/ik', undefined, { basis: knooppunt })).status, 200);
  await portaal.trekIn(tokens.access_token);
  await beide(async (k) => (await roep(tokens.access_token, 'GET', '/ik', undefined, { basis: k })).status === 401);
});

test('een nieuwe ondertekensleutel staat binnen tien seconden op beide knooppunten', async () => {
  const kids = async (k) => (await (await fetch(`${k}/oidc/jwks`)).json()).keys.map((sleutel) => sleutel.kid);
  const voor = [await kids(een), await kids(twee)].map((lijst) => lijst.length);
  // Het eerste ID-token met een algoritme dat nog niemand gebruikte, maakt de sleutel daarvoor.
  const vers = await registreerPortaal({ naam: 'PS256', idTokenAlgoritme: 'PS256' });
  const { tokens } = await logIn(vers, { bladeraar: new Verdeeld() });
  const { kid } = JSON.parse(Buffer.from(tokens.id_token.split('.')[0], 'base64url').toString());
  await beide(async (k) => (await kids(k)).includes(kid));
  assert.deepEqual([await kids(een), await kids(twee)].map((lijst) => lijst.length), voor.map((aantal) => aantal + 1));
});

test('een geblokkeerd portaal en een opgeschorte aanmelddienst zijn binnen tien seconden op beide dicht', async () => {
  const ander = await registreerPortaal({ naam: 'Dicht' });
  const { tokens } = await logIn(ander, { bladeraar: new Verdeeld() });
  const pad = `/toepassingen/${ander.clientId}`;
  await moet('lfb', 'POST', `${pad}/blokkeringen`, { reden: 'Voorbeeld' }, { etag: (await moet('lfb', 'GET', pad)).etag });
  await beide(async (k) => (await roep(tokens.access_token, 'GET', '/ik', undefined, { basis: k })).status === 401);
  const idpPad = `/identiteitsproviders/${idp.id}`;
  const zet = async (wat) => moet('productmanager-tgv', 'POST', `${idpPad}/${wat}`, { reden: 'Voorbeeld' }, { etag: (await moet('lfb', 'GET', idpPad)).etag });
  await zet('opschortingen');
  await beide(async (k) => {
    const { adres } = await portaal.begin({ organisatie: idp.organisatieId });
    const b = new Bladeraar();
    const antwoord = await b.vraag(adres, { via: k });
    return !(antwoord.headers.get('location') ?? '').startsWith(idp.issuer);
  });
  await zet('hervattingen');
});

test('een bewering telt maar één keer, op welk knooppunt ook', async () => {
  const machine = await registreerPortaal({ soort: 'machine', naam: 'Script', scopes: ['organisaties:lezen'], redirectUris: [], postLogoutRedirectUris: [] });
  let lichaam;
  const { customFetch } = await import('openid-client');
  machine.config[customFetch] = async (adres, opties) => { lichaam = opties.body; return fetch(adres, opties); };
  assert.ok((await machine.machinetoken()).access_token);
  const weer = await fetch(`${twee}/oidc/token`, { method: 'POST', body: new URLSearchParams(String(lichaam)) });
  assert.equal(weer.status, 401);
  assert.equal((await weer.json()).error, 'invalid_client');
});

test('een code telt maar één keer, ook als beide knooppunten hem tegelijk krijgen', async () => {
  for (let keer = 0; keer < 5; keer += 1) {
    const b = new Verdeeld();
    const simpel = await registreerPortaal({ profiel: 'oidc', naam: `Gelijktijdig ${keer}` });
    await doorloop(b, (await simpel.begin({ code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM' })).adres);
    const velden = { grant_type: 'authorization_code', code: antwoordVan(b).code, redirect_uri: 'http://127.0.0.1:9/terug', code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' };
    const kop = { authorization: `Basic ${Buffer.from(`${simpel.clientId}:${encodeURIComponent(simpel.geheim)}`).toString('base64')}` };
    const uit = await Promise.all([een, twee, een, twee].map(async (k) => (await fetch(`${k}/oidc/token`, { method: 'POST', headers: kop, body: new URLSearchParams(velden) })).status));
    assert.equal(uit.filter((status) => status === 200).length, 1, String(uit));
  }
});

test('een geblokkeerde persoon komt op geen van beide nog binnen', async () => {
  const uit = await logIn(portaal, { bladeraar: new Verdeeld() });
  const { etag } = await moet('lfb', 'GET', `/personen/${daan.id}`);
  await moet('lfb', 'POST', `/personen/${daan.id}/blokkeringen`, { reden: 'Voorbeeld' }, { etag });
  await beide(async (k) => (await roep(uit.tokens.access_token, 'GET', '/ik', undefined, { basis: k })).status === 401);
  await assert.rejects(portaal.ververs(uit.tokens.refresh_token), { error: 'invalid_grant' });
  const b = new Verdeeld();
  await doorloop(b, (await portaal.begin()).adres);
  assert.ok(!bijPortaal(b.adres) || antwoordVan(b).error);
});

test('één knooppunt valt hard uit tijdens een storm: geen beantwoorde aanmelding gaat verloren', async () => {
  idp.stand.persoon = persoon('Tess');
  await logIn(portaal, { bladeraar: new Bladeraar(), post, email: persoon('Tess').email });
  const beantwoord = [];
  let mis = 0;
  const overleeft = new Set();
  const stormer = async () => {
    const b = new Verdeeld();
    b.weg = overleeft;
    for (let keer = 0; keer < 6; keer += 1) {
      try {
        beantwoord.push((await logIn(portaal, { bladeraar: b, extra: { prompt: 'login' } })).tokens);
      } catch (fout) {
        if (!/fetch failed|ECONNRE|terminated|other side/.test(`${fout} ${fout.cause}`)) throw fout;
        mis += 1;
      }
    }
  };
  const storm = Promise.all(Array.from({ length: 8 }, stormer));
  await new Promise((klaar) => { setTimeout(klaar, 700); });
  process.kill(Number(process.env.LOKET_PROCESSEN.split(',')[1]), 'SIGKILL');
  overleeft.add(twee);
  await storm;
  assert.ok(beantwoord.length > 20, `${beantwoord.length} gelukt, ${mis} afgebroken`);
  for (const tokens of beantwoord) assert.equal((await portaal.bekijk(tokens.access_token)).active, true, 'een beantwoorde aanmelding bestaat');
});
