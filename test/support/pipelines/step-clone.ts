import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { refOfEvent, type StepEvent } from './step-event.ts';

/** `clone:` of a step (https://support.atlassian.com/bitbucket-cloud/docs/git-clone-behavior/). */
export interface CloneOptions {
  /** 50 where absent. */
  readonly depth?: number | 'full';
  readonly filter?: 'blob:none' | 'tree:0';
  readonly sparse?: readonly string[];
  readonly enabled?: boolean;
}

/** Where Pipelines puts what pipes keep, from the clone's folder on. */
export const GENERATED = '.bitbucket/pipelines/generated';

/**
 * Fills a folder as Pipelines fills a step's clone: of a pull request with the destination merged in, which makes a
 * commit that exists nowhere else, else with a detached or checked out commit; with its own user, origin, proxy and
 * exclusions, and with the folders of pipes in it. Returns the commit of the event.
 */
export async function fillStepClone(
  folder: string,
  repository: string,
  event: StepEvent,
  options: CloneOptions = {},
): Promise<string> {
  const ref = refOfEvent(event);
  const commit = await gitIn(repository, 'rev-parse', `${ref}^{commit}`);
  await mkdir(folder, { recursive: true });
  if (options.enabled !== false) await clone(folder, repository, event, commit, options);
  await layPipeStorage(folder);
  return commit;
}

async function clone(
  folder: string,
  repository: string,
  event: StepEvent,
  commit: string,
  { depth = 50, filter, sparse }: CloneOptions,
): Promise<void> {
  const git = (...words: readonly string[]) => gitIn(folder, ...words);
  const branch = event.kind === 'custom-commit' ? [] : ['--branch', refOfEvent(event)];
  const words = [
    ...branch,
    ...(depth === 'full' ? [] : [`--depth=${depth}`]),
    ...(filter === undefined ? [] : [`--filter=${filter}`]),
    ...(sparse === undefined ? [] : ['--sparse']),
  ];
  await execa('git', ['clone', '--quiet', '--no-tags', ...words, `file://${repository}`, folder]);
  if (sparse !== undefined) await git('sparse-checkout', 'set', ...sparse);
  await git('config', 'user.name', 'bitbucket-pipelines');
  await git('config', 'user.email', 'commits-noreply@bitbucket.org');
  await git('reset', '--quiet', '--hard', commit);
  if (event.kind === 'pull-request') await mergeDestination(git, repository, event.into, depth);
  await git('config', 'http.http://bitbucket.org/team/app.proxy', 'http://localhost:29418/');
  // The repository that stands in for the server has its own branches checked out, one after the other.
  await git('remote', 'set-head', 'origin', '--delete');
  await git('remote', 'set-url', 'origin', 'http://bitbucket.org/team/app');
  await git('reflog', 'expire', '--expire=all', '--all');
  await appendFile(join(folder, '.git/info/exclude'), `${GENERATED}\n`);
}

async function mergeDestination(
  git: (...words: readonly string[]) => Promise<string>,
  repository: string,
  into: string,
  depth: number | 'full',
): Promise<void> {
  const cut = depth === 'full' ? [] : [`--depth=${depth}`];
  await git('fetch', '--quiet', '--no-tags', ...cut, `file://${repository}`, into);
  await git('merge', '--quiet', '--no-ff', '--message', 'Merge of a pull request', 'FETCH_HEAD');
}

async function layPipeStorage(folder: string): Promise<void> {
  const storage = join(folder, GENERATED, 'pipeline/pipes/preheat/preheat-pipe');
  await mkdir(storage, { recursive: true });
  await writeFile(join(storage, 'kept.txt'), 'by an earlier step\n');
}

async function gitIn(folder: string, ...words: readonly string[]): Promise<string> {
  const { stdout } = await execa('git', ['-c', 'safe.directory=*', ...words], { cwd: folder });
  return stdout;
}
