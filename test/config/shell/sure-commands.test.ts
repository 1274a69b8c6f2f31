import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { placeTokens } from '../../../src/config/shell/nesting.ts';
import { readShell } from '../../../src/config/shell/shell-text.ts';
import { sureCommands } from '../../../src/config/shell/sure-commands.ts';
import { runs } from '../../support/runs.ts';

/** The names for which a text surely waits, `gp sync-await NAME`. */
function sureNames(text: string): readonly string[] {
  const { commands } = sureCommands(placeTokens(readShell(text).tokens));
  return commands.flatMap(({ words: [, call, name] }) =>
    call?.text === 'sync-await' && name ? [name.text] : [],
  );
}

describe('the commands that surely run', () => {
  const cases: readonly (readonly [text: string, sure: readonly string[]])[] = [
    ['gp sync-await a', ['a']],
    ['cd x && gp sync-await a && gp sync-await b; gp sync-await c', ['a', 'b', 'c']],
    ['npm ci && gp sync-await a', ['a']],
    ['npm ci && gp sync-await a\necho done', []],
    ['{ npm ci && gp sync-await a; }', ['a']],
    ['{ npm ci && gp sync-await a; }\necho done', []],
    ['[ -d x ] && gp sync-await a', []],
    ['./has-database && gp sync-await a', []],
    ['test -n "$CI" || gp sync-await a', []],
    ['if true; then gp sync-await a; fi; gp sync-await b', ['b']],
    ['while true; do gp sync-await a; done', []],
    ['f() { gp sync-await a; }', []],
    ['f()\n{\ngp sync-await a\n}', []],
    ['gp sync-await a &', []],
    ['(gp sync-await a; make) &', []],
    ['(gp sync-await a; make)', ['a']],
    ['{ gp sync-await a; } && gp sync-await b', ['a']],
    ['gp sync-await a | cat', []],
    ['! gp sync-await a', []],
    ['echo "gp sync-await a"', []],
    ['# gp sync-await a', []],
    ['cat <<E\ngp sync-await a\nE', []],
    ['exit 0; gp sync-await a', []],
    ['[ -d x ] && exit 0; gp sync-await a', []],
    ['if x; then exit; fi; gp sync-await a', []],
    ['cd x || exit 1\ngp sync-await a', ['a']],
    ['cd x || exit 0\ngp sync-await a', []],
    ['exec bash; gp sync-await a', []],
    ['bash -c "gp sync-await a"', []],
    ['timeout 60 gp sync-await a', []],
  ];
  for (const [text, sure] of cases)
    it(`of ${JSON.stringify(text)} are ${sure.length === 0 ? 'none' : sure.join(', ')}`, () => {
      assert.deepEqual(sureNames(text), sure);
    });

  it('run in bash whenever the text ends well', () => {
    let sure = 0;
    fc.assert(
      fc.property(script, (pieces) => {
        const text = named(pieces);
        const call = `gp() { echo "$2" >&3; }\nnpm() { false; }\nmake() { true; }\n{\n${text}\n}`;
        const { status, output } = spawnSync('bash', ['--norc', '-c', call], {
          stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
        });
        if (status !== 0) return;
        const ran = new Set((output[3]?.toString() ?? '').split('\n'));
        for (const name of sureNames(text)) {
          sure++;
          assert.ok(ran.has(name), `${name} of ${JSON.stringify(text)}`);
        }
      }),
      { numRuns: runs(300) },
    );
    assert.ok(sure > 50, `${sure} waits were sure`);
  });
});

const simple = fc.oneof(
  { weight: 8, arbitrary: fc.constant('AWAIT') },
  {
    weight: 6,
    arbitrary: fc.constantFrom('true', 'echo x', 'cd .', 'false', '[ -n "" ]', 'npm ci', 'make', ': # no'),
  },
  { weight: 1, arbitrary: fc.constant('exit 0') },
);
const { script } = fc.letrec<{ script: string; statement: string }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 12, arbitrary: simple },
    fc.tuple(tie('statement'), tie('statement')).map(([a, b]) => `${a}\n&& ${b}`.replace('# no\n', '\n')),
    fc
      .tuple(tie('statement'), fc.constantFrom('&&', '||', '|', '&', ';', '\n'), tie('statement'))
      .map(([a, joint, b]) => (a.endsWith('# no') ? `${a}\n${b}` : `${a} ${joint} ${b}`)),
    tie('script').map((inner) => `(\n${inner}\n)`),
    tie('script').map((inner) => `{\n${inner}\n}`),
    tie('script').map((inner) => `if false; then\n${inner}\nelse\necho y\nfi`),
    tie('script').map((inner) => `for i in; do\n${inner}\ndone`),
    tie('script').map((inner) => `f() {\n${inner}\n}`),
    tie('script').map((inner) => `case x in\n y)\n${inner}\n;;\nesac`),
    tie('script').map((inner) => `! {\n${inner}\n}`),
    tie('statement').map((inner) => `cat <<'E'\n${inner}\nE`),
    tie('statement').map((inner) => `echo '${inner}'`.replaceAll("''", '')),
  ),
  script: fc.array(tie('statement'), { minLength: 1, maxLength: 4 }).map((all) => all.join('\n')),
}));

/** Gives each wait a name of its own. */
function named(text: string): string {
  let count = 0;
  return text.replaceAll('AWAIT', () => `gp sync-await n${count++}`);
}
