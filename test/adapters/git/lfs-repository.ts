import assert from 'node:assert/strict';
import { createRepository, gitEnv, run, type Content, type TestRepository } from './git-fixture.ts';

export const BIG = 'a big file\n'.repeat(10_000);
export const OTHER = 'another\n';
const FILTER = {
  GIT_CONFIG_COUNT: '3',
  GIT_CONFIG_KEY_0: 'filter.lfs.clean',
  GIT_CONFIG_VALUE_0: 'git-lfs clean -- %f',
  GIT_CONFIG_KEY_1: 'filter.lfs.process',
  GIT_CONFIG_VALUE_1: 'git-lfs filter-process',
  GIT_CONFIG_KEY_2: 'filter.lfs.required',
  GIT_CONFIG_VALUE_2: 'true',
};

/** A repository with two files of Git LFS, whose contents only `.git/lfs/objects` has. */
export async function lfsRepository(more: Readonly<Record<string, Content>> = {}): Promise<TestRepository> {
  const source = await createRepository();
  await source.write({
    '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
    'big.bin': BIG,
    'sub/other.bin': OTHER,
    'a.txt': 'not of Git LFS\n',
    ...more,
  });
  run(['git', 'add', '--all'], { cwd: source.path, env: gitEnv(FILTER) });
  source.git('commit', '--quiet', '--message', 'lfs');
  assert.match(source.git('show', 'HEAD:big.bin'), /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n/);
  return source;
}
