import assert from 'node:assert/strict';
import { meaningOf } from '../../setup/network.mjs';
import { SetupFailure } from '../../setup/failure.mjs';
import { findProgram, forgetLog, run, systemPath } from '../../setup/run.mjs';
import { versionIn } from '../../setup/tools.mjs';

describe('the tools that set-up finds', () => {
  after(forgetLog);

  it('tell their version in many ways', () => {
    const texts = [
      ['git version 2.39.5', '2.39.5'],
      ['strace -- version 6.1\nCopyright (c) 1991-2022', '6.1'],
      ['Docker version 28.2.2, build e6534b4', '28.2.2'],
      ['docker-registry github.com/docker/distribution 2.8.2+ds1', '2.8.2+ds1'],
      ['Version:        1.2.0+Debian\nGo version:     go1.24.4', '1.2.0+Debian'],
      ['umoci version 0.4.7+ds-3+b7', '0.4.7+ds-3+b7'],
      ['v24.21.0', '24.21.0'],
      ['nothing', 'of unknown version'],
    ] as const;
    for (const [text, version] of texts) assert.equal(versionIn(text), version);
  });

  it('are looked for outside node_modules/.bin, where npm ci would pull the ground from under itself', () => {
    assert.equal(systemPath('/a/node_modules/.bin:/usr/bin:/b/node_modules/.bin:/bin'), '/usr/bin:/bin');
    assert.ok(findProgram('sh')?.endsWith('/sh'));
    assert.equal(findProgram('a-program-that-is-nowhere'), undefined);
    assert.equal(findProgram('etc'), undefined);
  });

  it('fail with the file in which to read why', async () => {
    assert.equal(await run('sh', ['-c', 'echo out; echo err >&2']), 'out\n');
    await assert.rejects(run('sh', ['-c', 'exit 3']), (error) => {
      assert.ok(error instanceof SetupFailure);
      assert.match(error.message, /^cannot run sh -c: it ended with 3$/);
      assert.match(error.hint, /^Read .*setup\.log\.$/);
      return true;
    });
    await assert.rejects(run('/nowhere', []), /cannot run \/nowhere : .*ENOENT/);
  });

  it('explain what a container did not reach', () => {
    assert.match(meaningOf('EAI_AGAIN'), /name server/);
    assert.match(meaningOf('SELF_SIGNED_CERT_IN_CHAIN'), /certificate/);
    assert.equal(meaningOf(''), 'the container did not start');
    assert.equal(meaningOf('ESOMETHING'), 'ESOMETHING');
  });
});
