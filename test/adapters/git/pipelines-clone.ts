import { join } from 'node:path';
import { completeClone, type CompletionRequest } from '../../../src/adapters/git/complete-clone.ts';
import { openRepository } from '../../../src/adapters/git/repository.ts';
import { openSourceTree } from '../../../src/adapters/git/source-tree.ts';
import { openStaging } from '../../../src/adapters/layout/staging-layout.ts';
import { makeSourceLayer } from '../../../src/build/source-layer.ts';
import type { PushedRef } from '../../../src/event/push-event.ts';
import { plan } from '../../../src/plan/plan.ts';
import { startGitServer, type GitServer } from '../../support/git-http-server.ts';
import { FACTS, INPUTS } from '../../support/records.ts';
import { startStepProxy, type StepProxy } from '../../support/step-proxy.ts';
import {
  createRepository,
  ODD_FILES,
  run,
  temporaryFolder,
  untilLong,
  type TestRepository,
} from './git-fixture.ts';

/** Where the repository is by its own account. */
export const ORIGIN = 'http://bitbucket.org/team/app';
const REMOTE = 'https://bitbucket.org/team/app';
const MAIN = { kind: 'branch', name: 'main' } as const;

/** A repository that is served as Bitbucket serves it to a step. */
export interface ServedRepository extends AsyncDisposable {
  readonly source: TestRepository;
  readonly server: GitServer;
  readonly proxy: StepProxy;
}

export interface ServedOptions {
  readonly protocol?: 0 | 2;
  /** Settings of the server's repository. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly commits?: number;
  /** More repositories of the server, by their paths. */
  readonly more?: Readonly<Record<string, string>>;
}

/** Serves a repository with odd files and a history in which files come, change, move and go, with merges. */
export async function serveRepository(options: ServedOptions = {}): Promise<ServedRepository> {
  const { protocol = 2, settings = { 'uploadpack.allowFilter': 'true' }, commits = 70, more = {} } = options;
  await using stack = new AsyncDisposableStack();
  const source = stack.use(await createRepository());
  for (const [name, value] of Object.entries(settings)) source.git('config', name, value);
  await source.commit(ODD_FILES);
  for (let at = 1; at < commits; at++) await commitOn(source, at);
  const repositories = { 'team/app': join(source.path, '.git'), ...more };
  const server = stack.use(await startGitServer({ repositories, protocol }));
  const proxy = stack.use(await startStepProxy({ upstreams: { 'bitbucket.org': server } }));
  const owned = stack.move();
  return { source, server, proxy, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function commitOn(source: TestRepository, at: number): Promise<void> {
  if (at % 9 !== 5) {
    await source.commit({ 'changes.txt': `${at}\n`, [`dir${at % 4}/file${at}`]: `file ${at}\n` });
    return;
  }
  source.git('checkout', '--quiet', '-b', `side${at}`, 'HEAD~2');
  await source.commit({ [`side/${at}`]: `side ${at}\n` });
  source.git('checkout', '--quiet', 'main');
  source.git('merge', '--quiet', '--no-ff', '--message', `merge ${at}`, `side${at}`);
  source.git('branch', '--quiet', '--delete', '--force', `side${at}`);
}

/**
 * Clones as Pipelines does: with the address in a step for its origin, and reset to the commit. From the disk, since what
 * runs to its end in here would wait for a server in here.
 */
export function cloneAsPipelines(
  { source }: Pick<ServedRepository, 'source'>,
  folder: string,
  { args = [], commit }: { readonly args?: readonly string[]; readonly commit?: string } = {},
): string {
  run(['git', 'clone', '--quiet', ...args, `file://${source.path}`, folder]);
  if (commit !== undefined) run(['git', 'reset', '--quiet', '--hard', commit], { cwd: folder });
  run(['git', 'config', 'remote.origin.url', ORIGIN], { cwd: folder });
  return folder;
}

/** What stands in an image of a commit because of where it was read from. */
export interface Source {
  readonly commit: string;
  /** Digest of the source layer. */
  readonly digest: string;
  readonly imageKey: string;
  readonly contentKey: string;
  readonly warnings: readonly string[];
  /** How many fetches were told of. */
  readonly fetches: readonly string[];
}

export interface SourceRequest extends Partial<Omit<CompletionRequest, 'directory'>> {
  readonly commit: string;
  readonly ref?: PushedRef;
  readonly boundMs?: number;
}

/** Makes the source layer of a commit as a build makes it, and the keys of its image. */
export async function sourceOf(directory: string, request: SourceRequest): Promise<Source> {
  const { commit: id, ref = MAIN, historyDepth = 50, origin = { kind: 'own' }, boundMs } = request;
  const warnings: string[] = [];
  const fetches: string[] = [];
  await using complete = await completeClone(
    { directory, commit: id, ref, historyDepth, origin },
    {
      warn: (line) => warnings.push(line),
      tell: (line) => fetches.push(line),
      ...(boundMs === undefined ? {} : { boundMs }),
    },
    untilLong(),
  );
  const { signal } = untilLong();
  const repository = openRepository(complete.directory);
  const facts = await repository.resolveCommit(complete.commit, { signal, historyDepth });
  if (facts === undefined) throw new Error(`no commit ${id}`);
  await using folder = await temporaryFolder();
  const staging = await openStaging(join(folder.path, 'staging'), { signal });
  const checkout = { commit: facts.id, ref, remoteUrl: REMOTE, historyDepth };
  const sourceTree = openSourceTree(complete.directory);
  const layer = { checkout, location: '/workspace/app', owner: { uid: 33333, gid: 33333 }, files: [] };
  const { layer: made } = await makeSourceLayer(layer, { sourceTree, staging }, { signal });
  const { imageKey, steps } = plan(INPUTS, { ...FACTS, commit: facts });
  const contentKey = steps[0]?.contentKey ?? '';
  return { commit: facts.id, digest: made.digest, imageKey, contentKey, warnings, fetches };
}

/** Everything below a folder that git could have touched: names, types, modes, sizes, inodes, times of change. */
export function listingOf(directory: string): string {
  return run(['find', '.', '-printf', String.raw`%p %y %m %s %i %T@ %C@ %l\n`], { cwd: directory });
}
