import assert from 'node:assert/strict';
import { C_MAKE } from '../../../bench/subjects/c-make.ts';
import { NODE_SERVICE } from '../../../bench/subjects/node-service.ts';

const nameOf = (base: string): string => `127.0.0.1:5000/base/${base}`;
const CHANGED = {
  node: {
    'docs-only': ['README.md'],
    'source-only': ['src/links-page.ts'],
    dependencies: ['package-lock.json', 'package.json'],
  },
  'c-make': {
    'docs-only': ['README.md'],
    'source-only': ['src/adler32.c'],
    dockerfile: ['.gitpod.Dockerfile'],
  },
} as const;

for (const kind of [NODE_SERVICE, C_MAKE]) {
  describe(`the subject ${kind.name}`, () => {
    it('changes what each push says, a little at a time', async () => {
      await using subject = await kind.make(nameOf);
      const changed: Record<string, readonly string[]> = {};
      for (const change of kind.changes) {
        await subject.change(change);
        changed[change] = (await subject.clone.git('diff', '--name-only', 'HEAD~1')).split('\n');
      }
      assert.deepEqual(changed, CHANGED[kind.name === 'node' ? 'node' : 'c-make']);
    });

    it('is built on the registry’s base, by preheat and by its peers', async () => {
      await using subject = await kind.make(nameOf);
      const [base = ''] = kind.bases;
      const named = await subject.clone.git('grep', '--fixed-strings', nameOf(base));
      assert.match(named, /^\.gitpod\.(?:yml|Dockerfile):/);
      assert.ok((await subject.recipe()).base.startsWith(`FROM ${nameOf(base)}`));
    });
  });
}

describe('the subject node', () => {
  it('pins what is locked, which npm accepts', async () => {
    await using subject = await NODE_SERVICE.make(nameOf);
    await subject.change('dependencies');
    const diff = await subject.clone.git('diff', '--unified=0', 'HEAD~1');
    const added = diff.split('\n').filter((line) => line.startsWith('+ '));
    assert.equal(added.length, 2);
    for (const line of added) assert.match(line, /^\+ +"typescript": "\d+\.\d+\.\d+"$/);
  });
});
