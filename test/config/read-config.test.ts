import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readConfig } from '../../src/config/read-config.ts';
import { renderDiagnostics } from '../../src/config/render-diagnostics.ts';
import { WorkspaceConfig } from '../../src/config/workspace-config.ts';
import { hasErrors } from '../../src/kernel/diagnostic.ts';
import { assertGolden } from '../support/golden.ts';

/**
 * Files in the shapes that public repositories have, each with what it means (`.json`) and what is found (`.txt`).
 * `UPDATE_GOLDEN=1` writes both anew; read the difference before it is kept.
 */
const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'gitpod');
const OPTIONS = { repositoryName: 'app' };

function textsIn(
  folder: string,
): readonly { readonly name: string; readonly path: string; readonly text: string }[] {
  return readdirSync(join(FIXTURES, folder))
    .filter((file) => file.endsWith('.yml'))
    .map((file) => {
      const path = join(FIXTURES, folder, basename(file, '.yml'));
      return { name: basename(file, '.yml'), path, text: readFileSync(`${path}.yml`, 'utf8') };
    });
}

const valid = textsIn('valid');
const invalid = textsIn('invalid');

describe('readConfig', () => {
  it('has fixtures of both kinds', () => {
    assert.ok(valid.length >= 20);
    assert.ok(invalid.length >= 15);
  });

  for (const { name, path, text } of valid) {
    it(`understands ${name}`, () => {
      const { config, diagnostics } = readConfig(text, OPTIONS);
      assertGolden(`${path}.txt`, renderDiagnostics('.gitpod.yml', diagnostics, { color: false }));
      assertGolden(`${path}.json`, `${JSON.stringify(config, undefined, 2)}\n`);
      assert.deepEqual(WorkspaceConfig.parse(config), config);
    });
  }

  for (const { name, path, text } of invalid) {
    it(`refuses ${name}`, () => {
      const { config, diagnostics } = readConfig(text, OPTIONS);
      assertGolden(`${path}.txt`, renderDiagnostics('.gitpod.yml', diagnostics, { color: false }));
      assert.equal(config, undefined);
      assert.ok(hasErrors(diagnostics));
    });
  }

  for (const { name, text } of [...valid, ...invalid]) {
    it(`reads ${name} alike with CRLF and a byte order mark`, () => {
      const expected = readConfig(text, OPTIONS);
      // Within block scalars YAML folds CRLF to LF, so that the meaning is the same too.
      assert.deepEqual(readConfig(`\uFEFF${text}`, OPTIONS), expected);
      const crlf = readConfig(text.replaceAll('\n', '\r\n'), OPTIONS);
      assert.deepEqual(crlf.config, expected.config);
      const places = ({ diagnostics }: typeof expected) =>
        diagnostics.map(({ line, column, message }) => [line, column, message]);
      assert.deepEqual(places(crlf), places(expected));
    });
  }

  it('takes the default image that it is given, and Gitpod’s own otherwise', () => {
    const base = (options: object) => readConfig('tasks: []', { ...OPTIONS, ...options }).config?.base;
    assert.deepEqual(base({}), { kind: 'reference', reference: 'gitpod/workspace-full' });
    assert.deepEqual(base({ defaultImage: 'node:24' }), { kind: 'reference', reference: 'node:24' });
  });

  it('names the checkout after the repository, and runs tasks in it', () => {
    const { config } = readConfig('image: node:24', { repositoryName: 'my shop' });
    assert.equal(config?.checkoutLocation, '/workspace/my shop');
    assert.equal(config.workspaceLocation, '/workspace/my shop');
  });

  it('reads the example', () => {
    const text = readFileSync(join(import.meta.dirname, '../../examples/node-service/.gitpod.yml'), 'utf8');
    const { config, diagnostics } = readConfig(text, { ...OPTIONS, strict: true });
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(
      config?.tasks.map(({ init }) => init),
      ['npm ci && npm run build'],
    );
  });
});

describe('readConfig when strict', () => {
  const refusedByGitpod = new Set(['unknown-keys', 'accepted-beyond-gitpod', 'forgotten-values']);

  for (const { name, text } of valid) {
    const refused = refusedByGitpod.has(name);
    it(`${refused ? 'refuses' : 'accepts'} ${name}`, () => {
      const { config, diagnostics } = readConfig(text, { ...OPTIONS, strict: true });
      assert.equal(hasErrors(diagnostics), refused);
      assert.equal(config === undefined, refused);
    });
  }

  it('finds the same at the same places', () => {
    for (const { text } of [...valid, ...invalid]) {
      const [lenient, strict] = [false, true].map(
        (mode) => readConfig(text, { ...OPTIONS, strict: mode }).diagnostics,
      );
      assert.deepEqual(
        strict?.map(({ message, line, column }) => ({ message, line, column })),
        lenient?.map(({ message, line, column }) => ({ message, line, column })),
      );
    }
  });
});
