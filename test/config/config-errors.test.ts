import assert from 'node:assert/strict';
import { configError, missingConfig } from '../../src/config/config-errors.ts';
import { readConfig } from '../../src/config/read-config.ts';

describe('missingConfig', () => {
  it('names what was looked for, and says what to create', () => {
    const error = missingConfig();
    assert.equal(
      error.message,
      'cannot find a workspace configuration: the commit has no .gitpod.yml or .gitpod',
    );
    assert.deepEqual([error.phase, error.code], ['config', 'config-missing']);
    assert.match(error.hint ?? '', /^Create \.gitpod\.yml /);
    assert.match(missingConfig(['other.yml']).message, /has no other\.yml$/);
  });
});

describe('configError', () => {
  it('tells the first error with its place, and how many more there are', () => {
    const { diagnostics } = readConfig('foo: 1\nimage: 3\ntasks: 3\nports: 3\n', { repositoryName: 'app' });
    const error = configError(diagnostics);
    assert.equal(
      error.message,
      'cannot read .gitpod.yml: image: expected a string or a map, got the number 3 (line 2, column 8), and 2 more',
    );
    assert.deepEqual([error.phase, error.code], ['config', 'config-invalid']);
    assert.match(error.hint ?? '', /^Run "preheat validate"/);
  });
});
