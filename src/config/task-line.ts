import { isDevcontainerFile, type ConfigFile } from './config-file.ts';
import { locate } from './locate.ts';
import type { WorkspaceConfig } from './workspace-config.ts';
import { readYaml } from './yaml-source.ts';

const PARTS = ['init', 'before', 'prebuild'] as const;

/**
 * The line, counted from one, on which what a build runs of a task begins; `undefined` where the file does not tell it,
 * and in a `devcontainer.json`, whose commands are one task.
 */
export function taskLine(
  { path, text }: ConfigFile,
  { tasks }: Pick<WorkspaceConfig, 'tasks'>,
  name: string,
): number | undefined {
  const index = tasks.findIndex((task) => task.name === name);
  const task = tasks[index];
  if (task === undefined || isDevcontainerFile(path)) return undefined;
  const { document } = readYaml(text.replace(/^\uFEFF/, ''));
  if (document === undefined) return undefined;
  const part = PARTS.find((each) => task[each] !== undefined);
  const { start } = locate(document, ['tasks', index, ...(part === undefined ? [] : [part])], 'key');
  return text.slice(0, start).split('\n').length;
}
