import assert from 'node:assert/strict';
import { createRepository, type Content, type TestRepository } from '../../adapters/git/git-fixture.ts';
import { answersAt } from './input-repository.ts';

const FILES: Readonly<Record<string, Content>> = {
  '.gitattributes': '*.bat text eol=crlf\n',
  'package.json': '{}\n',
  'build.sh': { script: '#!/bin/sh\n' },
  'win.bat': 'echo\n',
  'src/a.ts': 'a\n',
  'src/deep/b.ts': 'b\n',
  'src/deep/c.md': 'c\n',
  'pages/[id].tsx': 'page\n',
  'caf\xc3\xa9/menu': 'm\n',
  '.hidden/x.ts': 'x\n',
  config: { link: 'settings/base' },
  'settings/base': 'base\n',
  out: { link: '/etc/passwd' },
  up: { link: '../../etc' },
  circle: { link: 'circle' },
  lib: { link: 'src/deep/../deep' },
};

/** Inputs, a change, and whether it moves their answers. */
const CHANGES: readonly (readonly [
  input: string,
  change: Readonly<Record<string, Content>> | 'remove',
  path: string,
  moves: boolean,
])[] = [
  ['package.json', { 'package.json': '{"a":1}\n' }, '', true],
  ['package.json', { 'src/a.ts': 'other\n' }, '', false],
  ['package.json', 'remove', 'package.json', true],
  ['build.sh', { 'build.sh': 'no script any more\n' }, '', true],
  ['win.bat', { '.gitattributes': '' }, '', true],
  ['package.json', { '.gitattributes': '' }, '', false],
  ['src', { 'src/deep/b.ts': 'other\n' }, '', true],
  ['src', { 'src/new.ts': 'new\n' }, '', true],
  ['src', 'remove', 'src/deep/c.md', true],
  ['src', { 'src/.gitattributes': '*.md ident\n' }, '', true],
  ['src', { 'srcs/a.ts': 'beside\n' }, '', false],
  ['src/**/*.ts', { 'src/a.ts': 'other\n' }, '', true],
  ['src/**/*.ts', { 'src/deep/more/d.ts': 'new\n' }, '', true],
  ['src/**/*.ts', { 'src/deep/c.md': 'other\n' }, '', false],
  ['src/**', { 'src/deep/c.md': 'other\n' }, '', true],
  ['src/**', { src2: 'x\n' }, '', false],
  ['*', { 'src/deep/c.md': 'other\n' }, '', true],
  ['**/*.ts', { '.hidden/x.ts': 'other\n' }, '', true],
  ['pages/[id].tsx', { 'pages/[id].tsx': 'other\n' }, '', true],
  ['pages/[id].tsx', { 'pages/i.tsx': 'other\n' }, '', false],
  ['pages/[*].tsx', { 'pages/[slug].tsx': 'new\n' }, '', true],
  ['café', { 'caf\xc3\xa9/menu': 'other\n' }, '', true],
  ['caf?/menu', { 'caf\xc3\xa9/menu': 'other\n' }, '', true],
  ['config', { 'settings/base': 'other\n' }, '', true],
  ['config', { config: { link: 'settings' } }, '', true],
  ['config', { 'settings/other': 'beside\n' }, '', false],
  ['lib/b.ts', { 'src/deep/b.ts': 'other\n' }, '', true],
  ['lib/b.ts', { 'src/deep/c.md': 'other\n' }, '', false],
  ['lib', { 'src/deep/c.md': 'other\n' }, '', true],
  ['out', { out: { link: '/etc/group' } }, '', true],
  ['circle', { circle: { link: './circle' } }, '', true],
  ['no/such/file', { 'package.json': 'other\n' }, '', false],
  ['no/such/file', { 'no/other': 'now there is a folder\n' }, '', true],
  ['no/such/file', { no: 'now there is a file\n' }, '', true],
  ['package.json/below', { 'package.json': 'other\n' }, '', false],
  ['.git', {}, '', true],
  ['.', { 'caf\xc3\xa9/menu': 'other\n' }, '', true],
  ['.', {}, '', false],
];

describe('answers of inputs', () => {
  let repository: TestRepository;
  before(async () => {
    repository = await createRepository();
    await repository.commit(FILES);
  });
  after(async () => await repository[Symbol.asyncDispose]());
  afterEach(
    () =>
      void repository.git(
        'reset',
        '--quiet',
        '--hard',
        repository.git('rev-list', '--max-parents=0', 'HEAD'),
      ),
  );

  for (const [input, change, path, moves] of CHANGES) {
    const what =
      change === 'remove' ? `without ${path}` : `with ${Object.keys(change).join(', ') || 'an empty commit'}`;
    it(`${moves ? 'move' : 'stay'} for ${input} ${what}`, async () => {
      const before = await answersAt(repository, [input]);
      if (change === 'remove') repository.git('rm', '--quiet', path);
      await repository.commit(change === 'remove' ? {} : change);
      const after = await answersAt(repository, [input]);
      if (moves) assert.notDeepEqual(after, before);
      else assert.deepEqual(after, before);
    });
  }

  it('say what a path is, and by which links it was reached', async () => {
    const id = (path: string): string => repository.git('rev-parse', `HEAD:${path}`);
    assert.deepEqual(
      await answersAt(repository, ['win.bat', 'build.sh', 'lib/b.ts', 'no/x', 'up', 'package.json/x']),
      [
        { asked: 'build.sh', kind: 'file', mode: '100755', id: id('build.sh') },
        { asked: 'lib', kind: 'link', id: id('lib') },
        { asked: 'lib/b.ts', kind: 'file', mode: '100644', id: id('src/deep/b.ts') },
        { asked: 'no/x', kind: 'absent', ancestor: '' },
        { asked: 'package.json/x', kind: 'absent', ancestor: 'package.json' },
        { asked: 'up', kind: 'link', id: id('up') },
        { asked: 'up', kind: 'outside' },
        {
          asked: 'win.bat',
          kind: 'file',
          mode: '100644',
          id: id('win.bat'),
          attributes: 'text=set eol=crlf',
        },
      ],
    );
  });

  it('name the members of a small group', async () => {
    const [answer] = await answersAt(repository, ['src/deep']);
    assert.deepEqual(
      answer?.members?.map(([path]) => path),
      ['src/deep/b.ts', 'src/deep/c.md'],
    );
  });

  it('of a submodule, and of what lies in it, are its commit', async () => {
    const [first, second] = ['1'.repeat(40), '2'.repeat(40)];
    const answersFor = async (link: string) => {
      repository.git('update-index', '--add', '--cacheinfo', `160000,${link},vendor/lib`);
      repository.git('commit', '--quiet', '--message', 'link');
      return await answersAt(repository, ['vendor/lib/src/x.c', 'vendor/lib']);
    };
    assert.deepEqual(await answersFor(first ?? ''), [
      { asked: 'vendor/lib', kind: 'submodule', id: first, attributes: 'empty' },
      { asked: 'vendor/lib/src/x.c', kind: 'submodule', id: first, attributes: 'empty' },
    ]);
    assert.deepEqual(
      (await answersFor(second ?? '')).map(({ id }) => id),
      [second, second],
    );
  });
});
