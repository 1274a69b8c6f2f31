import assert from 'node:assert/strict';
import { contextUrl, isSameRepository } from '../../src/config/context-url.ts';

const ID = '0123456789'.repeat(4);

describe('contextUrl', () => {
  for (const [written, address, place] of [
    ['https://bitbucket.org/team/app', 'https://bitbucket.org/team/app', {}],
    ['https://bitbucket.org/team/app.git', 'https://bitbucket.org/team/app.git', {}],
    ['https://bitbucket.org/team/app/src/main/', 'https://bitbucket.org/team/app', { branch: 'main' }],
    ['https://bitbucket.org/team/app/src/a%2Fb?at=x#l', 'https://bitbucket.org/team/app', { branch: 'a/b' }],
    ['https://bitbucket.org/team/app/commits/' + ID, 'https://bitbucket.org/team/app', { commit: ID }],
    ['https://github.com/o/app/tree/feature/x', 'https://github.com/o/app', { branch: 'feature/x' }],
    ['https://github.com/o/app/commit/' + ID, 'https://github.com/o/app', { commit: ID }],
    ['https://gitlab.com/g/sub/app/-/tree/main', 'https://gitlab.com/g/sub/app', { branch: 'main' }],
    ['git@bitbucket.org:team/app.git', 'git@bitbucket.org:team/app.git', {}],
    ['ssh://git@host:22/src/app', 'ssh://git@host:22/src/app', {}],
    ['file:///srv/tree/app', 'file:///srv/tree/app', {}],
    ['https://gitlab.com/acme/src/app.git', 'https://gitlab.com/acme/src/app.git', {}],
    ['https://gitlab.com/acme/tree/app', 'https://gitlab.com/acme/tree/app', {}],
  ] as const)
    it(`takes ${written} for ${address}`, () => {
      assert.deepEqual(contextUrl(written), { address, name: 'app', ...place });
    });

  for (const written of [
    'https://github.com/o/app/pull/7',
    'https://github.com/o/app/issues/7',
    'https://bitbucket.org/t/app/pull-requests/7/diff',
    'https://gitlab.com/g/app/-/merge_requests/7',
  ])
    it(`follows no ${written}`, () => assert.equal(contextUrl(written), undefined));

  it('takes a repository that is called as what it shows', () => {
    assert.equal(contextUrl('https://github.com/acme/issues')?.name, 'issues');
    assert.equal(contextUrl('https://github.com/acme/src')?.name, 'src');
  });

  it('gives no name to what is no escape of a URL', () => {
    assert.equal(contextUrl('https://h/t/app/src/%E0%A4%A'), undefined);
  });
});

describe('isSameRepository', () => {
  for (const other of [
    'https://Bitbucket.org/team/app.git/',
    'http://user@bitbucket.org/team/app',
    'git@bitbucket.org:team/app.git',
    'ssh://git@bitbucket.org/team/app',
  ])
    it(`knows ${other}`, () => assert.ok(isSameRepository(other, 'https://bitbucket.org/team/app')));

  for (const other of [
    'https://bitbucket.org/team/app2',
    'https://github.com/team/app',
    'https://bitbucket.org:8443/team/app',
    '/team/app',
  ])
    it(`tells ${other} apart`, () => assert.ok(!isSameRepository(other, 'https://bitbucket.org/team/app')));

  it('knows folders of this machine', () => {
    assert.ok(isSameRepository('file:///srv/app.git', '/srv/app'));
    assert.ok(!isSameRepository('/srv/app', '/srv/App'));
  });
});
