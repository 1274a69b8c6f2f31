import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { partAt, scriptOf } from '../../src/build/task-script.ts';

const TASK = { name: 't', env: {} };

function run(task: Parameters<typeof scriptOf>[0]): { status: number | null; stdout: string } {
  const { status, stdout } = spawnSync('bash', ['-s'], { input: scriptOf(task)?.text, encoding: 'utf8' });
  return { status, stdout };
}

describe('scriptOf', () => {
  it('has nothing to run for blank parts and a command', () => {
    assert.equal(scriptOf({ ...TASK, before: ' \n', command: 'npm start' }), undefined);
  });

  it('joins the parts as Gitpod did', () => {
    const script = scriptOf({ ...TASK, before: 'a', init: 'b\nc', command: 'x' });
    assert.equal(script?.text, '{\na\n} && {\nb\nc\n}\n');
  });

  it('keeps variables and the folder from part to part', () => {
    assert.equal(run({ ...TASK, before: 'A=1; cd /', init: 'echo $A; pwd' }).stdout, '1\n/\n');
  });

  it('skips what comes behind a part that fails, by its last status', () => {
    assert.deepEqual(run({ ...TASK, before: 'true\nfalse', init: 'echo no' }), { status: 1, stdout: '' });
    assert.deepEqual(run({ ...TASK, before: 'false\ntrue', init: 'echo yes' }), {
      status: 0,
      stdout: 'yes\n',
    });
  });

  it('ends at exit, with its code', () => {
    assert.deepEqual(run({ ...TASK, before: 'exit 0', init: 'echo no' }), { status: 0, stdout: '' });
    assert.equal(run({ ...TASK, init: 'exit 7', prebuild: 'echo no' }).status, 7);
  });

  it('ends a strict task at the first command that fails, in any part', () => {
    const strict = (task: object) => {
      const text = scriptOf({ ...TASK, ...task }, { strict: true })?.text;
      const { status, stdout } = spawnSync('bash', ['-s'], { input: text, encoding: 'utf8' });
      return { status, stdout };
    };
    assert.deepEqual(strict({ before: 'echo a', init: 'false\necho no' }), { status: 1, stdout: 'a\n' });
    assert.deepEqual(strict({ before: '(exit 3)\necho no', init: 'echo no' }), { status: 3, stdout: '' });
    assert.deepEqual(strict({ before: 'A=1; cd /', init: 'echo $A; pwd', prebuild: 'echo b' }), {
      status: 0,
      stdout: '1\n/\nb\n',
    });
    // Who turns it off again has the joints of other tasks.
    assert.deepEqual(strict({ before: 'set +e; (exit 4)', init: 'echo no' }), { status: 4, stdout: '' });
  });

  it('takes parts that end in a comment or a here-document', () => {
    assert.equal(run({ ...TASK, before: 'true # why', init: 'cat <<X\nhi\nX' }).stdout, 'hi\n');
  });
});

describe('partAt', () => {
  it('finds the part and the line of every line of the script', () => {
    const body = fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.option(body), fc.option(body), body, (before, init, prebuild) => {
        const parts = { before: before ?? [], init: init ?? [], prebuild };
        const script = scriptOf({
          ...TASK,
          ...Object.fromEntries(Object.entries(parts).map(([k, v]) => [k, v.join('\n')])),
        });
        assert.ok(script);
        const lines = script.text.split('\n');
        for (const { part, firstLine, lines: count } of script.parts) {
          for (let line = 1; line <= count; line++) {
            const at = firstLine + line - 1;
            assert.deepEqual(partAt(script, at), { part, line });
            assert.equal(lines[at - 1], parts[part][line - 1]);
          }
        }
      }),
    );
  });

  it('knows the lines of strict scripts too', () => {
    const script = scriptOf({ ...TASK, before: 'a', init: 'b\nc' }, { strict: true });
    assert.deepEqual(
      script?.parts.map(({ firstLine, lines }) =>
        script.text.split('\n').slice(firstLine - 1, firstLine - 1 + lines),
      ),
      [['a'], ['b', 'c']],
    );
  });

  it('takes the end of the script for the last line of the last part', () => {
    const script = scriptOf({ ...TASK, before: 'a', init: 'if true\nthen' });
    assert.ok(script);
    assert.deepEqual(partAt(script, 7), { part: 'init', line: 2 });
    assert.deepEqual(partAt(script, 1), { part: 'before', line: 1 });
  });
});
