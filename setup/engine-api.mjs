import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { pipeline } from 'node:stream/promises';

const standardSocket = '/var/run/docker.sock';

/**
 * @typedef {object} Engine where an engine listens
 * @property {string} address for messages
 * @property {boolean} local whether it shares this machine's network interfaces
 * @property {{ socketPath: string } | { host: string, port: number }} connection
 */

/**
 * The engine that the environment names (DOCKER_HOST), else the standard socket.
 * @param {string | undefined} dockerHost
 * @returns {Engine | undefined} undefined for schemes that this set-up cannot ask (ssh:, npipe:, TLS)
 */
export function engineAt(dockerHost) {
  if (dockerHost === undefined || dockerHost === '')
    return { address: standardSocket, local: true, connection: { socketPath: standardSocket } };
  const url = new URL(dockerHost);
  if (url.protocol === 'unix:')
    return { address: url.pathname, local: true, connection: { socketPath: url.pathname } };
  if (url.protocol !== 'tcp:' && url.protocol !== 'http:') return undefined;
  const port = Number(url.port || '2375');
  return { address: `${url.hostname}:${port}`, local: false, connection: { host: url.hostname, port } };
}

/**
 * @typedef {object} Call
 * @property {string} [method] default GET
 * @property {unknown} [json] a body to send
 * @property {AsyncIterable<Buffer>} [stream] a tar to send instead
 * @property {number} [seconds] ends the call after so long, whatever comes
 * @property {number} [idleSeconds] ends the call when nothing comes for so long (default 30)
 */

/**
 * One call of the Engine API (https://docs.docker.com/reference/api/engine/).
 * @param {Engine} engine
 * @param {string} path
 * @param {Call} [call]
 * @returns {Promise<{ status: number, text: string }>}
 */
export async function callEngine(engine, path, call = {}) {
  const type = call.stream === undefined ? 'application/json' : 'application/x-tar';
  const outgoing = request({
    ...engine.connection,
    ...(call.seconds === undefined ? {} : { signal: AbortSignal.timeout(call.seconds * 1000) }),
    path,
    method: call.method ?? 'GET',
    headers: { host: 'engine', 'content-type': type },
  });
  outgoing.setTimeout((call.idleSeconds ?? 30) * 1000, () =>
    outgoing.destroy(new Error('the engine said nothing')),
  );
  const body = call.stream ?? (call.json === undefined ? [] : [JSON.stringify(call.json)]);
  // An engine that refuses a body may hang up while it is sent; its answer, or the lack of one, tells why.
  pipeline(body, outgoing).catch(() => {});
  const [incoming] = await once(outgoing, 'response');
  const answer = /** @type {import('node:http').IncomingMessage} */ (incoming);
  return { status: answer.statusCode ?? 0, text: await readAll(answer) };
}

/** @param {AsyncIterable<Buffer>} incoming */
async function readAll(incoming) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/**
 * The version that a running engine tells, undefined when none answers.
 * @param {Engine} engine
 * @returns {Promise<string | undefined>}
 */
export async function engineVersion(engine) {
  if ('socketPath' in engine.connection && !existsSync(engine.connection.socketPath)) return undefined;
  try {
    const ping = await callEngine(engine, '/_ping', { idleSeconds: 5 });
    if (ping.status !== 200) return undefined;
    const { text } = await callEngine(engine, '/version', { idleSeconds: 5 });
    const { Version } = /** @type {{ Version?: string }} */ (JSON.parse(text));
    return Version ?? 'of unknown version';
  } catch {
    return undefined;
  }
}

/**
 * The error that an answer of 200 may still carry, one JSON value a line.
 * @param {string} text
 * @returns {string | undefined}
 */
export function streamError(text) {
  const lines = text.split('\n').filter((line) => line.includes('"error"') || line.includes('"message"'));
  for (const line of lines) {
    const { error, message } = /** @type {{ error?: string, message?: string }} */ (JSON.parse(line));
    if (error !== undefined || message !== undefined) return error ?? message;
  }
  return undefined;
}
