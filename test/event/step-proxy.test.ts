import assert from 'node:assert/strict';
import { parseStepProxy, stepProxyOf } from '../../src/event/step-proxy.ts';

describe('the proxy of a step', () => {
  it('is beside a pipe, and in the build container itself', () => {
    const pipe = {
      BITBUCKET_PIPE_STORAGE_DIR: '/opt/build/.bitbucket/pipelines/generated/pipeline/pipes/a/b',
    };
    assert.equal(stepProxyOf(pipe), 'http://host.docker.internal:29418/');
    assert.equal(stepProxyOf({}), 'http://localhost:29418/');
    assert.equal(stepProxyOf({ BITBUCKET_PIPE_STORAGE_DIR: ' ' }), 'http://localhost:29418/');
  });

  it('does not believe a variable that cannot be of Pipelines', () => {
    for (const value of ['pipes', '/a\nb'])
      assert.throws(() => stepProxyOf({ BITBUCKET_PIPE_STORAGE_DIR: value }), {
        phase: 'event',
        message: /BITBUCKET_PIPE_STORAGE_DIR ".*" is no absolute path$/,
      });
  });

  it('may be named, or none', () => {
    assert.equal(parseStepProxy('none'), 'none');
    assert.equal(parseStepProxy('http://10.0.0.1:3128'), 'http://10.0.0.1:3128/');
    for (const text of [
      '',
      'localhost:29418',
      'https://a/',
      'http://me:pw@a/',
      'http://a/b',
      'http://a/?b',
      'http:///',
    ])
      assert.throws(() => parseStepProxy(text), RangeError, text);
  });
});
