import type { Finding, Tell } from '../finding.ts';
import { nearestWord } from '../nearest-word.ts';
import { pathText } from '../finding.ts';
import { quoted } from '../printable.ts';
import { simpleCommands } from '../shell/simple-commands.ts';
import { redefinesGp, signalsIn, sureWaits, type SyncCall } from './sync-signals.ts';
import type { TaskPart, TaskScripts } from './task-scripts.ts';

/** What a build cannot look into and what could give a signal: programs and scripts of the repository. */
const RUNS_OTHERS =
  /^(?:\.{0,2}\/.*|.*\.(?:sh|py|js|mjs|rb)|\.|source|bash|sh|zsh|eval|make|just|task|rake|npm|npx|yarn|pnpm|bun|composer|bundle|python3?|node|ruby|go|cargo|mvn|gradle|docker|docker-compose)$/;

/**
 * Tells of tasks that wait for a signal which nothing gives: of each task the first `gp sync-await` at which a build
 * stands still for ever, and those in `command` at which a start does. Only what happens in any case is told.
 */
export function tellDeadlocks(tasks: readonly TaskScripts[], tell: Tell): void {
  if (redefinesGp(tasks)) return;
  const inBuild = signalsIn(tasks.flatMap(({ build }) => build));
  const atStart = signalsIn(tasks.flatMap(({ command }) => command ?? []));
  if (inBuild === undefined || atStart === undefined) return;
  const stuck = stuckWaits(tasks, inBuild);
  for (const wait of stuck) tell(buildFinding(wait, inBuild, atStart, tasks));
  const given = [...inBuild, ...atStart];
  const waits = tasks.flatMap(({ command }) => (command ? sureWaits([command]) : []));
  for (const wait of waits)
    if (given.every(({ name }) => name !== wait.name)) tell(startFinding(wait, given));
}

/** Follows all tasks at once until none gets further: the waits at which they then stand. */
function stuckWaits(tasks: readonly TaskScripts[], signals: readonly SyncCall[]): readonly SyncCall[] {
  const waits = tasks.map(({ build }) => sureWaits(build));
  const given = new Set<string>();
  const standing = (task: number): SyncCall | undefined => waits[task]?.find(({ name }) => !given.has(name));
  for (let before = -1; before < given.size;) {
    before = given.size;
    for (const signal of signals) if (!isBehind(signal, standing(signal.part.task))) given.add(signal.name);
  }
  return tasks.flatMap((_task, position) => standing(position) ?? []);
}

const ORDER = ['before', 'init', 'prebuild', 'command'];

function isBehind(signal: SyncCall, wait: SyncCall | undefined): boolean {
  if (wait === undefined) return false;
  const parts = ORDER.indexOf(signal.part.name) - ORDER.indexOf(wait.part.name);
  return parts > 0 || (parts === 0 && signal.start > wait.start);
}

function buildFinding(
  wait: SyncCall,
  inBuild: readonly SyncCall[],
  atStart: readonly SyncCall[],
  tasks: readonly TaskScripts[],
): Finding {
  const name = quoted(wait.name);
  const stands = `the build would wait here for ever: `;
  const hidden = inBuild.find((signal) => signal.name === wait.name);
  if (hidden !== undefined)
    return found(
      'error',
      wait,
      `${stands}${pathText(hidden.part.path)} signals ${name} only after a wait that never ends`,
      'let one of the tasks signal before it waits',
    );
  const late = atStart.find((signal) => signal.name === wait.name);
  if (late !== undefined)
    return found(
      'error',
      wait,
      `${stands}only ${pathText(late.part.path)} signals ${name}, and no command runs in a build`,
      `wait for it in "command", or signal it in "init"`,
    );
  const near = nearestWord(
    wait.name,
    [...inBuild, ...atStart].map((signal) => signal.name),
  );
  const suggestion =
    near === undefined ? `add "gp sync-done ${wait.name}" to an "init"` : `did you mean ${quoted(near)}?`;
  const hides = tasks.some(({ build }) => build.some((part) => runsOthers(part, wait)));
  if (!hides) return found('error', wait, `${stands}nothing signals ${name}`, suggestion);
  return found(
    'warning',
    wait,
    `nothing in this file signals ${name}; unless a script does, the build waits here for ever`,
    suggestion,
  );
}

function startFinding(wait: SyncCall, given: readonly SyncCall[]): Finding {
  const near = nearestWord(
    wait.name,
    given.map(({ name }) => name),
  );
  const message = `nothing in this file signals ${quoted(wait.name)}; unless a script does, a workspace waits here for ever`;
  return found(
    'warning',
    wait,
    message,
    near === undefined ? `add "gp sync-done ${wait.name}" where it is done` : `did you mean ${quoted(near)}?`,
  );
}

/** Whether a part runs, before the wait or beside it, what may hold signals of its own. */
function runsOthers(part: TaskPart, wait: SyncCall): boolean {
  const isLater = (start: number): boolean =>
    part.task === wait.part.task && isBehind({ ...wait, part, start }, wait);
  const words = simpleCommands(part.tokens)
    .filter(([first]) => !isLater(first?.start ?? 0))
    .flat();
  return words.some(({ text }) => RUNS_OTHERS.test(text));
}

function found(
  severity: Finding['severity'],
  { part, start, end }: SyncCall,
  message: string,
  suggestion: string,
): Finding {
  return { severity, where: { path: part.path, within: { start, end } }, message, suggestion };
}
