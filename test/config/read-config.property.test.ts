import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { CLOSED_MAPS } from '../../src/config/gitpod-file.ts';
import { readConfig, type ConfigReading } from '../../src/config/read-config.ts';
import { renderDiagnostics } from '../../src/config/render-diagnostics.ts';
import { WorkspaceConfig } from '../../src/config/workspace-config.ts';
import { hasErrors, type Diagnostic } from '../../src/kernel/diagnostic.ts';
import { runs } from '../support/runs.ts';

const OPTIONS = { repositoryName: 'app' };

/** What holds for every input: a configuration or errors, all of them in order and within the text. */
function assertSound(text: string, { config, diagnostics }: ConfigReading): void {
  assert.equal(config === undefined, hasErrors(diagnostics));
  if (config !== undefined) assert.deepEqual(WorkspaceConfig.parse(config), config);
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (const [index, diagnostic] of diagnostics.entries()) {
    assertPlaced(diagnostic, lines);
    const previous = diagnostics[index - 1];
    if (previous !== undefined) assert.ok(isBefore(previous, diagnostic));
  }
}

function assertPlaced(
  { severity, line, column, endColumn, message, frame }: Diagnostic,
  lines: readonly string[],
): void {
  assert.ok(line >= 1 && line <= lines.length, `line ${line} of ${lines.length}`);
  assert.ok(column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1, `column ${column} of line ${line}`);
  assert.ok(endColumn === undefined || endColumn > column);
  assert.ok(message !== '' && !message.includes('\n'), message);
  // Only the count of what is not shown has none.
  if (severity !== 'info' || frame !== '') assertFramed(frame, line);
}

function assertFramed(frame: string, line: number): void {
  const rows = frame.split('\n');
  const at = rows.findIndex((row) => row.startsWith('>'));
  assert.match(rows[at] ?? '', new RegExp(`^> +${line} \\|`));
  assert.match(rows[at + 1] ?? '', /^ +\| [\s\u3000]*\^+$/);
}

function isBefore(a: Diagnostic, b: Diagnostic): boolean {
  return a.line < b.line || (a.line === b.line && a.column <= b.column);
}

function read(text: string, strict = false): ConfigReading {
  const reading = readConfig(text, { ...OPTIONS, strict });
  assertSound(text, reading);
  return reading;
}

const word = fc.constantFrom(
  ...new Set(CLOSED_MAPS.flatMap(({ keys }) => keys)),
  'x',
  '__proto__',
  'constructor',
  '<<',
  '',
);
const scalar = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(
    'node:24',
    '3000-3999',
    '../x',
    '2026-01-01',
    '010',
    'a: b',
    '&x',
    '*x',
    '\0',
    '\u001B[31m',
  ),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(word, tie('tree'), { maxKeys: 6 }),
  ),
}));

const setting = fc.constantFrom('core.autocrlf', 'alias.st', 'url.https://a.b/.insteadOf');
const line = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => text.trim() !== '');
const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/);
const task = fc.record(
  {
    name: line,
    before: line,
    init: line,
    prebuild: line,
    command: line,
    env: fc.dictionary(name, line, { maxKeys: 3, noNullPrototype: true }),
  },
  { requiredKeys: [] },
);
const file = fc.record(
  {
    image: fc.constantFrom(
      'node:24',
      'gitpod/workspace-full',
      { file: 'Dockerfile' },
      { file: 'a/b', context: 'a' },
    ),
    tasks: fc.array(task, { maxLength: 4 }),
    ports: fc.array(fc.record({ port: fc.integer({ min: 1, max: 65_535 }) }), { maxLength: 4 }),
    env: fc.dictionary(name, line, { maxKeys: 3, noNullPrototype: true }),
    vscode: fc.record({ extensions: fc.array(line, { maxLength: 3 }) }),
  },
  { requiredKeys: ['tasks'] },
);

/** A value that is mostly as its place wants it. */
const mostly = (good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 60, arbitrary: good }, { weight: 1, arbitrary: tree });
const shell = fc
  .array(
    fc.constantFrom(
      'npm ci',
      'gp sync-await a',
      'gp sync-await b',
      'gp sync-done a',
      'gp sync-done b',
      'docker compose pull',
      'set -e',
      'exit 0',
      '( cd x; make )',
      "echo 'it",
      'cat <<E\nx\nE',
      '# gp sync-done a',
      '$(gp url 80)',
    ),
    { minLength: 1, maxLength: 5 },
  )
  .chain((lines) => fc.constantFrom('\n', ' && ', '; ', ' & ', ' || ').map((joint) => lines.join(joint)));
const part = mostly(shell);
const location = mostly(fc.constantFrom('a', './a/b/', '/workspace/c', ''));
const records = (
  shape: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  required: string[] = [],
): fc.Arbitrary<unknown> =>
  mostly(fc.array(mostly(fc.record(shape, { requiredKeys: required })), { maxLength: 3 }));
const configuration = fc.record(
  {
    image: mostly(fc.constantFrom('debian', 'a/b:c', { file: 'Dockerfile' }, { file: 'x', context: 'a' })),
    tasks: records({
      name: mostly(line),
      before: part,
      init: part,
      prebuild: part,
      command: part,
      env: mostly(fc.dictionary(name, scalar, { maxKeys: 2 })),
      openIn: mostly(fc.constant('main')),
    }),
    ports: records(
      {
        port: mostly(fc.constantFrom(80, '80', '80-90', '90-80')),
        onOpen: mostly(fc.constant('ignore')),
      },
      ['port'],
    ),
    checkoutLocation: location,
    workspaceLocation: location,
    additionalRepositories: records({ url: mostly(fc.webUrl()), checkoutLocation: location }, ['url']),
    gitConfig: mostly(fc.dictionary(setting, scalar, { maxKeys: 2 })),
    env: mostly(fc.dictionary(name, scalar, { maxKeys: 2 })),
    vscode: mostly(fc.record({ extensions: mostly(fc.array(line, { maxLength: 3 })) })),
    jetbrains: mostly(fc.record({ goland: mostly(fc.record({ prebuilds: tree })) })),
    github: tree,
    unknown: tree,
  },
  { requiredKeys: [] },
);

describe('readConfig, for any input', () => {
  it('returns diagnostics and throws nothing for any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.boolean(),
        (text, strict) => void read(text, strict),
      ),
    );
  });

  it('returns diagnostics and throws nothing for pieces of YAML in any order', () => {
    const piece = fc.constantFrom(
      'tasks:',
      'image:',
      ' - ',
      '- ',
      '  ',
      '\n',
      '\n  ',
      '\t',
      ': ',
      '|',
      '>',
      '&a ',
      '*a',
      '<<: ',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '#',
      '---\n',
      '...\n',
      '? ',
      '!tag ',
      '%YAML 1.1\n',
      'init',
      'port',
      '3000',
      '\r',
      '\r\n',
      '\uFEFF',
      '\u2028',
      '😀',
      ',',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => void read(pieces.join(''))),
      { numRuns: runs(500) },
    );
  });

  it('returns diagnostics and throws nothing for any tree', () => {
    fc.assert(
      fc.property(tree, fc.boolean(), (value, flow) => {
        const text = stringify(value, {
          collectionStyle: flow ? 'flow' : 'any',
          aliasDuplicateObjects: true,
        });
        read(text);
      }),
      { numRuns: runs(500) },
    );
  });

  it('frames every error of any configuration', () => {
    let errors = 0;
    let configurations = 0;
    fc.assert(
      fc.property(configuration, fc.boolean(), (value, strict) => {
        const { config, diagnostics } = read(stringify(value), strict);
        errors += diagnostics.filter(({ severity }) => severity === 'error').length;
        if (config !== undefined) configurations++;
      }),
      { numRuns: runs(150) },
    );
    assert.ok(errors > 50 && configurations > 20, `${errors} errors, ${configurations} configurations`);
  });

  it('returns diagnostics and throws nothing for a good file with one edit', () => {
    const good =
      'image: node:24\ntasks:\n  - name: a\n    init: |\n      npm ci\n    env: {A: 1}\nports:\n  - port: 3000-3999\n';
    fc.assert(
      fc.property(
        fc.nat(good.length),
        fc.nat(3),
        fc.string({ unit: 'grapheme-ascii', maxLength: 4 }),
        (at, cut, inserted) => {
          read(good.slice(0, at) + inserted + good.slice(at + cut));
        },
      ),
      { numRuns: runs(500) },
    );
  });

  it('shows no character to a terminal on which it would act', () => {
    const nasty = fc.string({
      unit: fc.constantFrom('\u001B', '\u009B', '\u0007', '\u202E', '\b', 'a', ':', ' '),
      maxLength: 20,
    });
    fc.assert(
      fc.property(nasty, nasty, (key, value) => {
        const text = `tasks: 3\nenv:\n  ${JSON.stringify(key)}: ${JSON.stringify(value)}\n# ${key}${value}\n${JSON.stringify(value)}: 1\n`;
        const shown = renderDiagnostics('.gitpod.yml', read(text).diagnostics, { color: false });
        assert.ok(!/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202E]/.test(shown), JSON.stringify(shown));
      }),
    );
  });
});

describe('readConfig, for good files', () => {
  it('accepts them, keeps each part of each task, and finds no error even when strict', () => {
    fc.assert(
      fc.property(file, (value) => {
        const { config } = read(stringify(value), true);
        assert.ok(config !== undefined);
        assert.deepEqual(config.env, value.env ?? {});
        assert.deepEqual(config.extensions, value.vscode?.extensions ?? []);
        assert.deepEqual(
          config.tasks.map(({ before, init, prebuild, command }) => ({ before, init, prebuild, command })),
          value.tasks.map(({ before, init, prebuild, command }) => ({ before, init, prebuild, command })),
        );
        assert.deepEqual(
          config.ports.map(({ first }) => first),
          [...new Set(value.ports?.map(({ port }) => port))],
        );
      }),
    );
  });

  it('warns of one unknown key in each closed map, at that key', () => {
    for (const { at } of CLOSED_MAPS) {
      const inner: Record<string, unknown> = {
        bogus: 1,
        ...(at[0] === 'ports' ? { port: 1 } : {}),
        ...(at[0] === 'image' ? { file: 'x' } : {}),
      };
      if (at[0] === 'additionalRepositories') inner['url'] = 'https://example.com/x';
      const value = at.reduceRight<unknown>(
        (below, part) => (part === '*' ? [below] : { [part]: below }),
        inner,
      );
      const { config, diagnostics } = read(stringify(value));
      const unknown = diagnostics.filter(({ message }) => message.startsWith('unknown key "bogus"'));
      assert.equal(unknown.length, 1, at.join('.'));
      assert.ok(unknown[0]?.path.endsWith('bogus'));
      assert.equal((unknown[0]?.endColumn ?? 0) - (unknown[0]?.column ?? 0), 'bogus'.length);
      assert.ok(config !== undefined);
    }
  });
});
