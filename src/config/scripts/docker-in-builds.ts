import type { Tell } from '../finding.ts';
import { quoted } from '../printable.ts';
import { chainsOf, type ShellCommand } from '../shell/chains.ts';
import type { PlacedToken } from '../shell/nesting.ts';
import { simpleCommands } from '../shell/simple-commands.ts';
import { sureCommands } from '../shell/sure-commands.ts';
import type { TaskPart, TaskScripts } from './task-scripts.ts';

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
/** What tells builds apart, and what asks whether there is docker at all. */
const ASKING = /GITPOD_HEADLESS|\b(?:command -v|which|type|hash) docker\b/;
/** What a loop that only waits does meanwhile. */
const WAITING = new Set(['sleep', 'echo', 'printf', ':', 'true']);

/**
 * Tells where a build would need a Docker engine, which tasks of a build do not have: once for each part, as a warning;
 * and as an error where a loop waits for one for ever. A part that has an engine elsewhere (`DOCKER_HOST`), that tells
 * builds apart (`GITPOD_HEADLESS`) or asks first whether there is docker is trusted.
 */
export function tellDocker(
  tasks: readonly TaskScripts[],
  env: Readonly<Record<string, unknown>>,
  tell: Tell,
): void {
  for (const task of tasks) {
    if ('DOCKER_HOST' in task.env || 'DOCKER_HOST' in env) continue;
    if (task.build.some(({ code }) => code.includes('DOCKER_HOST'))) continue;
    for (const part of task.build) if (!ASKING.test(part.code)) tellOfPart(part, task, tell);
  }
}

function tellOfPart(part: TaskPart, { build }: TaskScripts, tell: Tell): void {
  const endless = endlessWait(part, build);
  if (endless !== undefined) {
    const message = 'the build would wait here for ever: its tasks have no Docker engine';
    tell({ severity: 'error', where: placeOf(endless, part), message, suggestion: WAY_OUT });
    return;
  }
  const [words] = simpleCommands(part.tokens)
    .map(dockerCall)
    .filter((call) => call.length > 0);
  if (words === undefined) return;
  const call = quoted(
    words
      .slice(0, 3)
      .map(({ text }) => text)
      .join(' '),
  );
  const message = `the tasks of a build have no Docker engine, so that ${call} fails in ${part.name}`;
  tell({ severity: 'warning', where: placeOf(words, part), message, suggestion: ADVICE });
}

const WAY_OUT = 'move it to "command", or name an engine elsewhere by DOCKER_HOST under "env"';
const ADVICE = 'move it to "command", or leave it out of builds: [ -n "$GITPOD_HEADLESS" ] || …';

/** The words of a command that needs an engine, from `docker` on; none for other commands. */
function dockerCall(words: readonly PlacedToken[]): readonly PlacedToken[] {
  const from = words.findIndex(({ text }) => !RUNNING.test(text));
  const [program, first, second] = from === -1 ? [] : words.slice(from);
  const call = words.slice(Math.max(from, 0));
  switch (program?.text.replace(/^\/usr\/(?:local\/)?s?bin\//, '')) {
    case 'docker-up':
    case 'dockerd':
      return call;
    case 'docker-compose':
      return first === undefined || COMPOSE_ALONE.has(first.text) ? [] : call;
    case 'docker':
      if (first === undefined || ALONE.has(first.text)) return [];
      return first.text === 'compose' && COMPOSE_ALONE.has(second?.text ?? 'help') ? [] : call;
    default:
      return [];
  }
}

/** `until docker info; do sleep 1; done` and the like: nothing but an engine ends it. */
function endlessWait(part: TaskPart, build: readonly TaskPart[]): readonly PlacedToken[] | undefined {
  const before = build.slice(0, build.indexOf(part));
  if (before.some(({ tokens }) => !sureCommands(tokens).isThrough)) return undefined;
  return sureCommands(part.tokens).commands.find(isEndless)?.tokens;
}

function isEndless({ compound, tokens }: ShellCommand): boolean {
  if (compound !== 'while' && compound !== 'until') return false;
  const [depth = 0, body] = [
    tokens[0]?.depth,
    tokens.findIndex(({ text, isReserved }) => text === 'do' && isReserved),
  ];
  const [condition, ...more] = chainsOf(tokens.slice(1, body), depth + 1);
  const [asked, ...others] = condition?.links ?? [];
  const [command, ...piped] = asked?.commands ?? [];
  if (command === undefined || [more, others, piped].some(({ length }) => length > 0)) return false;
  const waits = simpleCommands(tokens.slice(body + 1)).every(([word]) => WAITING.has(word?.text ?? ''));
  return waits && command.isNegated === (compound === 'while') && dockerCall(command.words).length > 0;
}

function placeOf(tokens: readonly PlacedToken[], { path }: TaskPart) {
  return { path, within: { start: tokens[0]?.start ?? 0, end: tokens.at(-1)?.end ?? 0 } };
}
