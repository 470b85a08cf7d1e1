// Roept het portaal in Python (portaal.py).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const inVenv = process.env.VENV && path.join(process.env.VENV, 'bin/python');
const python = inVenv && existsSync(inVenv) ? inVenv : 'python3';

export async function authlib(daad, opdracht) {
  const kind = spawn(python, [path.join(import.meta.dirname, 'portaal.py'), daad], { env: { ...process.env, AUTHLIB_INSECURE_TRANSPORT: '1' } });
  kind.stdin.end(JSON.stringify(opdracht));
  const einde = new Promise((klaar) => kind.on('close', klaar));
  const [uit, fout] = await Promise.all([text(kind.stdout), text(kind.stderr)]);
  if (await einde) throw new Error(`authlib ${daad}: ${fout.slice(-3000)}`);
  return JSON.parse(uit);
}
