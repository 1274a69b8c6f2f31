import type { Tell } from '../finding.ts';
import type { PartWords } from './part-words.ts';
import type { TaskPart, TaskScripts } from './task-scripts.ts';

const ADDRESS = /\bgp url\b|\$\{?GITPOD_WORKSPACE_(?:ID|URL|CLUSTER_HOST)\b/;

/**
 * Notes where what a workspace is called is asked for in `init`, which runs once for many workspaces; in `before`, which
 * each start runs, is its place.
 */
export function tellBakedAddresses(tasks: readonly TaskScripts[], words: PartWords, tell: Tell): void {
  const parts = tasks.flatMap(({ build }) => build.filter(({ name }) => name !== 'before'));
  for (const part of parts) tellOfPart(part, words, tell);
}

function tellOfPart({ path, name, code }: TaskPart, { eachStart }: PartWords, tell: Tell): void {
  const found = ADDRESS.exec(code);
  if (found === null) return;
  const [start, end] = [found.index, found.index + found[0].length];
  const message = `${name} runs in the build and not at a start: what it writes down here is no workspace's own`;
  tell({
    severity: 'info',
    where: { path, within: { start, end } },
    message,
    suggestion: `move it to ${eachStart}, which each start runs`,
  });
}
