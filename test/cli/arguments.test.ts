import assert from 'node:assert/strict';
import { parseArguments } from '../../src/cli/arguments.ts';
import { OPTION_ROWS, type CommandName } from '../../src/cli/option-table.ts';
import { variableOf } from '../../src/cli/variable-of.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import { Captured } from './captured.ts';

const parse = (...words: readonly string[]) => {
  const [stdout, stderr] = [new Captured(), new Captured()];
  return { invocation: parseArguments(words, { stdout, stderr }), stdout: stdout.text, stderr: stderr.text };
};
const refused = (message: RegExp) => (thrown: unknown) =>
  thrown instanceof PreheatError && thrown.phase === 'usage' && message.test(thrown.message);

describe('arguments', () => {
  it('are taken apart', () => {
    assert.deepEqual(parse('start', 'main', '--plain-http', '--workspace-name', 'x', '--json').invocation, {
      command: 'start',
      operand: 'main',
      options: { plainHttp: true, workspaceName: 'x', json: true },
    });
    assert.deepEqual(parse('build').invocation, { command: 'build', operand: undefined, options: {} });
  });

  for (const command of [
    'build',
    'plan',
    'explain',
    'validate',
    'start',
    'ls',
    'inspect',
  ] satisfies readonly CommandName[]) {
    it(`of ${command} are all in its help, which goes to standard output`, () => {
      const { invocation, stdout, stderr } = parse(command, '--help');
      assert.equal(invocation, undefined);
      assert.equal(stderr, '');
      for (const { name, commands, environmentOnly } of OPTION_ROWS) {
        const isOffered = commands.includes(command) && environmentOnly !== true;
        const entry = new RegExp(`^ +--${name}[ \\n]`, 'm');
        assert.equal(entry.test(stdout), isOffered, `--${name}`);
        if (isOffered) assert.ok(stdout.replaceAll(/\s+/g, ' ').includes(`[${variableOf(name)}]`), name);
      }
    });
  }

  it('tell the version', () => assert.match(parse('--version').stdout, /^\d+\.\d+\.\d+\n$/));

  it('are refused where they are not known, and nothing is written', () => {
    assert.throws(() => parse('build', '--colour'), refused(/unknown option '--colour'/));
    assert.throws(() => parse('build', 'main'), refused(/too many arguments/));
    assert.throws(() => parse('build', '--state'), refused(/argument missing/));
    assert.throws(() => parse('start', '--registry-password', 'x'), refused(/unknown option/));
    assert.throws(() => parse(), refused(/no command is given/));
  });
});
