import assert from 'node:assert/strict';
import { formatLocation } from '../../src/oci/location.ts';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';
import { foldersOf } from '../../src/cli/folders.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import { testSession } from './test-session.ts';

const STEP = {
  BITBUCKET_PIPELINE_UUID: '{1}',
  BITBUCKET_CLONE_DIR: '/opt/clone',
  BITBUCKET_WORKSPACE: 'Team',
  BITBUCKET_REPO_SLUG: 'My_App.js',
};
const PACKAGES = { BITBUCKET_PACKAGES_USERNAME: 'x-token', BITBUCKET_PACKAGES_TOKEN: 'packages-secret' };
const locationOf = (environment: Readonly<Record<string, string>>): string =>
  formatLocation(foldersOf(testSession({ environment })).location);
const refused =
  (message: RegExp, hint: RegExp) =>
  (thrown: unknown): boolean => {
    assert.ok(thrown instanceof PreheatError);
    assert.equal(exitCodeOf(thrown), 2);
    assert.match(thrown.message, message);
    assert.match(thrown.hint ?? '', hint);
    return true;
  };

describe('the place of workspace images that nobody named', () => {
  it('is a folder of the state on a person’s machine, with or without Bitbucket Packages', () => {
    assert.equal(locationOf({ REPOSITORY: '/opt/clone' }), 'oci:/opt/clone/.preheat/images');
    assert.equal(locationOf({ REPOSITORY: '/opt/clone', ...PACKAGES }), 'oci:/opt/clone/.preheat/images');
  });

  it('is Bitbucket Packages in a step that has its credentials', () => {
    assert.equal(locationOf({ ...STEP, ...PACKAGES }), 'crg.apkg.io/team/my_app.js-workspace');
  });

  it('must be named in a step without them', () => {
    assert.throws(
      () => locationOf(STEP),
      refused(/^cannot choose where workspace images are kept: /, /^Set REGISTRY .*BITBUCKET_PACKAGES_TOKEN/),
    );
  });

  it('gives way to what is named, a folder too', () => {
    assert.equal(locationOf({ ...STEP, REGISTRY: 'oci:/opt/images' }), 'oci:/opt/images');
    assert.equal(locationOf({ ...STEP, ...PACKAGES, REGISTRY: 'ghcr.io/a/b' }), 'ghcr.io/a/b');
  });

  for (const [name, value] of [
    ['BITBUCKET_WORKSPACE', '../evil'],
    ['BITBUCKET_WORKSPACE', ''],
    ['BITBUCKET_REPO_SLUG', 'a/b'],
    ['BITBUCKET_REPO_SLUG', '..'],
  ] as const) {
    it(`is none where ${name} is ${JSON.stringify(value)}`, () => {
      assert.throws(
        () => locationOf({ ...STEP, ...PACKAGES, [name]: value }),
        refused(
          new RegExp(`^cannot name the package of Bitbucket Packages: ${name} is no slug`),
          /^Set REGISTRY/,
        ),
      );
    });
  }

  it('is none where a slug makes no name of a repository', () => {
    assert.throws(
      () => locationOf({ ...STEP, ...PACKAGES, BITBUCKET_REPO_SLUG: 'app_' }),
      refused(/"app_-workspace" is no repository name/, /^Set REGISTRY/),
    );
  });
});
