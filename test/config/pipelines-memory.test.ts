import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readPipelinesMemory, type PipelinesMemory } from '../../src/config/pipelines-memory.ts';
import { runs } from '../support/runs.ts';

const DEFAULT: PipelinesMemory = {
  size: '1x',
  service: 'docker',
  megabytes: 1024,
  isStated: false,
  others: 0,
};

const cases: readonly (readonly [what: string, text: string | undefined, told: Partial<PipelinesMemory>])[] =
  [
    ['no file', undefined, {}],
    ['an empty file', '', {}],
    ['a file that is no YAML', 'a: [', {}],
    ['a list', '- a', {}],
    [
      'the memory of docker',
      'definitions: {services: {docker: {memory: 2048}}}',
      { megabytes: 2048, isStated: true },
    ],
    ['memory that is no number', 'definitions: {services: {docker: {memory: much}}}', {}],
    ['the size of all steps', 'options: {size: 2x}', { size: '2x' }],
    ['a size that Pipelines does not have', 'options: {size: 3x}', {}],
    [
      'the size of the step that names preheat, before that of others',
      `options: {size: 8x}
pipelines:
  default:
    - step: {services: [docker], script: [make]}
    - parallel: {steps: [{step: {size: 4x, script: [{pipe: 'docker://preheat/preheat-pipe:0.1.0'}]}}]}`,
      { size: '4x' },
    ],
    [
      'the size of a step with docker where none names preheat',
      'pipelines: {branches: {main: [step: {script: [make]}, step: {size: 2x, services: [docker], script: [make]}]}}',
      { size: '2x' },
    ],
    [
      'the smallest of several steps',
      'pipelines: {default: [step: {size: 2x, script: [preheat]}, step: {script: [preheat]}]}',
      {},
    ],
    [
      'a docker service under another name, and what others take',
      `definitions: {services: {large: {type: docker, memory: 5000}, db: {memory: 512}}}
pipelines: {default: [step: {size: 2x, services: [db, large, redis], script: [preheat build]}]}`,
      { size: '2x', service: 'large', megabytes: 5000, isStated: true, others: 1536 },
    ],
  ];

describe('the memory of a docker service in bitbucket-pipelines.yml', () => {
  for (const [what, text, told] of cases) {
    it(`is read from ${what}`, () => assert.deepEqual(readPipelinesMemory(text), { ...DEFAULT, ...told }));
  }

  it('is read from anything', () => {
    const property = fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      assert.ok(readPipelinesMemory(text).megabytes > 0);
    });
    fc.assert(property, { numRuns: runs(200) });
  });
});
