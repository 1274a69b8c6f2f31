import { readFile } from 'node:fs/promises';
import type { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { join } from 'node:path';
import type { DockerOptions } from 'dockerode';
import { messageOf } from '../../kernel/failure.ts';
import type { EngineAddress } from './engine-address.ts';
import { nodeHttp } from './node-http.ts';

/**
 * What dockerode needs to reach an engine. Every field is given, `undefined` ones too, because dockerode fills the gaps
 * from `DOCKER_HOST` and its kin by itself. `certificates` is a folder with `ca.pem`, `cert.pem` and `key.pem`.
 */
export async function dockerOptions(
  address: EngineAddress,
  certificates: string | undefined,
): Promise<DockerOptions> {
  const none = { ca: undefined, cert: undefined, key: undefined };
  if (address.kind === 'socket') {
    return {
      ...none,
      socketPath: address.path,
      host: undefined,
      port: undefined,
      protocol: 'http',
      ...connections(false),
    };
  }
  const { host, port } = address;
  const tls = address.tls || certificates !== undefined;
  const keys = certificates === undefined ? none : await readCertificates(certificates);
  return {
    ...keys,
    socketPath: undefined,
    host,
    port,
    protocol: tls ? 'https' : 'http',
    ...connections(tls),
  };
}

/** A connection for each call: an idle one that a proxy has closed fails the next call with ECONNRESET. */
function connections(tls: boolean): { readonly agent: Agent } {
  const AgentOfKind = tls ? HttpsAgent : nodeHttp().Agent;
  return { agent: new AgentOfKind({ keepAlive: false }) };
}

async function readCertificates(folder: string): Promise<Pick<DockerOptions, 'ca' | 'cert' | 'key'>> {
  try {
    const [ca, cert, key] = await Promise.all(
      ['ca.pem', 'cert.pem', 'key.pem'].map(async (name) => readFile(join(folder, name))),
    );
    return { ca, cert, key };
  } catch (thrown) {
    throw new Error(`its certificates cannot be read: ${messageOf(thrown)}`, { cause: thrown });
  }
}
