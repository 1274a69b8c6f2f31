import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { parse } from 'yaml';
import { raiseMemory } from '../../src/build/raise-memory.ts';
import { readPipelinesMemory, StepSize } from '../../src/config/pipelines-memory.ts';
import { runs } from '../support/runs.ts';

/** What Docker may have at most in a step of each size that has no other service. */
const MOST = { '1x': 3072, '2x': 7168, '4x': 15_360, '8x': 31_744, '16x': 64_512, '32x': 130_048 };
const ALONE = { service: 'docker', others: 0 };

const cases: readonly (readonly [StepSize, number, ...([StepSize, number] | [undefined])])[] = [
  ['1x', 128, '1x', 3072],
  ['1x', 1024, '1x', 3072],
  ['1x', 2048, '1x', 3072],
  ['1x', 2049, '2x', 7168],
  ['1x', 3072, '2x', 7168],
  ['2x', 1024, '2x', 7168],
  ['2x', 7168, '4x', 15_360],
  ['4x', 15_360, '8x', 31_744],
  ['8x', 31_744, '16x', 64_512],
  ['1x', 20_000, '8x', 31_744],
  ['32x', 130_000, '32x', 130_048],
  ['32x', 130_048, undefined],
];

const memories = fc.record({
  size: fc.constantFrom(...StepSize.options),
  megabytes: fc.integer({ min: 1, max: 140_000 }),
  others: fc.integer({ min: 0, max: 8192 }),
  service: fc.oneof(fc.constantFrom('docker', 'docker-large', 'null', '1'), fc.string({ minLength: 1 })),
});

describe('more memory for the docker service', () => {
  for (const [size, megabytes, toSize, toMegabytes] of cases) {
    it(`is, above ${megabytes} MB at ${size}, ${toMegabytes ?? 'nowhere'}${toSize ? ` at ${toSize}` : ''}`, () => {
      const raised = raiseMemory({ ...ALONE, size, megabytes });
      assert.deepEqual([raised?.size, raised?.megabytes], [toSize, toMegabytes]);
    });
  }

  it('leaves room for the other services of the step', () => {
    const raised = raiseMemory({ size: '1x', service: 'docker', megabytes: 1024, others: 1024 });
    assert.equal(raised?.megabytes, 2048);
  });

  it('is written as YAML to paste', () => {
    const { remedy } = raiseMemory({ size: '1x', service: 'large', megabytes: 3072, others: 0 }) ?? {};
    assert.equal(remedy?.file, 'bitbucket-pipelines.yml');
    assert.deepEqual(parse(remedy.yaml), {
      options: { size: '2x' },
      definitions: { services: { large: { type: 'docker', memory: 7168 } } },
    });
  });

  it('is always more, allowed, and read back from the YAML', () => {
    const property = fc.property(memories, (memory) => {
      const raised = raiseMemory(memory);
      if (raised === undefined) {
        assert.ok(memory.megabytes >= MOST['32x'] - memory.others);
        return;
      }
      const { size, megabytes, remedy } = raised;
      assert.ok(megabytes > memory.megabytes);
      assert.ok(megabytes + memory.others <= MOST[size]);
      assert.ok(StepSize.options.indexOf(size) >= StepSize.options.indexOf(memory.size));
      const read = readPipelinesMemory(
        `${remedy.yaml}\npipelines: {default: [step: {services: [${JSON.stringify(memory.service)}], script: [x]}]}`,
      );
      assert.deepEqual(
        [read.size, read.megabytes, read.isStated, read.service],
        [size, megabytes, true, memory.service],
      );
    });
    fc.assert(property, { numRuns: runs(300) });
  });

  // Bitbucket's own schema is not committed; where it lies beside the checkout, the advice is held against it.
  const contracts = process.env['PREHEAT_CONTRACTS'];
  if (contracts === undefined) return;
  it('is what Bitbucket takes', async () => {
    const schema: unknown = JSON.parse(await readFile(join(contracts, 'pipelines-schema.json'), 'utf8'));
    assert.ok(typeof schema === 'object' && schema !== null);
    const isPipelines = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    const property = fc.property(memories, (memory) => {
      const raised = raiseMemory(memory);
      if (raised !== undefined) assert.ok(isPipelines(parse(raised.remedy.yaml)), raised.remedy.yaml);
    });
    fc.assert(property, { numRuns: runs(100) });
    assert.ok(!isPipelines({ definitions: { services: { docker: { memory: 100 } } } }), 'it takes anything');
  });
});
