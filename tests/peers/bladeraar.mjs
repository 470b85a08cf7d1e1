// Een browser zonder JavaScript: koekjes, omleidingen en formulieren. Zo ziet iemand met een hulpmiddel de hub.
//
// Wat deze niet kan (scripts, opmaak, CSP), doet browser.mjs met een echte Chromium.
const ENTITEITEN = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'", '#x2F': '/', '#34': '"', '#38': '&', '#60': '<', '#62': '>' };
const tekst = (html) => html.replace(/&(#?\w+);/g, (heel, naam) => ENTITEITEN[naam] ?? heel);

function attributen(label) {
  const uit = {};
  for (const [, naam, , a, b] of label.matchAll(/([\w-]+)(=("([^"]*)"|'[^']*'|[^\s>]+))?/g)) uit[naam.toLowerCase()] = tekst(a === undefined ? '' : (b ?? a.replace(/^=?['"]?|['"]$/g, '')).replace(/^=/, ''));
  return uit;
}

/** De formulieren op een pagina, met hun velden en knoppen in volgorde. */
export function formulieren(html) {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, kop, inhoud]) => {
    const velden = [];
    for (const [, soort, label] of inhoud.matchAll(/<(input|button|select|textarea)\b([^>]*)>/gi)) velden.push({ element: soort.toLowerCase(), ...attributen(label) });
    return { ...attributen(kop), velden };
  });
}

export class Bladeraar {
  constructor({ taal = 'nl' } = {}) {
    this.koekjes = new Map();
    this.taal = taal;
    this.spoor = [];
  }

  #koekjesVoor(adres) {
    const { hostname, port, pathname } = new URL(adres);
    // Koekjes kennen geen poort, maar onze tegenpartijen delen 127.0.0.1: gescheiden houden, zoals echte hosts dat zijn.
    return [...this.koekjes.values()]
      .filter((k) => k.host === `${hostname}:${port}` && pathname.startsWith(k.pad))
      .map((k) => `${k.naam}=${k.waarde}`).join('; ');
  }

  #bewaar(adres, antwoord) {
    const { hostname, port } = new URL(adres);
    for (const regel of antwoord.headers.getSetCookie()) {
      const [paar, ...rest] = regel.split(';').map((deel) => deel.trim());
      const naam = paar.slice(0, paar.indexOf('='));
      const waarde = paar.slice(paar.indexOf('=') + 1);
      const eigenschappen = Object.fromEntries(rest.map((deel) => { const [n, w = ''] = deel.split('='); return [n.toLowerCase(), w]; }));
      const weg = eigenschappen['max-age'] === '0' || (eigenschappen.expires && new Date(eigenschappen.expires) < new Date());
      const sleutel = `${hostname}:${port}|${naam}`;
      if (weg) this.koekjes.delete(sleutel);
      else this.koekjes.set(sleutel, { naam, waarde, host: `${hostname}:${port}`, pad: eigenschappen.path || '/', ...eigenschappen });
    }
  }

  /** Eén verzoek, zonder omleiding te volgen. */
  async vraag(adres, { methode = 'GET', velden, koppen = {}, via } = {}) {
    const cookie = this.#koekjesVoor(adres);
    // `via` is een ander knooppunt achter dezelfde naam.
    const antwoord = await fetch(via ? via + adres.slice(new URL(adres).origin.length) : adres, {
      method: methode, redirect: 'manual',
      headers: {
        accept: 'text/html', 'accept-language': this.taal,
        ...(cookie ? { cookie } : {}),
        ...(this.adres && methode === 'POST' ? { origin: new URL(this.adres).origin, referer: this.adres } : {}),
        ...(velden ? { 'content-type': 'application/x-www-form-urlencoded' } : {}), ...koppen,
      },
      body: velden ? new URLSearchParams(velden) : undefined,
    });
    this.#bewaar(adres, antwoord);
    this.spoor.push(`${methode} ${adres.split('?')[0]} ${antwoord.status}`);
    return antwoord;
  }

  /** Volgt omleidingen tot een pagina, of tot een adres waarvan `stop` zegt dat het van de proef is. */
  async ga(adres, { methode = 'GET', velden, stop = () => false } = {}) {
    for (let sprong = 0; sprong < 20; sprong += 1) {
      if (stop(adres)) {
        this.adres = adres;
        this.antwoord = undefined;
        this.html = '';
        return this;
      }
      const antwoord = await this.vraag(adres, { methode, velden });
      this.adres = adres;
      if (antwoord.status >= 300 && antwoord.status < 400) {
        adres = new URL(antwoord.headers.get('location'), adres).href;
        if (antwoord.status !== 307 && antwoord.status !== 308) { methode = 'GET'; velden = undefined; }
        await antwoord.arrayBuffer();
        continue;
      }
      this.antwoord = antwoord;
      this.html = await antwoord.text();
      return this;
    }
    throw new Error(`blijft omleiden:\n${this.spoor.join('\n')}`);
  }

  get titel() {
    return tekst(/<title>([\s\S]*?)<\/title>/i.exec(this.html)?.[1] ?? '').trim();
  }

  get leesbaar() {
    return tekst(this.html.replace(/<(script|style)[\s\S]*?<\/\1>/gi, '').replace(/<[^>]+>/g, ' ')).replace(/\s+/g, ' ').trim();
  }

  /** Het formulier met dit veld (naam of id), of het eerste. */
  formulier(kenmerk) {
    const alle = formulieren(this.html);
    const gevonden = kenmerk ? alle.find((f) => f.id === kenmerk || f.velden.some((v) => v.name === kenmerk || v.id === kenmerk)) : alle[0];
    if (!gevonden) throw new Error(`geen formulier ${kenmerk ?? ''} op ${this.adres} (${this.titel}):\n${this.leesbaar.slice(0, 800)}\n${this.spoor.join('\n')}`);
    return gevonden;
  }

  /** Vult een formulier in en verstuurt het, met de knop die `knop` als waarde of naam heeft. */
  async verstuur({ formulier, waarden = {}, knop, stop } = {}) {
    const dit = this.formulier(formulier);
    const velden = {};
    for (const veld of dit.velden) {
      if (!veld.name) continue;
      if (veld.element === 'button' || veld.type === 'submit') {
        if (knop !== undefined && (veld.value === knop || veld.name === knop)) velden[veld.name] = veld.value ?? '';
      } else if ((veld.type !== 'radio' && veld.type !== 'checkbox') || 'checked' in veld) {
        velden[veld.name] = veld.value ?? '';
      }
    }
    Object.assign(velden, waarden);
    const doel = new URL(dit.action || this.adres, this.adres);
    if ((dit.method ?? 'get').toLowerCase() === 'post') return this.ga(doel.href, { methode: 'POST', velden, stop });
    doel.search = new URLSearchParams(velden).toString();
    return this.ga(doel.href, { stop });
  }
}
