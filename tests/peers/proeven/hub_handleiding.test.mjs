// docs/handleiding-portaal.md, letterlijk uitgevoerd: sleutel en registratie, dan het portaal in Node en in Python, met inloggen en al.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Bladeraar } from '../bladeraar.mjs';
import { doorloop, persoon, postbus, sluitIdpAan } from '../hub.mjs';

const handleiding = [process.env.HUIS, path.join(import.meta.dirname, '../../..')].filter(Boolean).map((huis) => path.join(huis, 'docs/handleiding-portaal.md')).find(existsSync);
const blok = (taal) => {
  const gevonden = new RegExp(`^\`\`\`${taal}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(readFileSync(handleiding, 'utf8'));
  assert.ok(gevonden, `geen blok ${taal}`);
  return gevonden[1];
};
const daan = persoon('Daan');
let idp, post, map;

before(async () => {
  post = await postbus();
  idp = await sluitIdpAan();
  map = mkdtempSync(path.join(tmpdir(), 'handleiding-'));
  symlinkSync(path.join(import.meta.dirname, '../node_modules'), path.join(map, 'node_modules'));
  execFileSync('bash', ['-euo', 'pipefail', '-c', blok('sh')], { cwd: map, stdio: ['ignore', 'pipe', 'inherit'] });
});
after(async () => { await idp?.stop(); await post?.stop(); if (map) rmSync(map, { recursive: true }); });

const vrij = () => new Promise((klaar) => { const s = createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => klaar(port)); }); });

async function probeer(opdracht, bestand, tekst) {
  writeFileSync(path.join(map, bestand), tekst);
  const poort = await vrij();
  const kind = spawn(opdracht, [bestand], { cwd: map, env: { ...process.env, PORT: String(poort) }, stdio: ['ignore', 'pipe', 'pipe'] });
  let uitvoer = '';
  for (const stroom of [kind.stdout, kind.stderr]) stroom.on('data', (stuk) => { uitvoer += stuk; });
  try {
    for (let keer = 0; keer < 100; keer += 1) {
      if (await fetch(`http://127.0.0.1:${poort}/`).then((a) => a.ok, () => false)) break;
      assert.equal(kind.exitCode, null, uitvoer);
      await new Promise((klaar) => { setTimeout(klaar, 100); });
    }
    const b = new Bladeraar();
    const thuis = `http://127.0.0.1:${poort}/terug`;
    await doorloop(b, `http://127.0.0.1:${poort}/inloggen`, { post, email: daan.email, stop: () => false });
    assert.ok(b.adres.startsWith(thuis), `${b.adres}: ${b.leesbaar.slice(0, 500)}\n${uitvoer}`);
    assert.equal(b.html, `Welkom ${daan.id}, ingelogd met https://refeds.org/profile/mfa`);
  } finally {
    kind.kill();
  }
}

test('het portaal in Node', () => probeer(process.execPath, 'portaal.mjs', blok('js')));
test('het portaal in Python', () => probeer(process.env.VENV ? path.join(process.env.VENV, 'bin/python') : 'python3', 'portaal.py', blok('python')));
