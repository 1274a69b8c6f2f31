import { spawn } from 'node:child_process';
import { accessSync, constants, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { SetupFailure } from './failure.mjs';

/** @type {string | undefined} */
let logFolder;

/**
 * The file that keeps what the commands of this run print; it is made when the first command needs it.
 * @returns {string}
 */
export function logFile() {
  logFolder ??= mkdtempSync(join(tmpdir(), 'preheat-setup-'));
  return join(logFolder, 'setup.log');
}

/** Removes the log file of a run that had nothing to complain about. */
export function forgetLog() {
  if (logFolder !== undefined) rmSync(logFolder, { recursive: true, force: true });
  logFolder = undefined;
}

/** npm puts every node_modules/.bin above the working directory first in PATH; `npm ci` must not run from there. */
export function systemPath(path = process.env['PATH'] ?? '') {
  return path
    .split(delimiter)
    .filter((folder) => !folder.endsWith(join('node_modules', '.bin')) && !folder.includes('node-gyp-bin'))
    .join(delimiter);
}

/** Root's own tools live in sbin, which the PATH of a login as a user lacks. */
const searchPath = () => [systemPath(), '/usr/local/sbin', '/usr/sbin', '/sbin'].join(delimiter);

/**
 * Where a program is, looked up as a shell would, without starting anything.
 * @param {string} name
 * @returns {string | undefined}
 */
export function findProgram(name) {
  const files = searchPath()
    .split(delimiter)
    .map((folder) => join(folder, name));
  return files.find((file) => isExecutable(file));
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * @typedef {object} RunOptions
 * @property {number} [seconds] the time after which the command is ended (default 600)
 * @property {string} [cwd]
 * @property {Record<string, string>} [env] added to this process's environment
 */

/**
 * Runs a command to its end. What it prints goes to the log file; its standard output is also returned.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>} standard output
 * @throws {SetupFailure} when it cannot be started, ends with a code other than 0 or takes too long
 */
export async function run(command, args, options = {}) {
  const log = createWriteStream(logFile(), { flags: 'a' });
  log.write(`\n$ ${command} ${args.join(' ')}\n`);
  try {
    return await runInto(log, command, args, options);
  } finally {
    log.end();
    await finished(log);
  }
}

/**
 * @param {import('node:fs').WriteStream} log
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} options
 * @returns {Promise<string>}
 */
async function runInto(log, command, args, options) {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, PATH: searchPath(), DEBIAN_FRONTEND: 'noninteractive', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: (options.seconds ?? 600) * 1000,
  });
  let output = '';
  child.stdout.on('data', (/** @type {Buffer} */ chunk) => {
    output += chunk.toString();
    log.write(chunk);
  });
  child.stderr.on('data', (/** @type {Buffer} */ chunk) => log.write(chunk));
  const why = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code === 0 ? undefined : `it ended with ${signal ?? code}`));
  });
  if (why === undefined) return output;
  throw new SetupFailure(`cannot run ${command} ${args[0] ?? ''}: ${why}`, `Read ${logFile()}.`);
}
