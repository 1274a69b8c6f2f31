import type { Task, WorkspaceConfig } from '../config/workspace-config.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { shellQuote } from '../kernel/shell-quote.ts';
import type { PlacedFile } from './placed-file.ts';
import { joinParts } from './task-script.ts';

/** Folder of what preheat puts into workspace images; `image/start` reads it. */
const ROOT = '/opt/preheat';

/** A name that a shell can export (POSIX.1-2017, 3.235). */
const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * What `image/start` needs to know of a configuration: for each task that does something when a workspace starts
 * `/opt/preheat/tasks/<n>.sh` and `<n>.name`, counted from 0 as in `.gitpod.yml`; `/opt/preheat/workspace.env` for
 * shells and `/opt/preheat/workspace.json` for programs. Equal configurations give equal bytes.
 *
 * A start runs `before` and `command`, as Gitpod did from a prebuild of the same commit. Variables whose name no shell
 * can export are left out, and `GITPOD_HEADLESS` is never set: it says that a prebuild runs.
 */
export function startFiles(config: WorkspaceConfig): readonly PlacedFile[] {
  return [
    ...config.tasks.flatMap((task, position) => taskFiles(config, task, position)),
    textFile(`${ROOT}/workspace.env`, workspaceEnv(config)),
    textFile(`${ROOT}/workspace.json`, workspaceJson(config)),
  ];
}

function taskFiles(config: WorkspaceConfig, task: Task, position: number): readonly PlacedFile[] {
  const parts = [task.before, task.command].filter((part) => part !== undefined && part.trim() !== '');
  if (parts.length === 0) return [];
  const script = `${exportsOf(taskEnv(config, task))}${joinParts(parts)}\n`;
  return [
    textFile(`${ROOT}/tasks/${position}.sh`, script),
    textFile(`${ROOT}/tasks/${position}.name`, `${oneLine(task.name)}\n`),
  ];
}

/** Later entries win, as in Gitpod: the file's, Gitpod's own, the task's. */
function taskEnv({ env, checkoutLocation }: WorkspaceConfig, task: Task): Readonly<Record<string, string>> {
  return { ...env, GITPOD_REPO_ROOT: checkoutLocation, GITPOD_REPO_ROOTS: checkoutLocation, ...task.env };
}

function exportsOf(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .filter(([name]) => SHELL_NAME.test(name) && name !== 'GITPOD_HEADLESS')
    .map(([name, value]) => `export ${name}=${shellQuote(value)}\n`)
    .join('');
}

function workspaceEnv({ checkoutLocation, workspaceLocation }: WorkspaceConfig): string {
  return [
    `PREHEAT_CHECKOUT=${shellQuote(checkoutLocation)}`,
    `PREHEAT_WORKSPACE=${shellQuote(workspaceLocation)}`,
    '',
  ].join('\n');
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
