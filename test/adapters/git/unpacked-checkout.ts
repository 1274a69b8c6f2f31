import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceTreeOptions } from '../../../src/adapters/git/laying-options.ts';
import { openSourceTree } from '../../../src/adapters/git/source-tree.ts';
import { makeSourceLayer } from '../../../src/build/source-layer.ts';
import type { CheckoutRequest } from '../../../src/build/source-tree.ts';
import { openStaging } from '../../../src/adapters/layout/staging-layout.ts';
import { gitEnv, run, temporaryFolder, untilLong } from './git-fixture.ts';

/** A source layer, unpacked as an engine unpacks it. */
export interface UnpackedCheckout extends AsyncDisposable {
  /** The folder of the checkout. */
  readonly top: string;
  readonly diffId: string;
  /** What was told while it was made. */
  readonly told: readonly string[];
  /** Runs git as a developer in the workspace does. */
  git(...args: readonly string[]): string;
}

/** Makes the source layer of a clone's commit and unpacks it. */
export async function unpackCheckout(
  clone: string,
  request: Partial<CheckoutRequest> = {},
  options: SourceTreeOptions = {},
): Promise<UnpackedCheckout> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const staging = await openStaging(join(folder.path, 'staging'), untilLong());
  const told: string[] = [];
  const sourceTree = openSourceTree(clone, { tell: (line) => told.push(line), ...options });
  const commit = request.commit ?? run(['git', 'rev-parse', 'HEAD'], { cwd: clone }).trim();
  const ref = { kind: 'branch', name: 'main' } as const;
  const checkout = { commit, ref, remoteUrl: undefined, historyDepth: 10, ...request };
  const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const layer = { checkout, location: '/app', owner, files: [] };
  const made = await makeSourceLayer(layer, { sourceTree, staging }, untilLong());
  const archive = join(folder.path, 'layer.tar.gz');
  await writeFile(archive, staging.readLayer(made.layer));
  const root = join(folder.path, 'root');
  await mkdir(root);
  run(['tar', '--extract', '--gzip', '--preserve-permissions', '--file', archive, '--directory', root]);
  const top = join(root, 'app');
  const owned = stack.move();
  return {
    top,
    diffId: made.layer.diffId,
    told,
    git: (...args) => run(['git', ...args], { cwd: top, env: gitEnv() }).trimEnd(),
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

/** Every path of a checkout apart from git folders, with its type, executable bit and content or target. */
export function filesOf(top: string): readonly string[] {
  const find = `find . -mindepth 1 -name .git -prune -o -printf '%p %y ' '(' -type f -exec sh -c '
    for f; do if [ -x "$f" ]; then printf "x "; fi; sha256sum < "$f"; done' sh '{}' ';' -o -printf '%l\\n' ')'`;
  return run(['sh', '-c', find], { cwd: top }).split('\n').toSorted();
}
