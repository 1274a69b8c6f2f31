import assert from 'node:assert/strict';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { countContainers, countStarts } from '../../bench/container-count.ts';
import { asRoot } from '../support/as-root.ts';
import { SMALL_IMAGE } from '../support/engine.ts';
import { startPrivateEngine } from '../support/private-engine.ts';

describe('the count of containers', () => {
  it('takes what starts one, and nothing else', () => {
    const calls = `--root /run/docker/runc --log /run/log.json --log-format json create --bundle /run/b abc
--root /run/docker/runc start abc
--log /data/buildkit/executor/log.json --log-format json run --bundle /data/b --keep xyz
--root /run/docker/runc exec --process /tmp/create abc
--root /run/docker/runc delete --force abc
`;
    assert.equal(countStarts(calls), 2);
    assert.equal(countStarts(''), 0);
  });

  it('is kept by the runc that it puts first in PATH, which does what runc does', async () => {
    await using count = await countContainers();
    const { stdout } = await execa('runc', ['--version'], { env: count.environment });
    assert.match(stdout, /^runc version/);
    assert.equal(await count.started(), 0);
    const failing = ['--root', '/nonexistent', 'create', '--bundle', '/nonexistent', 'preheat-bench-test'];
    const { failed } = await execa('runc', failing, { env: count.environment, reject: false });
    assert.ok(failed);
    assert.equal(await count.started(), 1);
  });

  it(
    'holds those of an engine and of its builds',
    asRoot(async () => {
      await using count = await countContainers();
      await using engine = await startPrivateEngine({ environment: count.environment });
      const saving = execa('docker', ['save', SMALL_IMAGE], { buffer: false, encoding: 'buffer' });
      const loading = execa('docker', ['--host', engine.host, 'load', '--quiet'], { stdin: 'pipe' });
      await Promise.all([pipeline(saving.stdout, loading.stdin), saving, loading]);
      assert.equal(await count.started(), 0);
      await engine.docker('run', '--rm', '--network', 'none', SMALL_IMAGE, 'true');
      assert.equal(await count.started(), 1);
      const input = `FROM ${SMALL_IMAGE}\nRUN echo one > /one\nRUN echo two > /two\n`;
      await execa('docker', ['--host', engine.host, 'build', '--network', 'none', '-'], { input });
      assert.equal(await count.started(), 3);
    }),
  );
});
