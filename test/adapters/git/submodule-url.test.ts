import assert from 'node:assert/strict';
import { faultOfUrl, isLocalUrl, resolveSubmoduleUrl } from '../../../src/adapters/git/submodule-url.ts';

// What git's own test suite expects of it (t/t0060-path-utils.sh, "test_submodule_relative_url").
const RELATIVE = [
  ['../lib.git', 'https://bitbucket.org/team/app.git', 'https://bitbucket.org/team/lib.git'],
  ['../../other/lib', 'https://bitbucket.org/team/app/', 'https://bitbucket.org/other/lib'],
  ['./sub', 'https://bitbucket.org/team/app', 'https://bitbucket.org/team/app/sub'],
  ['../lib', 'git@bitbucket.org:team/app', 'git@bitbucket.org:team/lib'],
  ['../../lib', 'git@bitbucket.org:team/app', 'git@bitbucket.org:lib'],
  ['../lib', 'user@host:repo', 'user@host:lib'],
  ['../lib/', 'ssh://git@host:2222/team/app', 'ssh://git@host:2222/team/lib'],
  ['../lib', '/srv/git/app', '/srv/git/lib'],
  ['../lib', 'file:///srv/git/app', 'file:///srv/git/lib'],
  ['https://host/x', 'https://bitbucket.org/team/app', 'https://host/x'],
] as const;

describe('resolveSubmoduleUrl', () => {
  for (const [url, base, expected] of RELATIVE)
    it(`makes ${expected} of ${url} in ${base}`, () =>
      assert.equal(resolveSubmoduleUrl(url, base), expected));

  for (const [url, base] of [
    ['../../../x', 'https://host/team/app'],
    ['../../../../evil.example/x', 'https://host/team/app'],
    ['../../x', 'ssh://host/app'],
    ['../../../x', 'git@host:app'],
  ] as const)
    it(`refuses ${url} in ${base}`, () => assert.throws(() => resolveSubmoduleUrl(url, base), RangeError));
});

describe('faultOfUrl', () => {
  for (const url of ['https://h/x', 'http://h/x', 'ssh://git@h:22/x', 'git@h:x', 'h:x', 'git://h/x'])
    it(`fetches from ${url}`, () => {
      assert.equal(faultOfUrl(url, { local: false }), undefined);
      assert.equal(isLocalUrl(url), false);
    });

  for (const url of ['/srv/x', 'file:///srv/x', '../x', './a:b', 'x'])
    it(`fetches from ${url} for a repository of this machine only`, () => {
      assert.equal(isLocalUrl(url), true);
      assert.equal(faultOfUrl(url, { local: true }), undefined);
      assert.match(faultOfUrl(url, { local: false }) ?? '', /folder/);
    });

  for (const url of [
    '-x',
    '--upload-pack=id',
    'ext::id',
    'fd::7',
    'ssh://-x/y',
    'git@-x:y',
    '-x:y',
    'https://h/\nx',
    '',
    'ftp://h/x',
  ])
    it(`never fetches from ${JSON.stringify(url)}`, () =>
      assert.notEqual(faultOfUrl(url, { local: true }), undefined));
});
