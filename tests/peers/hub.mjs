// Alles wat een proef nodig heeft om bij de hub in te loggen: een organisatie met haar IdP, een portaal, een bezoeker.
import { Bladeraar } from './bladeraar.mjs';
import { startIdp } from './idp.mjs';
import { basis, demo, moet, organisatie, sleutelpaar } from './loket.mjs';
import { maakPortaal } from './portaal.mjs';
import { startPostbus } from './postbus.mjs';

export const TERUG = 'http://127.0.0.1:9/terug';
export const UITGELOGD = 'http://127.0.0.1:9/uitgelogd';
export const bijPortaal = (adres) => adres.startsWith('http://127.0.0.1:9/');

/** De postbus waar deze hub zijn mail bezorgt. */
export const postbus = () => startPostbus(Number(process.env.LOKET_SMTP_POORT));

/** Iemand uit de voorbeeldgegevens. */
export function persoon(voornaam) {
  const gevonden = demo().personen.find((p) => p.naam.startsWith(voornaam));
  if (!gevonden) throw new Error(`geen ${voornaam} in demo.json`);
  return { id: gevonden.id, organisatieId: gevonden.organisatieId, organisatieNaam: gevonden.organisatieNaam, email: gevonden.email, naam: gevonden.naam, sub: `idp-${voornaam.toLowerCase()}` };
}

const MFA = { rfc8176: { preset: 'amr' }, entra: { preset: 'entra-v2', waarden: ['c1'] } };

/**
 * Sluit een echte IdP aan voor een organisatie, zoals haar IdP-beheerder het doet: registreren, sleutel, instellen
 * bij de IdP, verbinding testen, activeren.
 */
export async function sluitIdpAan({ wie = 'idp-beheerder', voornaam = 'Daan', product = 'rfc8176', alg = 'RS256', mfa, organisatieId, organisatieSleutel = 'ziekenhuis' } = {}) {
  const idp = await startIdp({ persoon: persoon(voornaam), product, alg });
  const org = organisatieId ?? organisatie(organisatieSleutel).id;
  await trekVorigeIn(wie, org);
  const { json: registratie } = await moet(wie, 'POST', '/identiteitsproviders', {
    organisatieId: org,
    naam: `IdP ${product}`,
    instellingen: { issuer: idp.issuer, clientId: 'aansluitloket', clientauthenticatie: 'private-key-jwt', mfa: mfa ?? MFA[product] },
  });
  const geheim = await moet(wie, 'POST', `/identiteitsproviders/${registratie.id}/geheimen`, { soort: 'sleutel' });
  idp.registreer({
    client_id: 'aansluitloket', token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: geheim.json.publiek.alg ?? 'ES256',
    jwks: { keys: [geheim.json.publiek] }, redirect_uris: [`${basis}/oidc/callback/${registratie.id}`], post_logout_redirect_uris: [`${basis}/oidc/afgemeld`],
  });
  await activeer(wie, registratie.id);
  return Object.assign(idp, { id: registratie.id, organisatieId: org });
}

/** De proef wil er één, zonder keuze: die van de voorbeeldgegevens maakt plaats. */
async function trekVorigeIn(wie, organisatieId) {
  const { json } = await moet(wie, 'GET', `/identiteitsproviders?organisatieId=${organisatieId}&status=actief`);
  for (const { id } of json.items) {
    const { etag } = await moet(wie, 'GET', `/identiteitsproviders/${id}`);
    await moet(wie, 'POST', `/identiteitsproviders/${id}/intrekkingen`, { reden: 'Vervangen in de proef.' }, { etag });
  }
}

/** Test de nieuwste versie en laat haar dienen. */
export async function activeer(wie, id, versie = 1) {
  const pad = `/identiteitsproviders/${id}`;
  const test = await moet(wie, 'POST', `${pad}/verbindingstests`, { versienummer: versie });
  if (!test.json.geslaagd) throw new Error(`verbindingstest: ${JSON.stringify(test.json, null, 2)}`);
  return moet(wie, 'POST', `${pad}/activeringen`, { versienummer: versie }, { etag: (await moet(wie, 'GET', pad)).etag });
}

/** Registreert een portaal en geeft het als werkend portaal terug. */
export async function registreerPortaal(extra = {}, opties = {}) {
  const paar = await sleutelpaar(opties.alg);
  const geheim = extra.profiel === 'oidc';
  const { json: toepassing } = await moet('lfb', 'POST', '/toepassingen', {
    naam: extra.naam ?? 'Portaal Voorbeeld', organisatieId: organisatie('ziekenhuis').id, soort: 'portaal',
    redirectUris: [opties.terug ?? TERUG], postLogoutRedirectUris: [opties.uitgelogd ?? UITGELOGD],
    ...(geheim ? { profielReden: 'Voorbeeld van standaardsoftware.' } : { jwks: paar.jwks }), ...extra,
  });
  const sleutels = { clientId: toepassing.id };
  if (geheim) {
    sleutels.geheim = (await moet('lfb', 'POST', `/toepassingen/${toepassing.id}/geheimen`, {})).json.geheim;
    sleutels.geheimInFormulier = extra.clientAuthenticatie === 'client_secret_post';
  } else {
    sleutels.sleutel = paar.prive;
  }
  const fapi = extra.profiel === 'fapi2';
  const portaal = await maakPortaal({
    uitgever: basis, terug: TERUG, uitgelogd: UITGELOGD, par: fapi, dpop: fapi, idTokenAlg: toepassing.idTokenAlgoritme, ...sleutels, ...opties,
  });
  return Object.assign(portaal, sleutels, { toepassing });
}

/** Kiest de organisatie: zoeken, en de koppeling met haar naam volgen. */
export async function kies(bladeraar, naam, stop = bijPortaal) {
  const { id } = demo().organisaties.find((o) => o.naam === naam);
  const koppeling = () => new RegExp(`<a id="organisatie-${id}" href="([^"]+)"`).exec(bladeraar.html)?.[1];
  if (!koppeling()) await bladeraar.verstuur({ formulier: 'zoek', waarden: { zoek: naam }, stop });
  const href = koppeling();
  if (!href) throw new Error(`${naam} staat niet op ${bladeraar.adres}:\n${bladeraar.leesbaar.slice(0, 1000)}`);
  return bladeraar.ga(new URL(href.replaceAll('&amp;', '&').replaceAll('&#38;', '&'), bladeraar.adres).href, { stop });
}

/** Doorloopt de hub tot het portaal, of tot een pagina die verder niet gaat. */
export async function doorloop(bladeraar, adres, { naam = 'Ziekenhuis Voorbeeldveld', post, email, stop = bijPortaal } = {}) {
  const vanaf = post?.berichten.length ?? 0;
  await bladeraar.ga(adres, { stop });
  if (!stop(bladeraar.adres) && bladeraar.html.includes('id="zoeken"')) await kies(bladeraar, naam, stop);
  if (!stop(bladeraar.adres) && /name="code"/.test(bladeraar.html) && post) {
    const code = await post.code(email, vanaf);
    await bladeraar.verstuur({ formulier: 'code', waarden: { code }, stop });
  }
  // response_mode=form_post: een formulier naar het portaal.
  if (!stop(bladeraar.adres) && bladeraar.html.includes(TERUG) && /name="state"/.test(bladeraar.html)) bladeraar.formPost = bladeraar.formulier('state');
  return bladeraar;
}

/** Volgt de knop op een foutpagina die de browser met een fout naar het portaal terugstuurt; zonder pagina is hij er al. */
export async function terugNaarPortaal(bladeraar) {
  if (bijPortaal(bladeraar.adres)) return bladeraar;
  const href = /id="terug-naar-portaal" href="([^"]+)"/.exec(bladeraar.html)?.[1];
  if (!href) throw new Error(`geen weg terug op ${bladeraar.adres}: ${bladeraar.leesbaar.slice(0, 600)}`);
  return bladeraar.ga(new URL(href.replaceAll('&amp;', '&').replaceAll('&#38;', '&'), bladeraar.adres).href, { stop: bijPortaal });
}

/** Een hele aanmelding; geeft de tokens en de bezoeker, om mee verder te gaan. */
export async function logIn(portaal, { bladeraar = new Bladeraar(), extra = {}, ...rest } = {}) {
  const { adres, onthouden } = await portaal.begin(extra);
  await doorloop(bladeraar, adres, rest);
  if (!bijPortaal(bladeraar.adres)) throw new Error(`niet terug bij het portaal maar op ${bladeraar.adres} (${bladeraar.antwoord?.status}):\n${bladeraar.leesbaar.slice(0, 1500)}\n${bladeraar.spoor.join('\n')}`);
  return { tokens: await portaal.voltooi(bladeraar.adres, onthouden), bladeraar, onthouden, terug: bladeraar.adres };
}

/** Wat er terugkwam bij het portaal, als velden. */
export const antwoordVan = (bladeraar) => Object.fromEntries(new URL(bladeraar.adres).searchParams);

/** De nieuwste aanmelding met deze diagnose, zoals de IdP-beheerder haar leest. */
export async function aanmeldingMet(code, wie = 'idp-beheerder') {
  return (await moet(wie, 'GET', `/aanmeldingen?code=${code}&limit=1`)).json.items[0];
}

/** Beëindigt de sessie van deze tokens. */
export const beeindig = (tokens, wie = 'lfb') => moet(wie, 'POST', `/sessies/${tokens.claims().sid}/beeindigingen`, { reden: 'Voorbeeld van een ingreep.' });

