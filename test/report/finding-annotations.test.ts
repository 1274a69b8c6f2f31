import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { z } from 'zod';
import { readConfig } from '../../src/config/read-config.ts';
import type { Diagnostic } from '../../src/kernel/diagnostic.ts';
import { findingAnnotations } from '../../src/report/finding-annotations.ts';

const FILE = 'image: [1]\nport: 80\ntasks:\n  - name: nothing\n';
const read = (text: string): readonly Diagnostic[] => readConfig(text, { repositoryName: 'app' }).diagnostics;

describe('annotations of findings', () => {
  it('stand at their lines, with what is wrong and what to write', () => {
    const annotations = findingAnnotations('.gitpod.yml', read(FILE));
    assert.deepEqual(
      annotations.map(({ path, line, severity, annotation_type, result, summary }) => [
        `${path}:${line}`,
        severity,
        annotation_type,
        result,
        summary,
      ]),
      [
        ['.gitpod.yml:1', 'HIGH', 'BUG', 'FAILED', 'Image: expected a string or a map, got a list'],
        ['.gitpod.yml:2', 'MEDIUM', 'CODE_SMELL', undefined, 'Unknown key "port"'],
        ['.gitpod.yml:4', 'LOW', 'CODE_SMELL', undefined, 'This task does nothing'],
      ],
    );
    assert.equal(
      annotations[1]?.details,
      'Did you mean "ports"?\n\n  1 | image: [1]\n> 2 | port: 80\n    | ^^^^\n  3 | tasks:',
    );
  });

  it('have ids of their own, which stay as they are', () => {
    const [finding] = read(FILE);
    assert.ok(finding);
    const ids = [...findingAnnotations('a', [finding, finding]), ...findingAnnotations('b', [finding])].map(
      (annotation) => annotation.external_id,
    );
    assert.equal(new Set(ids).size, 3);
    assert.match(ids[0] ?? '', /^preheat-[0-9a-f]{12}$/);
    assert.equal(findingAnnotations('a', [finding])[0]?.external_id, ids[0]);
  });

  it('are cut to what Bitbucket takes, and need no file', () => {
    const [finding] = read(FILE);
    assert.ok(finding);
    const long = { ...finding, message: 'm'.repeat(5000), frame: 'f\n'.repeat(5000) };
    const [annotation] = findingAnnotations(undefined, [long]);
    assert.ok(annotation && !('path' in annotation));
    assert.equal(annotation.summary.length, 450);
    assert.equal(annotation.details.length, 2000);
  });

  // Atlassian's own description is not committed; where it lies beside the checkout, annotations are held against it.
  const contracts = process.env['PREHEAT_CONTRACTS'];
  if (contracts === undefined) return;
  it('are what Bitbucket takes', () => {
    const file = readFileSync(join(contracts, 'bitbucket-openapi.patched.json'), 'utf8');
    const Description = z.looseObject({
      components: z.looseObject({
        schemas: z.looseObject({
          report_annotation: z.looseObject({
            allOf: z.array(z.looseObject({ properties: z.unknown().optional() })),
          }),
        }),
      }),
    });
    const own = Description.parse(JSON.parse(file)).components.schemas.report_annotation.allOf.find(
      ({ properties }) => properties !== undefined,
    );
    const isAnnotation = new Ajv({ strict: false, validateFormats: false }).compile({
      ...own,
      additionalProperties: false,
    });
    for (const annotation of findingAnnotations('.gitpod.yml', read(FILE)))
      assert.ok(isAnnotation(annotation), JSON.stringify(isAnnotation.errors));
    assert.ok(!isAnnotation({ line: 0 }), 'the schema takes anything');
  });
});
