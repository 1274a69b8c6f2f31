import { styleText } from 'node:util';

const seconds = (/** @type {number} */ since) => `${Math.round((performance.now() - since) / 1000)} s`;

/**
 * `styleText` exists from Node 20.12 on and looks at the terminal itself only later, so ask here.
 * @param {'green' | 'yellow' | 'red'} colour
 * @param {string} text
 */
function paint(colour, text) {
  const plain =
    !process.stdout.isTTY || process.env['NO_COLOR'] !== undefined || typeof styleText !== 'function';
  return plain ? text : styleText(colour, text);
}

/** One line for a thing that is there. @param {string} line */
export const found = (line) => console.log(`${paint('green', '✔')} ${line}`);

/** One line for something to know that stops nothing. @param {string} line */
export const note = (line) => console.log(`${paint('yellow', '!')} ${line}`);

/**
 * The two lines that end a set-up that could not go on.
 * @param {string} message
 * @param {string} hint
 */
export function failed(message, hint) {
  console.error(`${paint('red', '✘')} ${message}`);
  console.error(`  ${hint}`);
}

/**
 * Tells what takes long, does it, and tells how long it took.
 * @template T
 * @param {string} what such as "installing docker.io from Debian 13"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function during(what, work) {
  const start = performance.now();
  process.stdout.write(`… ${what} `);
  try {
    const result = await work();
    console.log(seconds(start));
    return result;
  } catch (error) {
    console.log(`failed after ${seconds(start)}`);
    throw error;
  }
}
