import assert from 'node:assert/strict';
import { asRoot } from '../support/as-root.ts';
import { GIBIBYTE, GREED, RAISED } from '../support/greedy-task.ts';
import { openPipeWorld, type PipeWorld } from '../support/pipelines/pipe-world.ts';
import { startPrivateEngine, type PrivateEngine } from '../support/private-engine.ts';

const push = { kind: 'push', branch: 'main' } as const;

describe('the pipe on the engine of a step, which starts empty and has 1 GiB of memory', function () {
  this.timeout(300_000);
  let world: PipeWorld;
  let engine: PrivateEngine;
  const network = { NETWORK: 'host' };

  before(
    asRoot(async () => {
      world = await openPipeWorld({
        '.gitpod.yml': 'image: BASE\ntasks:\n  - init: echo made > made.txt\n',
        '.gitignore': 'made.txt\n',
      });
      engine = await startPrivateEngine({ memoryBytes: GIBIBYTE });
    }),
  );
  after(
    asRoot(async () => {
      await engine[Symbol.asyncDispose]();
      await world[Symbol.asyncDispose]();
    }),
  );

  it(
    'pulls the base with the credentials of the registry and makes the commit warm',
    asRoot(async () => {
      const run = await world.run({ event: push, engine: engine.host, variables: network });
      assert.equal(run.exitCode, 0, run.log);
      assert.equal(run.outcome?.result, 'warm');
      assert.deepEqual(run.refusals, []);
      assert.equal(await engine.docker('ps', '--all', '--quiet'), '');
    }),
  );

  it(
    'says how to raise the memory when an init is killed for want of it (52)',
    asRoot(async () => {
      await world.repository.git('switch', '--quiet', '--create', 'greedy');
      await world.repository.commit({
        '.gitpod.yml': `image: ${world.base}\ntasks:\n  - init: bash -c '${GREED}'\n`,
      });
      const event = { kind: 'push', branch: 'greedy' } as const;
      const run = await world.run({ event, engine: engine.host, variables: network });
      assert.equal(run.exitCode, 52, run.log);
      assert.ok(run.log.includes(RAISED), run.log);
      assert.match(run.lines.at(-1) ?? '', /^✖ \S+ is not warm: task "Task 1" ran out of memory/);
      assert.equal(run.outcome?.failure?.remedy?.yaml, RAISED);
      assert.equal(await engine.docker('ps', '--all', '--quiet'), '');
    }),
  );

  it(
    'is examined by the doctor, who reaches everything as a step does',
    asRoot(async () => {
      await using bitbucket = await world.startBitbucket();
      const variables = { ...network, COMMAND: 'doctor' };
      const run = await world.run({ event: push, engine: engine.host, bitbucket, variables });
      assert.equal(run.exitCode, 0, run.log);
      assert.match(run.log, /✔ push /);
      assert.match(run.log, /! pipelines .*the docker service has 1024 MB, in a step of size 1x/);
      assert.match(run.log, /✔ step proxy /);
      assert.match(run.log, /✔ pull requests /);
      assert.match(run.log, /authorization denied by plugin pipelines/);
      assert.ok(run.proxied.some(({ url }) => url.endsWith('/reports')));
      assert.match(run.lines.at(-1) ?? '', /^✔ ready: \d+ checks/);
      assert.equal(await engine.docker('ps', '--all', '--quiet'), '');
    }),
  );
});
