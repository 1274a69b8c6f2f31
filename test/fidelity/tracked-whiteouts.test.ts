import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeClone } from '../support/clone.ts';
import { preheat } from '../support/preheat.ts';

describe('a repository with a tracked file named .wh.*', () => {
  it('is refused by that name: an image would take its neighbour away', async () => {
    await using clone = await makeClone({
      '.gitpod.yml': 'image: busybox:1.36\n',
      'sub/.wh.neighbour': 'tracked\n',
      'sub/neighbour': 'tracked\n',
    });
    const store = join(clone.directory, '../store');
    const { exitCode, stderr } = await preheat(['build', '--registry', `oci:${store}`], {
      cwd: clone.directory,
    });
    assert.equal(exitCode, 50, stderr);
    assert.match(
      stderr,
      /cannot lay down \/workspace\/app\/sub\/\.wh\.neighbour: .*\n(.*\n)*.*hint .*Rename it/,
    );
    const index = await readFile(join(store, 'index.json'), 'utf8').catch(() => '');
    assert.ok(!index.includes('commit-'), 'an image was published');
  });
});
