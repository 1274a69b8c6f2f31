import { readFile } from 'node:fs/promises';
import type { OutsideAccess } from '../build/task-environment.ts';
import { messageOf, PreheatError } from '../kernel/failure.ts';
import type { Session } from './session.ts';

const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const;

/** How tasks reach the outside: `--ca-bundle`, and the proxy variables of this program's own environment. */
export async function outsideAccess({ settings, environment, redactor }: Session): Promise<OutsideAccess> {
  const given = PROXY_VARIABLES.flatMap((name) => {
    const value = environment[name] || environment[name.toLowerCase()];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  for (const [, value] of given) for (const secret of passwordsIn(value)) redactor.add(secret);
  const file = settings['ca-bundle'];
  return {
    ...(given.length === 0 ? {} : { proxies: Object.fromEntries(given) }),
    ...(file === undefined ? {} : { caBundle: await readBundle(file) }),
  };
}

async function readBundle(file: string): Promise<Uint8Array> {
  const bytes = await readFile(file).catch((thrown: unknown) => {
    throw unusable(file, messageOf(thrown), thrown);
  });
  if (!bytes.includes('-----BEGIN CERTIFICATE-----')) throw unusable(file, 'it holds no PEM certificate');
  return bytes;
}

function unusable(file: string, why: string, cause?: unknown): PreheatError {
  return new PreheatError(`cannot use --ca-bundle ${file}: ${why}`, {
    phase: 'usage',
    code: 'usage',
    hint: 'Name a readable PEM file.',
    cause,
  });
}

/** In the forms in which tools show it: as it was given, and decoded. Curl takes an address without a scheme too. */
function passwordsIn(proxy: string): readonly string[] {
  const url = URL.parse(proxy.includes('://') ? proxy : `http://${proxy}`);
  const password = url?.password ?? '';
  if (password === '') return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    // A lone "%" is no escape; then there is nothing to decode.
    return [password];
  }
}
