import type { Tell } from '../finding.ts';
import { quoted } from '../printable.ts';
import { chainsOf, type ShellCommand } from '../shell/chains.ts';
import type { PlacedToken } from '../shell/nesting.ts';
import { simpleCommands } from '../shell/simple-commands.ts';
import { sureCommands } from '../shell/sure-commands.ts';
import { dockerCall } from './docker-call.ts';
import type { PartWords } from './part-words.ts';
import type { TaskPart, TaskScripts } from './task-scripts.ts';

/** What tells builds apart, and what asks whether there is docker at all. */
const ASKING = /GITPOD_HEADLESS|\b(?:command -v|which|type|hash) docker\b/;
/** What a loop that only waits does meanwhile. */
const WAITING = new Set(['sleep', 'echo', 'printf', ':', 'true']);

/** What is known of where tasks run. */
export interface TaskSurroundings {
  /** Variables of all tasks. */
  readonly env: Readonly<Record<string, unknown>>;
  readonly words: PartWords;
  /** Whether the base is built from a Dockerfile, which may name an engine. */
  readonly hasDockerfile: boolean;
}

/**
 * Tells where a build would need a Docker engine, which tasks of a build do not have: once for each part, as a warning;
 * and as an error where a loop waits for one for ever, if no Dockerfile may have named one. A part that has an engine elsewhere (`DOCKER_HOST`), that tells
 * builds apart (`GITPOD_HEADLESS`) or asks first whether there is docker is trusted.
 */
export function tellDocker(tasks: readonly TaskScripts[], around: TaskSurroundings, tell: Tell): void {
  for (const task of tasks) {
    if ('DOCKER_HOST' in task.env || 'DOCKER_HOST' in around.env) continue;
    if (task.build.some(({ code }) => code.includes('DOCKER_HOST'))) continue;
    for (const part of task.build) if (!ASKING.test(part.code)) tellOfPart(part, task, around, tell);
  }
}

function tellOfPart(
  part: TaskPart,
  { build }: TaskScripts,
  { hasDockerfile, words: { atStarts, env } }: TaskSurroundings,
  tell: Tell,
): void {
  const endless = endlessWait(part, build);
  if (endless !== undefined) {
    const message = 'the build would wait here for ever: its tasks have no Docker engine';
    const severity = hasDockerfile ? 'warning' : 'error';
    const suggestion = `move it to ${atStarts}, or name an engine elsewhere by DOCKER_HOST under ${env}`;
    tell({ severity, where: placeOf(endless, part), message, suggestion });
    return;
  }
  const words = simpleCommands(part.tokens)
    .map(dockerCall)
    .find((call) => call.length > 0);
  if (words === undefined) return;
  const call = words.map(({ text }) => text).slice(0, 3);
  const message = `the tasks of a build have no Docker engine, so that ${quoted(call.join(' '))} fails in ${part.name}`;
  const suggestion = `move it to ${atStarts}, or leave it out of builds: [ -n "$GITPOD_HEADLESS" ] || …`;
  tell({ severity: 'warning', where: placeOf(words, part), message, suggestion });
}

/** `until docker info; do sleep 1; done` and the like: nothing but an engine ends it. */
function endlessWait(part: TaskPart, build: readonly TaskPart[]): readonly PlacedToken[] | undefined {
  const before = build.slice(0, build.indexOf(part));
  if (before.some(({ tokens }) => !sureCommands(tokens).isThrough)) return undefined;
  return sureCommands(part.tokens).commands.find(isEndless)?.tokens;
}

function isEndless({ compound, tokens }: ShellCommand): boolean {
  if (compound !== 'while' && compound !== 'until') return false;
  const body = tokens.findIndex(({ text, isReserved }) => text === 'do' && isReserved);
  const asked = onlyCommand(tokens.slice(1, body));
  if (asked === undefined || asked.isNegated !== (compound === 'while')) return false;
  return dockerCall(asked.words).length > 0 && onlyWaits(tokens.slice(body + 1));
}

/** The command of tokens that hold no other. */
function onlyCommand(tokens: readonly PlacedToken[]): ShellCommand | undefined {
  const commands = chainsOf(tokens, tokens[0]?.depth).flatMap(({ links }) =>
    links.flatMap((link) => link.commands),
  );
  return commands.length === 1 ? commands[0] : undefined;
}

function onlyWaits(tokens: readonly PlacedToken[]): boolean {
  return simpleCommands(tokens).every(([word]) => WAITING.has(word?.text ?? ''));
}

function placeOf(tokens: readonly PlacedToken[], { path }: TaskPart) {
  return { path, within: { start: tokens[0]?.start ?? 0, end: tokens.at(-1)?.end ?? 0 } };
}
