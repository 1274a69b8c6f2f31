import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Docker from 'dockerode';
import { openDeltaTree } from '../../src/adapters/git/delta-tree.ts';
import { openSourceTree } from '../../src/adapters/git/source-tree.ts';
import { makeSourceDelta } from '../../src/build/source-delta.ts';
import { makeSourceLayer } from '../../src/build/source-layer.ts';
import type { Container } from '../../src/build/engine.ts';
import { createRepository, gitEnv, ODD_FILES, run, temporaryFolder } from '../adapters/git/git-fixture.ts';
import { dumpFiles, stackImage, startStacked } from './stacked-image.ts';
import { openBench } from './step-run.ts';

const options = { signal: AbortSignal.timeout(300_000) };

/** What is not one checkout's pack rather than another's, nor the container's own. */
function comparable(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !/\/objects\/pack\/pack-|\/etc\/hostname$|^etc\/mtab /.test(line));
}

/** Takes the checkout out of a container, to be asked by this machine's git. */
async function checkoutOf(
  { id }: Container,
  folder: string,
): Promise<(...args: readonly string[]) => string> {
  await mkdir(folder);
  const archive = join(folder, 'checkout.tar');
  await writeFile(archive, await new Docker().getContainer(id).getArchive({ path: '/workspace/app' }));
  run([
    'tar',
    '--extract',
    '--no-same-owner',
    '--preserve-permissions',
    '--file',
    archive,
    '--directory',
    folder,
  ]);
  return (...args) => run(['git', ...args], { cwd: join(folder, 'app'), env: gitEnv() }).trimEnd();
}

describe('a keyframe and its delta in an engine', () => {
  it('are the file system of the commit’s own source layer, with a clean and sound repository', async () => {
    await using bench = await openBench();
    const { staging } = bench;
    await using source = await createRepository();
    const first = await source.commit(ODD_FILES);
    source.git('rm', '-r', '--quiet', 'dir with space', 'empty', 'a', 'bin');
    source.git('mv', 'deep', 'deeper');
    const second = await source.commit({
      'README.md': '# Changed\n',
      '.gitattributes': '*.txt text eol=crlf\n',
      'a/b': 'a folder now\n',
      bin: { link: 'deeper' },
    });
    const requestOf = (commit: string) => ({
      checkout: {
        commit,
        ref: { kind: 'branch', name: 'main' },
        remoteUrl: undefined,
        historyDepth: 5,
      } as const,
      location: '/workspace/app',
      owner: { uid: 33_333, gid: 33_333 },
      files: [{ path: '/.preheat/tasks/0.sh', mode: 0o644, content: Buffer.from(commit) }],
    });
    const ports = { sourceTree: openSourceTree(source.path), staging };
    const { keyframe, layer } = await makeSourceLayer(requestOf(first), ports, options);
    const own = await makeSourceLayer(requestOf(second), ports, options);
    const deltaTree = openDeltaTree(source.path, source.path);
    const delta = await makeSourceDelta(requestOf(second), keyframe, { deltaTree, staging }, options);
    assert.ok('layer' in delta);
    await using image = await stackImage([layer, delta.layer], bench, options);
    await using ownImage = await stackImage([own.layer], bench, options);
    await using container = await startStacked(bench.engine, image.id, options);
    await using ownContainer = await startStacked(bench.engine, ownImage.id, options);
    const found = comparable(await dumpFiles(container, options));
    assert.ok(found.some((line) => line.startsWith('workspace/app/mixed.txt f 644 33333:33333 ')));
    assert.deepEqual(found, comparable(await dumpFiles(ownContainer, options)));
    await using folder = await temporaryFolder();
    const git = await checkoutOf(container, join(folder.path, 'made'));
    const ownGit = await checkoutOf(ownContainer, join(folder.path, 'own'));
    assert.equal(git('status', '--porcelain', '--ignored'), '');
    assert.equal(git('diff', 'HEAD'), '');
    assert.equal(git('fsck', '--full', '--strict', '--no-dangling'), '');
    for (const question of [
      ['log', '--format=%H %D'],
      ['rev-list', '--all', '--objects'],
    ])
      assert.equal(git(...question), ownGit(...question));
  });
});
