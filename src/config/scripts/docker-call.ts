import type { PlacedToken } from '../shell/nesting.ts';

/** What docker's client does without an engine. */
const ALONE = new Set([
  'help',
  'version',
  '--version',
  '-v',
  '--help',
  'login',
  'logout',
  'context',
  'manifest',
]);
const COMPOSE_ALONE = new Set(['version', 'config', '--version', '--help', 'help']);
/** What stands in front of a command and runs it. */
const RUNNING = /^(?:sudo|time|nohup|exec|command|env|nice|-\w+|--[\w-]+|timeout|\d+[smhd]?)$/;
const FOLDER = /^\/usr\/(?:local\/)?s?bin\//;

/** The words of a command that needs a Docker engine, from `docker` on; none for other commands. */
export function dockerCall(words: readonly PlacedToken[]): readonly PlacedToken[] {
  const from = words.findIndex(({ text }) => !RUNNING.test(text));
  const call = from === -1 ? [] : words.slice(from);
  return needsEngine(call.map(({ text }) => text)) ? call : [];
}

function needsEngine([program = '', ...words]: readonly string[]): boolean {
  switch (program.replace(FOLDER, '')) {
    case 'docker-up':
    case 'dockerd':
      return true;
    case 'docker-compose':
      return composeNeedsEngine(words);
    case 'docker':
      return clientNeedsEngine(words);
    default:
      return false;
  }
}

function clientNeedsEngine([first, ...words]: readonly string[]): boolean {
  if (first === undefined || ALONE.has(first)) return false;
  return first !== 'compose' || composeNeedsEngine(words);
}

function composeNeedsEngine([first]: readonly string[]): boolean {
  return first !== undefined && !COMPOSE_ALONE.has(first);
}
