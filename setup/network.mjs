import { callEngine } from './engine-api.mjs';
import { found, note } from './say.mjs';

/** @typedef {import('./engine-api.mjs').Engine} Engine */

const registry = 'https://registry.npmjs.org/-/ping';

/** Prints "ok" or the code of the deepest cause of a failed request. */
const probe = `fetch(${JSON.stringify(registry)}, { signal: AbortSignal.timeout(15000) })
  .then(() => console.log('ok'), (error) => console.log(error.cause?.code ?? error.code ?? error.message));`;

/** What a failed request in a container means, by the code that Node gives. */
const meanings = new Map([
  ['ENOTFOUND', 'the name cannot be resolved: give dockerd a name server that containers reach (--dns)'],
  ['EAI_AGAIN', 'no name server answers: give dockerd one that containers reach (--dns)'],
  ['ECONNREFUSED', 'the connection is refused: check the firewall and the forwarding of the bridge network'],
  ['SELF_SIGNED_CERT_IN_CHAIN', trustMeaning()],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', trustMeaning()],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', trustMeaning()],
]);

function trustMeaning() {
  return 'it is reached, but its certificate is signed by an authority that only this machine trusts';
}

/**
 * Asks whether a container reaches what this machine reaches, and says so. It never fails: tasks may need no network.
 * @param {Engine} engine
 */
export async function checkNetwork(engine) {
  const here = await fetch(registry, { signal: AbortSignal.timeout(15_000) }).then(
    () => true,
    () => false,
  );
  if (!here) return note('this machine does not reach the npm registry, so containers were not asked to');
  const answer = await askInContainer(engine);
  if (answer === 'ok') return found('containers reach the npm registry');
  note(`containers do not reach the npm registry as this machine does: ${meaningOf(answer)}`);
}

/**
 * @param {string} answer what the probe in the container printed
 * @returns {string}
 */
export function meaningOf(answer) {
  return meanings.get(answer) ?? (answer === '' ? 'the container did not start' : answer);
}

/**
 * @param {Engine} engine
 * @returns {Promise<string>} what the probe prints, "" when it did not run
 */
async function askInContainer(engine) {
  const json = { Image: 'node:24-bookworm', Cmd: ['node', '-e', probe], Tty: true };
  const created = await callEngine(engine, '/containers/create', { method: 'POST', json });
  const { Id } = /** @type {{ Id?: string }} */ (JSON.parse(created.text));
  if (Id === undefined) return '';
  try {
    await callEngine(engine, `/containers/${Id}/start`, { method: 'POST' });
    await callEngine(engine, `/containers/${Id}/wait`, { method: 'POST', idleSeconds: 60 });
    const { text } = await callEngine(engine, `/containers/${Id}/logs?stdout=true`);
    return text.trim();
  } finally {
    await callEngine(engine, `/containers/${Id}?force=true`, { method: 'DELETE' });
  }
}
