import assert from 'node:assert/strict';
import { examine, type ExaminationPorts } from '../../src/doctor/examine.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import { PLATFORM } from '../observe/dockerfile/dockerfile-repository.ts';
import { engineFacts } from './sample-examination.ts';

const COMMIT = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';
const signal = new AbortController().signal;
const request = {
  platform: PLATFORM,
  tag: 'doctor-1',
  isInPipelines: true,
  forge: { repository: 'team/app', token: 'access token' },
} as const;
const pipelines = { size: '1x', service: 'docker', megabytes: 2048, isStated: true, others: 0 } as const;

function unused(): never {
  throw new TypeError('a layout asks for nothing');
}

function portsOf(more: Partial<ExaminationPorts> = {}): ExaminationPorts {
  return {
    engine: {
      describe: async () => engineFacts,
      tryContainer: async () => ({ memory: { bytes: 1024 ** 3, of: 'group' }, refusals: [] }),
    },
    trialContainer: async () => ({
      content: (async function* none() {})(),
      entrypoint: [],
      labels: {},
      network: 'none',
    }),
    clone: {
      gitVersion: async () => '2.39.5',
      describe: async () => ({ directory: '/a', isShallow: false }),
    },
    readCommit: async () => ({ id: COMMIT, config: { kind: 'done', value: '.gitpod.yml' }, pipelines }),
    oras: { find: async () => ({ program: '/usr/bin/oras', version: '1.2.0', isInstalled: true }) },
    registry: {
      target: {
        location: { kind: 'layout', directory: '/images' },
        readManifest: unused,
        readBlob: unused,
        upload: unused,
      },
      trial: undefined,
      openStaging: unused,
      credentialOrigin: unused,
    },
    forge: { readStatuses: async () => undefined, readPullRequests: async () => undefined },
    stepProxy: { address: 'http://localhost:29418', readReports: async () => undefined },
    adviseMemory: (limit) => ({ had: `${limit?.of ?? 'nothing'} was measured`, hint: 'Give it more.' }),
    ...more,
  };
}

describe('an examination', () => {
  it('asks at the same time what does not need another answer', async () => {
    // Each waits until all have been asked: one after the other, they would wait for ever.
    let waiting = 5;
    const all = Promise.withResolvers<void>();
    const meet = async <T>(answer: T): Promise<T> => {
      if (--waiting === 0) all.resolve();
      await all.promise;
      return answer;
    };
    const ports = portsOf();
    const { engine, memory, forge } = await examine(
      request,
      portsOf({
        engine: { ...ports.engine, describe: async () => await meet(engineFacts) },
        clone: { ...ports.clone, gitVersion: async () => await meet('2.39.5') },
        oras: { find: async (options) => await meet(await ports.oras.find(options)) },
        forge: {
          readStatuses: async () => await meet(undefined),
          readPullRequests: async () => await meet(undefined),
        },
      }),
      { signal },
    );
    assert.equal(engine.container?.kind, 'done');
    assert.equal(forge.proxy?.reports.kind, 'done');
    assert.deepEqual(memory, {
      service: {
        memory: { ...pipelines, megabytes: 1024 },
        advice: { had: 'group was measured', hint: 'Give it more.' },
      },
    });
  });

  it('goes on where all else fails, even by a defect', async () => {
    const fail = async (): Promise<never> => {
      throw new TypeError('odd');
    };
    const failing = portsOf({
      engine: { describe: fail, tryContainer: fail },
      clone: { gitVersion: fail, describe: fail },
      oras: { find: fail },
      readCommit: fail,
      forge: { readStatuses: fail, readPullRequests: fail },
    });
    const { engine, clone, oras, registry, forge, memory } = await examine(request, failing, { signal });
    const odd = (what: string) => ({ kind: 'failed', message: `cannot ${what}: odd`, code: 'failed' });
    assert.deepEqual(engine, { wanted: PLATFORM, isInPipelines: true, engine: odd('ask the engine') });
    assert.deepEqual([clone.git, clone.commit], [odd('run git'), odd('read the commit')]);
    assert.equal(oras.kind, 'failed');
    assert.equal(forge.pullRequests?.kind, 'failed');
    assert.deepEqual([registry, forge.statuses, forge.proxy, memory], [undefined, undefined, undefined, {}]);
  });

  it('tells of the memory of the machine outside Pipelines', async () => {
    const { memory } = await examine({ ...request, isInPipelines: false }, portsOf(), { signal });
    assert.deepEqual(memory.engine?.limit, { bytes: 1024 ** 3, of: 'group' });
    assert.deepEqual(memory.service?.memory, pipelines);
  });

  it('ends when the run does', async () => {
    const stop = new PreheatError('interrupted by SIGINT', { phase: 'build', code: 'interrupted' });
    await assert.rejects(
      examine(request, portsOf({ readCommit: async () => Promise.reject(stop) }), {
        signal: AbortSignal.abort(stop),
      }),
      stop,
    );
  });
});
