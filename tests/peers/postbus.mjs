// Een postbus die SMTP spreekt: de hub bezorgt hier echt, en de proef leest wat een mens zou lezen.
import { createServer } from 'node:net';

export async function startPostbus(poort) {
  const berichten = [];
  let wachtend = [];
  const server = createServer((lijn) => {
    let rest = '';
    let inhoud = null;
    let aan = [];
    lijn.setEncoding('utf8');
    lijn.on('error', () => {});
    lijn.write('220 postbus.example ESMTP\r\n');
    lijn.on('data', (stuk) => {
      rest += stuk;
      let einde;
      while ((einde = rest.indexOf('\r\n')) >= 0) {
        const regel = rest.slice(0, einde);
        rest = rest.slice(einde + 2);
        if (inhoud !== null) {
          if (regel !== '.') { inhoud.push(regel.replace(/^\.\./, '.')); continue; }
          const bericht = { aan, bron: inhoud.join('\n'), tekst: leesbaar(inhoud.join('\n')) };
          berichten.push(bericht);
          wachtend = wachtend.filter((w) => !w(bericht));
          inhoud = null;
          aan = [];
          lijn.write('250 aangenomen\r\n');
          continue;
        }
        const [, woord, wat] = /^(\w+)\s*(.*)$/.exec(regel) ?? [];
        switch ((woord ?? '').toUpperCase()) {
          case 'EHLO': lijn.write('250-postbus.example\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n'); break;
          case 'RCPT': aan.push(/<([^>]*)>/.exec(wat)?.[1] ?? wat); lijn.write('250 goed\r\n'); break;
          case 'DATA': inhoud = []; lijn.write('354 ga uw gang\r\n'); break;
          case 'QUIT': lijn.end('221 tot ziens\r\n'); break;
          default: lijn.write('250 goed\r\n');
        }
      }
    });
  });
  await new Promise((klaar, mis) => server.once('error', mis).listen(poort, '127.0.0.1', klaar));
  return {
    berichten,
    poort: server.address().port,
    /** De code in het eerstvolgende bericht aan dit adres dat na `vanaf` binnenkwam. */
    async code(adres, vanaf = 0, ms = 20_000) {
      const zoek = (bericht) => bericht.aan.includes(adres) && /\b\d{8}\b|\b\d{4} \d{4}\b/.exec(bericht.tekst)?.[0].replace(' ', '');
      const al = berichten.slice(vanaf).map(zoek).find(Boolean);
      if (al) return al;
      return new Promise((klaar, mis) => {
        const klok = setTimeout(() => mis(new Error(`geen code voor ${adres} binnen ${ms} ms; wel post voor: ${berichten.map((b) => b.aan).join(', ')}`)), ms);
        wachtend.push((bericht) => { const code = zoek(bericht); if (code) { clearTimeout(klok); klaar(code); } return Boolean(code); });
      });
    },
    stop: () => new Promise((klaar) => server.close(klaar)),
  };
}

// quoted-printable en base64, zoals een postprogramma het toont.
function leesbaar(bron) {
  const [kop, ...delen] = bron.split('\n\n');
  const inhoud = delen.join('\n\n');
  if (/content-transfer-encoding:\s*base64/i.test(kop)) return Buffer.from(inhoud, 'base64').toString('utf8');
  if (!/content-transfer-encoding:\s*quoted-printable/i.test(kop)) return inhoud;
  const bytes = inhoud.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
