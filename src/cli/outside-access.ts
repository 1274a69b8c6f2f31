import { readFile } from 'node:fs/promises';
import { proxyPasswords } from '../build/proxy-passwords.ts';
import type { OutsideAccess } from '../build/task-environment.ts';
import { messageOf, PreheatError } from '../kernel/failure.ts';
import { SHORTEST_SEARCHED } from '../build/secret-search.ts';
import type { Session } from './session.ts';
import { requiredSecrets } from './task-secrets.ts';

const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const;

/**
 * What tasks get from outside: `--ca-bundle`, and of this program's own environment the proxy variables and the secrets
 * that `--task-secrets` names. No password in them is ever shown.
 */
export async function outsideAccess(session: Session): Promise<OutsideAccess> {
  const secrets = taskSecrets(session);
  const proxies = outsideProxies(session);
  const file = session.settings['ca-bundle'];
  return {
    ...(Object.keys(secrets).length === 0 ? {} : { secrets }),
    ...(Object.keys(proxies).length === 0 ? {} : { proxies }),
    ...(file === undefined ? {} : { caBundle: await readBundle(file) }),
  };
}

/** The proxy variables of this program's own environment, in capitals. No password in them is ever shown. */
export function outsideProxies({
  environment,
  redactor,
}: Pick<Session, 'environment' | 'redactor'>): Readonly<Record<string, string>> {
  const given = PROXY_VARIABLES.flatMap((name) => {
    const value = environment[name] || environment[name.toLowerCase()];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  for (const [, value] of given) for (const secret of proxyPasswords(value)) redactor.add(secret);
  return Object.fromEntries(given);
}

function taskSecrets({ settings, environment, redactor, log }: Session): Readonly<Record<string, string>> {
  const secrets = requiredSecrets(settings['task-secrets'], environment);
  for (const [name, value] of Object.entries(secrets)) {
    redactor.add(value);
    if (Buffer.byteLength(value.trim()) >= SHORTEST_SEARCHED) continue;
    log.warn(`the secret ${name} is so short that layers are not searched for it`);
  }
  return secrets;
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
