import {
  openDirectRegistry,
  type DirectOptions,
} from '../../src/adapters/oras/direct/open-direct-registry.ts';
import type { RegistryAnswer, Wanted } from '../../src/adapters/oras/direct/direct-registry.ts';
import type { Oras } from '../../src/adapters/oras/oras.ts';
import type { Credentials } from '../../src/oci/credential-source.ts';
import { startFaultProxy, type Fault, type FaultProxy, type ProxiedRequest } from './fault-proxy.ts';
import { testOras } from './oras.ts';
import { ACCOUNT } from './registry.ts';
import { testSignal } from './staged-image.ts';

export const nobody = { credentialsFor: async () => undefined };

/** The one account of a registry with a password. */
export const builder = { credentialsFor: async (): Promise<Credentials> => ACCOUNT };

/** What `Authorization` says for {@link ACCOUNT}. */
export const BASIC = `Basic ${Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64')}`;

/** The direct way, by default without proxies and credentials. */
export function openDirect(options: Partial<DirectOptions> = {}) {
  return openDirectRegistry({ credentials: nobody, environment: {}, ...options });
}

/** Oras that has the direct way and no program: a call that is left to the program fails. */
export function orasWithoutProgram(options: Partial<DirectOptions> = {}): Oras {
  const binary = async (): Promise<string> => {
    throw new Error('oras was to run');
  };
  return testOras({ direct: openDirect(options), binary });
}

/** One question about the repository `a/b`. */
export async function askAbout(
  registry: string,
  wanted: Wanted,
  options: Partial<DirectOptions> = {},
): Promise<RegistryAnswer> {
  return await openDirect(options).ask({ registry, repository: 'a/b', wanted }, { signal: testSignal() });
}

/** The bytes of an answer as text; what else it is where it is not found. */
export function textOf(answer: RegistryAnswer): string {
  return answer.kind === 'found' ? Buffer.from(answer.content).toString('utf8') : answer.kind;
}

/** A server on loopback that answers only what it is told, and remembers what it was asked. */
export interface ScriptedServer extends AsyncDisposable {
  readonly host: string;
  readonly requests: readonly ProxiedRequest[];
}

export async function startScripted(
  answer: (request: ProxiedRequest, host: string) => Fault,
): Promise<ScriptedServer> {
  const requests: ProxiedRequest[] = [];
  const proxy: FaultProxy = await startFaultProxy('127.0.0.1:1');
  proxy.intercept = (request) => {
    requests.push(request);
    return answer(request, proxy.host);
  };
  return { host: proxy.host, requests, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() };
}

/** An answer of a scripted server. */
export function answer(status: number, body = '', headers: Readonly<Record<string, string>> = {}): Fault {
  return { kind: 'answer', status, body, headers };
}
