import { callEngine, streamError } from './engine-api.mjs';
import { SetupFailure } from './failure.mjs';
import { during, found, note } from './say.mjs';
import { standIns } from './stand-ins.mjs';

/** The images that examples, tests and the pipe's Dockerfile name. A later one may be built on an earlier one. */
export const baseImages = [
  'debian:bookworm',
  'node:24-bookworm',
  'busybox:1.36',
  'buildpack-deps:bookworm',
  'debian:trixie-slim',
  'node:24-trixie-slim',
];

/** @typedef {import('./engine-api.mjs').Engine} Engine */

/**
 * Has every base image in the engine: there already, pulled, or bootstrapped where no registry can be reached.
 * @param {Engine} engine
 * @returns {Promise<boolean>} whether one had to be got
 * @throws {SetupFailure} when an image can neither be pulled nor bootstrapped
 */
export async function provideImages(engine) {
  let registryAnswers = true;
  let got = false;
  for (const name of baseImages) {
    if ((await labelsOf(engine, name)) === undefined) {
      got = true;
      registryAnswers = await provideImage(engine, name, registryAnswers);
    }
    const standIn = (await labelsOf(engine, name))?.['preheat.stand-in'] !== undefined;
    found(`image ${name}${standIn ? ' (a stand-in bootstrapped from Debian and npm packages)' : ''}`);
  }
  return got;
}

/**
 * @param {Engine} engine
 * @param {string} name
 * @param {boolean} mayPull
 * @returns {Promise<boolean>} whether it is worth to try to pull another one
 */
async function provideImage(engine, name, mayPull) {
  const why = mayPull ? await during(`pulling ${name}`, () => pull(engine, name)) : 'no registry';
  if (why === undefined) return true;
  if (mayPull) note(`cannot pull ${name}: ${why}`);
  const make = standIns[name];
  if (make === undefined)
    throw new SetupFailure(`cannot get image ${name}: ${why}`, `Run docker pull ${name}.`);
  await during(`bootstrapping a stand-in for ${name}`, () => make(engine, name));
  return false;
}

/**
 * @param {Engine} engine
 * @param {string} name
 * @returns {Promise<string | undefined>} why it failed, undefined when it did not
 */
async function pull(engine, name) {
  const [repository = '', tag = 'latest'] = name.split(':');
  const path = `/images/create?fromImage=${encodeURIComponent(repository)}&tag=${encodeURIComponent(tag)}`;
  try {
    const { status, text } = await callEngine(engine, path, {
      method: 'POST',
      idleSeconds: 60,
      seconds: 600,
    });
    return streamError(text) ?? (status === 200 ? undefined : text.trim());
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * @param {Engine} engine
 * @param {string} name
 * @returns {Promise<Record<string, string> | undefined>} undefined when the engine has no such image
 */
async function labelsOf(engine, name) {
  const { status, text } = await callEngine(engine, `/images/${name}/json`);
  if (status !== 200) return undefined;
  const image = /** @type {{ Config?: { Labels?: Record<string, string> | null } }} */ (JSON.parse(text));
  return image.Config?.Labels ?? {};
}
