import { PreheatError } from '../kernel/failure.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Container } from './engine.ts';
import { readTool } from './run-tool.ts';
import type { Toolbox } from './toolbox.ts';

const PLACES = ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash', '/opt/bin/bash'] as const;

/**
 * The absolute path of bash in a running container: at its usual places, else where the image's `PATH` leads to. Throws
 * a `PreheatError` of phase `build` where there is none.
 */
export async function findBash(
  container: Container,
  toolbox: Toolbox,
  image: string,
  options: CallOptions,
): Promise<string> {
  const tests = ['-maxdepth', '0', '-type', 'f', '-perm', '/111', '-print'];
  const places = new Set([...PLACES, ...(await placesOnPath(container, toolbox, options))]);
  // Exits with 1 for each place where there is nothing.
  const { output } = await readTool(
    container,
    { command: [...toolbox.command('find'), '-L', ...places, ...tests] },
    options,
  );
  const found = output.split('\n').find((line) => line !== '');
  if (found !== undefined) return found;
  throw new PreheatError(`cannot run tasks in ${image}: it has no bash`, {
    phase: 'build',
    hint: 'Install bash in the base image, or name another image in .gitpod.yml.',
  });
}

/** The main program got the image's environment, which is told nowhere else in the container. */
async function placesOnPath(
  container: Container,
  toolbox: Toolbox,
  options: CallOptions,
): Promise<readonly string[]> {
  const command = [...toolbox.command('cat'), '/proc/1/environ'];
  const { output } = await readTool(container, { command }, options);
  const path = output.split('\0').find((variable) => variable.startsWith('PATH='));
  const folders = path === undefined ? [] : path.slice('PATH='.length).split(':');
  return folders.filter((folder) => folder.startsWith('/')).map((folder) => `${folder}/bash`);
}
