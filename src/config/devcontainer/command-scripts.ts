import { shellQuote } from '../../kernel/shell-quote.ts';
import type { NodePath, Tell } from '../finding.ts';
import { DEVCONTAINER_WORDS } from '../scripts/part-words.ts';
import { tellOfScripts } from '../scripts/script-findings.ts';
import { taskPart, type TaskScripts } from '../scripts/task-scripts.ts';
import type { DevcontainerFile, LifecycleCommand, OneCommand } from './devcontainer-file.ts';
import { IN_BUILDS } from './lifecycle-script.ts';

/** Tells what can be seen of the lifecycle commands before any of them runs. */
export function tellCommandScripts(
  file: DevcontainerFile,
  { hasDockerfile }: { readonly hasDockerfile: boolean },
  tell: Tell,
): void {
  const around = {
    env: { ...file.containerEnv, ...file.remoteEnv },
    hasDockerfile,
    // Each text has a shell of its own, which no option reaches.
    strictTasks: false,
    words: DEVCONTAINER_WORDS,
  };
  tellOfScripts(commandScripts(file), around, tell);
}

/** Each command is a task of its own: those of a map run at the same time, those of a later property after them. */
function commandScripts(file: DevcontainerFile): readonly TaskScripts[] {
  const scripts: TaskScripts[] = [];
  for (const [stage, name] of ([...IN_BUILDS, 'postStartCommand'] as const).entries()) {
    for (const { text, path } of textsIn(file[name], [name])) {
      const part = taskPart(text, { task: scripts.length, name, order: 0, stage, path });
      const isStart = name === 'postStartCommand';
      scripts.push({ build: isStart ? [] : [part], command: isStart ? part : undefined, env: {} });
    }
  }
  return scripts;
}

interface WrittenText {
  readonly text: string;
  readonly path: NodePath;
}

function textsIn(command: LifecycleCommand | undefined, path: NodePath): readonly WrittenText[] {
  if (command === undefined) return [];
  if (typeof command === 'string' || isWords(command)) return textOf(command, path);
  return Object.entries(command).flatMap(([name, one]) => textOf(one, [...path, name]));
}

/** Words that run without a shell are what a shell would run, were they quoted. */
function textOf(command: OneCommand, path: NodePath): readonly WrittenText[] {
  const text = typeof command === 'string' ? command : command.map(shellQuote).join(' ');
  return text.trim() === '' ? [] : [{ text, path }];
}

function isWords(command: Exclude<LifecycleCommand, string>): command is readonly string[] & string[] {
  return Array.isArray(command);
}
