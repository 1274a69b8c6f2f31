import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { startFiles } from '../../src/build/start-scripts.ts';
import { workspaceVariables } from '../../src/kernel/workspace-variables.ts';
import { workspaceConfig } from '../image/host-workspace.ts';
import { runs } from '../support/runs.ts';

type Tasks = Parameters<typeof workspaceConfig>[1];

function filesOf(tasks: Tasks, env: Readonly<Record<string, string>> = {}): ReadonlyMap<string, string> {
  const files = startFiles(workspaceConfig('/workspace/app', tasks, env));
  return new Map(files.map(({ path, content }) => [path, Buffer.from(content).toString('utf8')]));
}

/** What each task exports beside its own, for a checkout in `/workspace/app`. */
const OWN = Object.entries(workspaceVariables(workspaceConfig('/workspace/app', []))).map(
  ([name, value]) => `export ${name}=${value}`,
);

describe('startFiles', () => {
  it('joins before and command as Gitpod did, and leaves the other parts out', () => {
    const files = filesOf([
      { name: 'web', before: 'a\n', init: 'b', prebuild: 'c', command: 'd', env: { X: '1 2' } },
    ]);
    assert.equal(
      files.get('/.preheat/tasks/0.sh'),
      ['set +m', ...OWN, "export X='1 2'", '{\na\n\n} && {\nd\n}\n'].join('\n'),
    );
    assert.equal(files.get('/.preheat/tasks/0.name'), 'web\n');
  });

  it('makes no file for a task with nothing to do, and keeps the numbers of the others', () => {
    const files = filesOf([{ init: 'npm ci' }, { before: ' \n', command: 'npm start' }, {}]);
    assert.deepEqual(
      [...files.keys()],
      [
        '/.preheat/tasks/1.sh',
        '/.preheat/tasks/1.name',
        '/.preheat/ports',
        '/.preheat/workspace.env',
        '/.preheat/workspace.json',
      ],
    );
    assert.match(files.get('/.preheat/tasks/1.sh') ?? '', /\n\{\nnpm start\n\}\n$/);
  });

  it('lets the task win over the file, and never says that a prebuild runs', () => {
    const env = { A: 'file', B: 'file', GITPOD_HEADLESS: 'true', GITPOD_REPO_ROOT: '/elsewhere' };
    const script = filesOf([{ command: 'true', env: { B: 'task' } }], env).get('/.preheat/tasks/0.sh');
    assert.deepEqual(script?.match(/^export .*/gm), ['export A=file', 'export B=task', ...OWN]);
  });

  it('leaves out names that no shell can export', () => {
    const script = filesOf([{ command: 'true' }], { 'a.b': '1', '2x': '1', 'x;id': '1', ok_1: '1' });
    assert.match(script.get('/.preheat/tasks/0.sh') ?? '', /^set \+m\nexport ok_1=1\nexport GITPOD/);
  });

  it('finds gp with any PATH', () => {
    const script = filesOf([{ command: 'true' }], { PATH: '/opt/bin:/bin' }).get('/.preheat/tasks/0.sh');
    assert.match(script ?? '', /^export PATH=\/\.preheat\/bin:\/opt\/bin:\/bin$/m);
  });

  it('tells gp of the ports, a line each', () => {
    const config = workspaceConfig('/workspace/app', []);
    const ports = [
      { first: 80, last: 80, onOpen: 'notify', visibility: 'private' },
      { first: 3000, last: 3010, onOpen: 'ignore', visibility: 'public', protocol: 'https', name: 'a\tb' },
    ] as const;
    const file = startFiles({ ...config, ports: [...ports] }).find(({ path }) => path === '/.preheat/ports');
    assert.equal(
      Buffer.from(file?.content ?? []).toString('utf8'),
      '80\t80\tnotify\tprivate\thttp\t\n3000\t3010\tignore\tpublic\thttps\ta b\n',
    );
  });

  it('keeps a name on one line', () => {
    assert.equal(filesOf([{ name: ' a\n\tb ', command: 'true' }]).get('/.preheat/tasks/0.name'), 'a b\n');
  });

  it('tells programs the workspace as JSON', () => {
    const json: unknown = JSON.parse(filesOf([{ name: 'web' }]).get('/.preheat/workspace.json') ?? '');
    assert.deepEqual(json, {
      schemaVersion: 1,
      checkoutLocation: '/workspace/app',
      workspaceLocation: '/workspace/app',
      ports: [],
      extensions: [],
      tasks: ['web'],
    });
  });

  it('gives any values to the task unchanged', () => {
    const value = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0') && text.isWellFormed());
    fc.assert(
      fc.property(value, value, (first, second) => {
        const script = filesOf([{ command: String.raw`printf '%s\0' "$A" "$B"`, env: { B: second } }], {
          A: first,
        });
        const printed = execFileSync('bash', { input: script.get('/.preheat/tasks/0.sh') ?? '' });
        assert.deepEqual(printed.toString('utf8').split('\0'), [first, second, '']);
      }),
      { numRuns: runs(20) },
    );
  });
});
