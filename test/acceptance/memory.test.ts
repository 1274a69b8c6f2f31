import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asRoot } from '../support/as-root.ts';
import { makeClone } from '../support/clone.ts';
import { GIBIBYTE, GREED, RAISED } from '../support/greedy-task.ts';
import { preheat } from '../support/preheat.ts';
import { startPrivateEngine, type PrivateEngine } from '../support/private-engine.ts';
import { makeTaskImage, type TaskImage } from '../support/task-image.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

const PIPELINE = {
  BITBUCKET_PIPELINE_UUID: '{11111111-2222-3333-4444-555555555555}',
  BITBUCKET_BRANCH: 'main',
  BITBUCKET_WORKSPACE: 'team',
  BITBUCKET_REPO_SLUG: 'app',
};

/** A build as a step of Pipelines runs it, on an engine whose memory is that of its docker service. */
async function build(workshop: Workshop, engine: PrivateEngine) {
  const run = workshop.start({
    words: ['--registry', `oci:${workshop.images}`, '--network', 'host'],
    env: {
      DOCKER_HOST: engine.host,
      ...PIPELINE,
      BITBUCKET_COMMIT: await workshop.clone.git('rev-parse', 'HEAD'),
    },
  });
  const { exitCode, stderr } = await run;
  return { pid: run.pid, exitCode, stderr };
}

describe('a docker service with 1 GiB of memory', () => {
  let image: TaskImage;
  let engine: PrivateEngine;

  before(
    asRoot(async () => {
      image = await makeTaskImage();
      engine = await startPrivateEngine({ memoryBytes: GIBIBYTE });
      await engine.docker('load', '--input', image.archive);
    }),
  );
  after(
    asRoot(async () => {
      const group = engine.memoryGroup ?? '';
      assert.ok(existsSync(group));
      await engine[Symbol.asyncDispose]();
      assert.ok(!existsSync(group));
      await image[Symbol.asyncDispose]();
    }),
  );

  it(
    'is what the doctor measures, where the kernel shows it',
    asRoot(async () => {
      await using clone = await makeClone({
        'bitbucket-pipelines.yml': 'definitions: {services: {docker: {memory: 2048}}}\n',
      });
      const env = {
        DOCKER_HOST: engine.host,
        ...PIPELINE,
        BITBUCKET_COMMIT: await clone.git('rev-parse', 'HEAD'),
      };
      const words = ['doctor', '--network', 'host', '--registry', `oci:${clone.directory}/.preheat/images`];
      const { stdout } = await preheat(words, { cwd: clone.directory, env });
      // Version 2 shows a container nothing above itself: there the file is all that is known.
      const megabytes = existsSync('/sys/fs/cgroup/cgroup.controllers') ? 2048 : 1024;
      assert.match(stdout, new RegExp(`pipelines +in Pipelines the docker service has ${megabytes} MB`));
      assert.equal(await engine.docker('ps', '--all', '--quiet'), '');
      assert.ok(!(await engine.docker('images')).includes('trial'));
    }),
  );

  const cases: readonly (readonly [what: string, files: () => Record<string, string>, message: RegExp])[] = [
    [
      'an init',
      () => ({ '.gitpod.yml': `image: ${image.name}\ntasks:\n  - name: greedy\n    init: '${GREED}'\n` }),
      /^task "greedy" ran out of memory: the docker service has 1024 MB$/,
    ],
    [
      'a RUN',
      () => ({
        '.gitpod.yml': 'image:\n  file: Dockerfile\n',
        Dockerfile: `FROM ${image.name}\nRUN ${GREED}\n`,
      }),
      /^cannot build the base image from Dockerfile: it ran out of memory at RUN x=.*: the docker service has 1024 MB$/,
    ],
  ];
  for (const [what, files, message] of cases) {
    it(
      `ends ${what} that takes more with 52, and tells the YAML that raises it`,
      asRoot(async () => {
        await using workshop = await openWorkshop(files());
        const { exitCode, stderr, pid } = await build(workshop, engine);
        assert.equal(exitCode, 52, stderr);
        assert.ok(stderr.includes(`\n${RAISED}\n`), stderr);
        const { failure } = await workshop.outcome();
        assert.match(failure?.message ?? '', message);
        assert.partialDeepStrictEqual(failure, {
          code: 'out-of-memory',
          hint: `Give the docker service 3072 MB, or let the ${what === 'a RUN' ? 'Dockerfile' : 'task'} use less.`,
          remedy: { file: 'bitbucket-pipelines.yml', yaml: RAISED },
        });
        assert.ok((await readFile(join(workshop.state, 'report.html'), 'utf8')).includes(RAISED));
        assert.equal(await engine.docker('ps', '--all', '--quiet'), '');
        await workshop.assertTidy(pid);
      }),
    );
  }
});
