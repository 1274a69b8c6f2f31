import { checkoutsOf } from './checkouts.ts';
import type { Task, WorkspaceConfig } from '../config/workspace-config.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { shellQuote } from '../kernel/shell-quote.ts';
import { COMMANDS_FOLDER, workspaceVariables } from '../kernel/workspace-variables.ts';
import type { PlacedFile } from './placed-file.ts';

/** Folder of what preheat puts into workspace images; `image/start` reads it. */
const ROOT = '/.preheat';

/**
 * Without job control all that a task starts stays in one process group, which can be ended as a whole. Said earlier
 * than in the script (as an option, or in the rc file), an interactive bash takes no notice.
 */
const NO_JOB_CONTROL = 'set +m\n';

/** A name that a shell can export (POSIX.1-2017, 3.235). */
const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * What `image/start` and `image/gp` need to know of a configuration: for each task that does something when a
 * workspace starts `/.preheat/tasks/<n>.sh` and `<n>.name`, counted from 0 as in `.gitpod.yml`; `/.preheat/ports` for
 * `gp ports list`; `/.preheat/workspace.env` for shells and `/.preheat/workspace.json` for programs. Equal
 * configurations give equal bytes.
 *
 * A start runs `before` and `command`, as Gitpod did from a prebuild of the same commit. Variables whose name no shell
 * can export are left out, and `GITPOD_HEADLESS` is never set: it says that a prebuild runs.
 */
export function startFiles(config: WorkspaceConfig): readonly PlacedFile[] {
  return [
    ...config.tasks.flatMap((task, position) => taskFiles(config, task, position)),
    textFile(`${ROOT}/ports`, portLines(config)),
    textFile(`${ROOT}/workspace.env`, workspaceEnv(config)),
    textFile(`${ROOT}/workspace.json`, workspaceJson(config)),
  ];
}

function taskFiles(config: WorkspaceConfig, task: Task, position: number): readonly PlacedFile[] {
  const parts = [task.before ?? '', task.command ?? ''].filter((part) => part.trim() !== '');
  if (parts.length === 0) return [];
  const script = `${NO_JOB_CONTROL}${exportsOf(taskEnv(config, task))}${joined(parts)}\n`;
  return [
    textFile(`${ROOT}/tasks/${position}.sh`, script),
    textFile(`${ROOT}/tasks/${position}.name`, `${oneLine(task.name)}\n`),
  ];
}

/** As Gitpod's supervisor joined them, and as builds do: a part that fails skips those behind it. */
function joined(parts: readonly string[]): string {
  return parts.map((part) => `{\n${part}\n}`).join(' && ');
}

/** Later entries win, as in Gitpod: the file's, Gitpod's own, the task's. `gp` is found with any `PATH`. */
function taskEnv(config: WorkspaceConfig, task: Task): Readonly<Record<string, string>> {
  const env = { ...config.env, ...workspaceVariables(config), ...task.env };
  return env['PATH'] === undefined ? env : { ...env, PATH: `${COMMANDS_FOLDER}:${env['PATH']}` };
}

function exportsOf(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .filter(([name]) => SHELL_NAME.test(name) && name !== 'GITPOD_HEADLESS')
    .map(([name, value]) => `export ${name}=${shellQuote(value)}\n`)
    .join('');
}

function workspaceEnv(config: WorkspaceConfig): string {
  const beside = checkoutsOf(config).slice(1);
  return [
    `PREHEAT_CHECKOUT=${shellQuote(config.checkoutLocation)}`,
    `PREHEAT_WORKSPACE=${shellQuote(config.workspaceLocation)}`,
    // One a line: no name of a folder holds a line break.
    ...(beside.length === 0 ? [] : [`PREHEAT_BESIDE=${shellQuote(beside.join('\n'))}`]),
    '',
  ].join('\n');
}

/** One line a port, its fields apart by tabs: first, last, what happens when it opens, access, protocol, name. */
function portLines({ ports }: WorkspaceConfig): string {
  return ports
    .map(({ first, last, onOpen, visibility, protocol, name, description }) => {
      const fields = [
        first,
        last,
        onOpen,
        visibility,
        protocol ?? 'http',
        oneLine(name ?? description ?? ''),
      ];
      return `${fields.join('\t')}\n`;
    })
    .join('');
}

function workspaceJson(config: WorkspaceConfig): string {
  const { checkoutLocation, workspaceLocation, ports, extensions, tasks } = config;
  const names = tasks.map(({ name }) => name);
  return `${canonicalJson({ schemaVersion: 1, checkoutLocation, workspaceLocation, ports, extensions, tasks: names })}\n`;
}

function oneLine(text: string): string {
  // A name is repeated before each line of output; control characters would break the lines.
  // oxlint-disable-next-line eslint/no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}

function textFile(path: string, text: string): PlacedFile {
  return { path, mode: 0o644, content: Buffer.from(text) };
}
