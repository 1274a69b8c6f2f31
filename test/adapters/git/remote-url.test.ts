import assert from 'node:assert/strict';
import { publicRemoteUrl, repositoryNameOf } from '../../../src/adapters/git/remote-url.ts';

describe('publicRemoteUrl', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['https://bitbucket.org/team/app.git', 'https://bitbucket.org/team/app.git'],
    ['http://bitbucket.org/team/app', 'https://bitbucket.org/team/app'],
    ['https://x-token-auth:secret@bitbucket.org/team/app.git', 'https://bitbucket.org/team/app.git'],
    ['http://jane:s%40cret@bitbucket.org/team/app', 'https://bitbucket.org/team/app'],
    ['http://jane:secret@git.example.com:8080/app.git', 'http://git.example.com:8080/app.git'],
    ['https://token@git.example.com/app.git', 'https://git.example.com/app.git'],
    ['ssh://git@bitbucket.org/team/app.git', 'ssh://git@bitbucket.org/team/app.git'],
    ['ssh://git:secret@bitbucket.org/team/app.git', 'ssh://git@bitbucket.org/team/app.git'],
    ['https://jane:se/cr@et@bitbucket.org/team/app.git', 'https://bitbucket.org/team/app.git'],
    ['git@bitbucket.org:team/app.git', 'git@bitbucket.org:team/app.git'],
    ['/srv/git/app.git', '/srv/git/app.git'],
    ['../app', '../app'],
    ['file:///srv/git/app.git', 'file:///srv/git/app.git'],
  ];
  for (const [url, expected] of rows) {
    it(`makes ${expected} of ${url}`, () => assert.equal(publicRemoteUrl(url), expected));
  }
});

describe('repositoryNameOf', () => {
  const urls = [
    'https://bitbucket.org/team/app.git',
    'https://bitbucket.org/team/app/',
    'git@host:app.git',
    '/srv/app',
    'app.git',
  ];
  for (const url of urls) it(`finds the name in ${url}`, () => assert.equal(repositoryNameOf(url), 'app'));
});
