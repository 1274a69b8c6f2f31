import type { Finding, Tell } from '../finding.ts';
import { nearestWord } from '../nearest-word.ts';
import { pathText } from '../finding.ts';
import { quoted } from '../printable.ts';
import type { PlacedToken } from '../shell/nesting.ts';
import { simpleCommands } from '../shell/simple-commands.ts';
import type { PartWords } from './part-words.ts';
import { redefinesGp, signalsIn, sureWaits, type SyncCall } from './sync-signals.ts';
import type { TaskPart, TaskScripts } from './task-scripts.ts';

/** What gives no signal but those that stand in the text: nothing else is known not to call `gp`. */
const HARMLESS = new Set(
  `: . [ [[ apt apt-get awk cat cd chmod chown cp curl cut date declare echo exit export false git gp grep head history
  jobs ln local ls mkdir mv popd printf pushd pwd read readonly rm sed set shopt sleep sort tail tar test touch tr true
  ulimit umask unset unzip wait wc wget which`.split(/\s+/),
);
/** What runs the script that it is given. */
const RUNS_SCRIPTS = new Set(
  'bash sh zsh dash python python3 node ruby perl php sudo exec env time nohup'.split(' '),
);
const SCRIPT = /\/|\.(?:sh|bash|py|js|mjs|cjs|ts|rb|pl|php)$/;

/**
 * Tells of tasks that wait for a signal which nothing gives: of each task the first `gp sync-await` at which a build
 * stands still for ever, and those in `command` at which a start does. Only what happens in any case is told.
 */
export function tellDeadlocks(tasks: readonly TaskScripts[], words: PartWords, tell: Tell): void {
  if (redefinesGp(tasks)) return;
  const inBuild = signalsIn(tasks.flatMap(({ build }) => build));
  const atStart = signalsIn(tasks.flatMap(({ command }) => command ?? []));
  if (inBuild === undefined || atStart === undefined) return;
  const stuck = stuckWaits(tasks, inBuild);
  for (const wait of stuck) tell(buildFinding(wait, { inBuild, atStart, tasks, words }));
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
  const stageOf = ({ build }: TaskScripts): number => build[0]?.stage ?? 0;
  const isReached = (stage: number): boolean =>
    tasks.every((task, position) => stageOf(task) >= stage || standing(position) === undefined);
  for (let before = -1; before < given.size;) {
    before = given.size;
    for (const signal of signals) {
      const { stage, task } = signal.part;
      if (isReached(stage) && !isBehind(signal, standing(task))) given.add(signal.name);
    }
  }
  return tasks.flatMap((task, position) => (isReached(stageOf(task)) ? (standing(position) ?? []) : []));
}

function isBehind(signal: SyncCall, wait: SyncCall | undefined): boolean {
  if (wait === undefined) return false;
  const parts = signal.part.order - wait.part.order;
  return parts > 0 || (parts === 0 && signal.start > wait.start);
}

interface Told {
  readonly inBuild: readonly SyncCall[];
  readonly atStart: readonly SyncCall[];
  readonly tasks: readonly TaskScripts[];
  readonly words: PartWords;
}

function buildFinding(wait: SyncCall, { inBuild, atStart, tasks, words }: Told): Finding {
  const name = quoted(wait.name);
  const scripted = tasks.some(({ build }) => build.some((part) => runs(part, wait, isScript)));
  const severity = scripted ? 'warning' : 'error';
  const stands = scripted
    ? 'unless a script gives the signal, the build waits here for ever: '
    : 'the build would wait here for ever: ';
  const hidden = inBuild.find((signal) => signal.name === wait.name);
  if (hidden !== undefined)
    return found(
      severity,
      wait,
      `${stands}${pathText(hidden.part.path)} signals ${name} only after a wait that never ends`,
      'let one of the tasks signal before it waits',
    );
  const late = atStart.find((signal) => signal.name === wait.name);
  if (late !== undefined)
    return found(
      severity,
      wait,
      `${stands}only ${pathText(late.part.path)} signals ${name}, and ${words.onlyAtStarts}`,
      `wait for it in ${words.atStarts}, or signal it in ${words.inBuilds}`,
    );
  const near = nearestWord(
    wait.name,
    [...inBuild, ...atStart].map((signal) => signal.name),
  );
  const suggestion =
    near === undefined
      ? `add "gp sync-done ${wait.name}" to ${words.inBuilds}`
      : `did you mean ${quoted(near)}?`;
  const hides = scripted || tasks.some(({ build }) => build.some((part) => runs(part, wait, mayCall)));
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

type Words = readonly PlacedToken[];

/** Whether a part runs, before the wait or beside it, a command of a kind. */
function runs(part: TaskPart, wait: SyncCall, isOfKind: (words: Words) => boolean): boolean {
  const isLater = (start: number): boolean =>
    part.stage > wait.part.stage ||
    (part.task === wait.part.task && isBehind({ ...wait, part, start }, wait));
  return simpleCommands(part.tokens)
    .filter(([first]) => !isLater(first?.start ?? 0))
    .some(isOfKind);
}

/** What is run of the words of a command, assignments before it left out. */
function called(words: Words): readonly string[] {
  const texts = words.map(({ text }) => text);
  return texts.slice(texts.findIndex((text) => !/^[A-Za-z_]\w*=/.test(text)));
}

/** Whether a command is a script of the repository, or runs one. */
function isScript(words: Words): boolean {
  const [name = '', ...more] = called(words);
  if (name === '.' || name === 'source' || name === 'eval' || SCRIPT.test(name)) return true;
  return RUNS_SCRIPTS.has(name) && more.some((word) => SCRIPT.test(word));
}

/** Whether a build cannot look into what a command does. */
function mayCall(words: Words): boolean {
  const [name] = called(words);
  return name !== undefined && !HARMLESS.has(name);
}

function found(
  severity: Finding['severity'],
  { part, start, end }: SyncCall,
  message: string,
  suggestion: string,
): Finding {
  return { severity, where: { path: part.path, within: { start, end } }, message, suggestion };
}
