import assert from 'node:assert/strict';
import { adviseMemory } from '../../src/build/advise-memory.ts';
import type { MemoryAdvice, MemoryLimit } from '../../src/build/memory-advisor.ts';
import type { PipelinesMemory } from '../../src/config/pipelines-memory.ts';

const MEBIBYTE = 1024 ** 2;
const PIPELINES: PipelinesMemory = {
  size: '1x',
  service: 'docker',
  megabytes: 1024,
  isStated: false,
  others: 0,
};
const machine: MemoryLimit = { bytes: 25e9, of: 'machine' };
const group = (megabytes: number): MemoryLimit => ({ bytes: megabytes * MEBIBYTE, of: 'group' });

interface Case {
  readonly where: string;
  readonly limit: MemoryLimit | undefined;
  readonly pipelines: PipelinesMemory | undefined;
  readonly advice: Omit<MemoryAdvice, 'remedy'>;
  readonly memory?: number;
}

const cases: readonly Case[] = [
  {
    where: 'Pipelines, whose group cannot be seen',
    limit: machine,
    pipelines: PIPELINES,
    advice: {
      had: 'the docker service has 1024 MB',
      hint: 'Give the docker service 3072 MB, or let the task use less.',
    },
    memory: 3072,
  },
  {
    where: 'Pipelines, nothing measured',
    limit: undefined,
    pipelines: { ...PIPELINES, megabytes: 3072 },
    advice: {
      had: 'the docker service has 3072 MB',
      hint: 'Give the step size 2x and the docker service 7168 MB, or let the task use less.',
    },
    memory: 7168,
  },
  {
    where: 'Pipelines, where more was measured than the file says',
    limit: group(2000),
    pipelines: PIPELINES,
    advice: {
      had: 'the docker service has 2000 MB',
      hint: 'Give the docker service 3072 MB, or let the task use less.',
    },
    memory: 3072,
  },
  {
    where: 'the largest step',
    limit: undefined,
    pipelines: { ...PIPELINES, size: '32x', megabytes: 130_048 },
    advice: {
      had: 'the docker service has 130048 MB',
      hint: 'Use less memory: no step of Pipelines has room for a larger docker service.',
    },
  },
  {
    where: 'a container with a limit of its own',
    limit: { bytes: 64 * MEBIBYTE, of: 'container' },
    pipelines: PIPELINES,
    advice: {
      had: 'its container has a limit of 67 MB',
      hint: "Raise the container's limit, or let the task use less.",
    },
  },
  {
    where: 'a group outside Pipelines',
    limit: group(1024),
    pipelines: undefined,
    advice: {
      had: 'the control group that the engine runs in has a limit of 1.1 GB',
      hint: "Raise the memory of the engine's control group (of the container or unit that runs the daemon), or let the task use less.",
    },
  },
  {
    where: 'a machine outside Pipelines',
    limit: machine,
    pipelines: undefined,
    advice: {
      had: 'the machine of the engine has 25 GB',
      hint: 'Give the machine of the engine more memory (Docker Desktop: Settings, Resources, Memory), or let the task use less.',
    },
  },
];

describe('what is advised for want of memory', () => {
  for (const { where, limit, pipelines, advice, memory } of cases) {
    it(`fits ${where}`, () => {
      const { remedy, ...rest } = adviseMemory('task', limit, pipelines);
      assert.deepEqual(rest, advice);
      const written = /memory: (\d+)$/.exec(remedy?.yaml ?? '')?.[1];
      assert.equal(written, memory === undefined ? undefined : String(memory));
    });
  }
});
