import assert from 'node:assert/strict';
import { configError, missingConfig } from '../../src/config/config-errors.ts';
import { readConfig } from '../../src/config/read-config.ts';

describe('missingConfig', () => {
  it('names the files that were looked for, and what one could begin with', () => {
    const error = missingConfig('commit', 'image: node:24\n');
    assert.equal(error.phase, 'config');
    assert.equal(error.code, 'config-missing');
    assert.match(
      error.message,
      /: the commit has none of \.gitpod\.yml, \.gitpod, \.devcontainer\/devcontainer\.json, \.devcontainer\.json, \.devcontainer\/\*\/devcontainer\.json$/,
    );
    assert.match(error.hint ?? '', /^Run "preheat init"/);
    assert.deepEqual(error.remedy, { file: '.gitpod.yml', yaml: 'image: node:24' });
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
