import assert from 'node:assert/strict';
import { execa } from 'execa';
import { StartResult } from '../../src/start/start-result.ts';
import { makeClone, type TestClone } from '../support/clone.ts';
import { preheat } from '../support/preheat.ts';

/** The shape of freeCodeCamp's file: a database, a task that prepares, and a server that awaits what it needs. */
const GITPOD_YML = String.raw`image: debian:bookworm
env:
  MODE: development
tasks:
  - name: db
    before: export DB_PORT=4001
    init: |
      (perl server.pl $DB_PORT "rows of $MODE" &) && gp ports await $DB_PORT
      gp sync-done db
    command: perl server.pl $DB_PORT db
  - name: seed
    init: |
      gp sync-await db
      exec 3<>/dev/tcp/localhost/4001 && echo >&3 && tail -n 1 <&3 >seeded
      echo "$(gp url 4002) $GITPOD_WORKSPACE_ID ${'$'}{GITPOD_HEADLESS-unset}" >.env
      gp sync-done seeded
      exit 0
    command: gp sync-await seeded && gp ports await 4001 && echo "seeded" >seed.log
  - name: api
    env:
      PORT: 4002
      VERBOSE: true
    before: gp sync-await seeded
    command: gp ports await 4001 && perl server.pl $PORT "$(cat seeded),$VERBOSE,$GITPOD_HEADLESS"
ports:
  - port: 4001
    onOpen: ignore
  - port: 4002
    onOpen: open-preview
    name: the api
    description: answers with what was seeded
  - port: 5000-5999
    visibility: public
jetbrains:
  plugins: [com.example.one]
`;
const SERVER = String.raw`use IO::Socket::INET;
my ($port, $text) = @ARGV;
my $server = IO::Socket::INET->new(Listen => 5, LocalPort => $port, ReuseAddr => 1) or die;
while (my $client = $server->accept) {
  while (<$client>) { last if /^\r?$/ }
  print $client "HTTP/1.0 200 OK\r\n\r\n$text\n";
  close $client;
}
`;

describe('tasks that wait for each other', () => {
  let clone: TestClone;
  let loaded: string | undefined;
  const run = (...words: readonly string[]) => preheat(words, { cwd: clone.directory });

  before(async () => {
    clone = await makeClone({ '.gitpod.yml': GITPOD_YML, 'server.pl': SERVER }, `parallel-${process.pid}`);
  });
  after(async () => {
    await run('start', '--stop');
    if (loaded !== undefined) await execa('docker', ['rmi', loaded]);
    await clone[Symbol.asyncDispose]();
  });

  it('prepare a workspace together, in which what was signalled stays signalled', async () => {
    const built = await run('build');
    assert.equal(built.exitCode, 0, built.stderr);
    await execa('git', ['config', 'user.name', 'A. Person'], { cwd: clone.directory });
    const { exitCode, stdout, stderr } = await run('start', '.', '--json');
    assert.equal(exitCode, 0, stderr);
    const started = StartResult.parse(JSON.parse(stdout));
    loaded = `preheat:${started.digest.slice('sha256:'.length).slice(0, 12)}`;
    const api = started.ports.find(({ containerPort }) => containerPort === 4002);
    assert.partialDeepStrictEqual(api, {
      answers: true,
      onOpen: 'open-preview',
      visibility: 'private',
      name: 'the api',
      description: 'answers with what was seeded',
    });
    assert.equal(await (await fetch(api?.url ?? '')).text(), 'rows of development,true,\n');
    assert.deepEqual(started.unpublished, [
      { first: 5000, last: 5999, onOpen: 'notify', visibility: 'public' },
    ]);
    await inShell(started.name);
  });

  /** Any shell of the workspace has `gp` and Gitpod's variables, without being a task. */
  async function inShell(name: string): Promise<void> {
    const line =
      'cat .env seed.log; gp url 4002; echo "$GITPOD_WORKSPACE_ID ${GITPOD_HEADLESS-unset}"; echo "$GITPOD_GIT_USER_NAME"; gp tasks list; gp ports list';
    const { stdout } = await execa('docker', ['exec', name, 'bash', '-c', line]);
    const id = `parallel-${process.pid}`;
    assert.deepEqual(
      stdout.split('\n').map((text) => text.trimEnd().replaceAll(/ +/g, ' ')),
      [
        `http://localhost:4002 ${id} true`,
        'seeded',
        'http://localhost:4002',
        `${id} unset`,
        'A. Person',
        'ID STATE NAME',
        '0 running db',
        '1 ended with 0 seed',
        '2 running api',
        'PORT STATE ADDRESS ACCESS ON OPEN NAME',
        '4001 open http://localhost:4001 private ignore',
        '4002 open http://localhost:4002 private open-preview the api',
        '5000-5999 - - public notify',
      ],
    );
  }

  it('are told with their ports in words too', async () => {
    const { stdout } = await run('start', '.', '--workspace-name', `preheat-parallel-${process.pid}-2`);
    assert.match(stdout, /^port 4002 {2}http:\S+ {2}the api, answers with what was seeded, open-preview$/m);
    assert.match(stdout, /^ports 5000-5999 {2}not published {2}public$/m);
  });

  it('that take for ever are ended by a time limit (51)', async () => {
    const stuck = 'image: debian:bookworm\ntasks:\n  - name: stuck\n    init: echo before && sleep 600\n';
    await clone.commit({ '.gitpod.yml': stuck });
    const { exitCode, stderr } = await run('build', '--task-timeout', '2s');
    assert.equal(exitCode, 51, stderr);
    assert.match(stderr, /task "stuck" was not done after 2 s/);
    assert.match(stderr, /\[stuck\] before/);
  });
});
