import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { makeClone, type TestClone } from '../support/clone.ts';
import { forgetImages } from '../support/forget-images.ts';
import { preheat, readOutcome } from '../support/preheat.ts';
import { startPrivateNpm, type PrivateNpm } from '../support/private-npm.ts';

const TOKEN = 'npm_k3pt+0ut/of=everything';
const RENEWED = 'npm_r3newed+0ther/value=x';
const KEY =
  '-----BEGIN KEY-----\nbGluZSBvbmUgb2YgdGhlIGtleQ\nbGluZSB0d28gb2YgdGhlIGtleQ\n-----END KEY-----\n';

/** What would give a token away, as grep takes it. */
function tracesOf(token: string): readonly string[] {
  const encoded = [token, `me:${token}`].map((text) => Buffer.from(text).toString('base64').slice(4, -4));
  return [token, encodeURIComponent(token), ...encoded].flatMap((text) => ['-e', text]);
}

/** The files below a folder (blobs unpacked) in which a token stands in any form. */
async function holdersIn(folder: string, token: string): Promise<string> {
  const script =
    'cd "$1"; shift; find . -type f -print0 | while IFS= read -r -d "" file; do zcat -f "$file" | grep -aqF "$@" && echo "$file"; done; true';
  const { stdout } = await execa('bash', ['-c', script, 'holders', folder, ...tracesOf(token)]);
  return stdout;
}

/** Everything that a layout has: its index, and the names of its blobs. */
async function publishedIn(layout: string): Promise<readonly string[]> {
  const blobs = await readdir(join(layout, 'blobs', 'sha256'));
  return [await readFile(join(layout, 'index.json'), 'utf8'), ...blobs.toSorted()];
}

const gitpodYml = (init: string): string => `image: node:24-bookworm
tasks:
  - name: install
    init: |
${init.replaceAll(/^/gm, '      ')}
`;

describe('secrets of tasks', function () {
  // The base with npm is large, and each of its bytes is searched.
  this.timeout(600_000);
  let npm: PrivateNpm;
  let clone: TestClone;
  let images: string;
  const build = (secrets: Readonly<Record<string, string>>, words: readonly string[] = []) =>
    preheat(['build', '--debug', '--registry', `oci:${images}`, '--network', 'host', ...words], {
      cwd: clone.directory,
      env: { TASK_SECRETS: Object.keys(secrets).join(','), ...secrets },
    });
  const commitTask = (init: string) => clone.commit({ '.gitpod.yml': gitpodYml(init) });

  before(async () => {
    npm = await startPrivateNpm([TOKEN, RENEWED]);
    images = await mkdtemp(join(tmpdir(), 'preheat-images-'));
    clone = await makeClone({
      '.gitpod.yml': gitpodYml(`npm install
echo "the token is $NPM_TOKEN" && printenv NPM_TOKEN | base64 && printf 'me:%s' "$NPM_TOKEN" | base64
node -p 'require("private-thing")' > installed.txt && cat installed.txt`),
      '.npmrc': `registry=http://${npm.host}/\n//${npm.host}/:_authToken=\${NPM_TOKEN}\naudit=false\nfund=false\nupdate-notifier=false\n`,
      'package.json': '{"name":"app","version":"1.0.0","dependencies":{"private-thing":"1.0.0"}}\n',
      '.gitignore': 'node_modules\n',
    });
  });
  after(async () => {
    await clone[Symbol.asyncDispose]();
    await npm[Symbol.asyncDispose]();
    await rm(images, { recursive: true, force: true });
  });

  it('let a task install from a private registry, and are nowhere afterwards', async () => {
    const { exitCode, stdout, stderr } = await build({ NPM_TOKEN: TOKEN });
    assert.equal(exitCode, 0, stderr);
    assert.equal(npm.served, 1);
    assert.match(stderr, /from the private registry/);
    assert.match(stderr, /the token is \*{8}/);
    const said = `${stdout}${stderr}`;
    for (const [, trace = ''] of tracesOf(TOKEN).entries()) {
      if (trace !== '-e') assert.ok(!said.includes(trace), `the log holds ${trace}`);
    }
    assert.equal(await holdersIn(images, TOKEN), '');
    assert.equal(await holdersIn(join(clone.directory, '.preheat'), TOKEN), '');
    // The search finds what is there.
    assert.notEqual(await holdersIn(images, 'from the private registry'), '');
  });

  it('do not count by their values: the record is reused with another token, and no container asked', async () => {
    await forgetImages(images);
    const { exitCode, stderr } = await build({ NPM_TOKEN: RENEWED });
    assert.equal(exitCode, 0, stderr);
    assert.partialDeepStrictEqual(await readOutcome(clone.directory), { steps: [{ outcome: 'reused' }] });
    assert.equal(npm.served, 1);
  });

  it('are refused in a layer, by name and path, with nothing published', async () => {
    const before = await publishedIn(images);
    await commitTask(`npm config set //${npm.host}/:_authToken "$NPM_TOKEN"
echo "auth = $(printf 'me:%s' "$NPM_TOKEN" | base64 -w0)" > auth.txt
git config remote.private.url "https://me:$(node -p 'encodeURIComponent(process.env.NPM_TOKEN)')@host.example/x.git"
printf '%s' "$DEPLOY_KEY" > ~/key && echo unharmed > other`);
    const { exitCode, stderr } = await build({ NPM_TOKEN: TOKEN, DEPLOY_KEY: KEY });
    assert.equal(exitCode, 51, stderr);
    const refused =
      /✖ \S+ is not warm: cannot publish what the tasks left: (.*); (.*) hold the secret NPM_TOKEN$/m;
    assert.match(stderr, refused);
    assert.deepEqual(refused.exec(stderr)?.slice(1), [
      '/root/key holds the secret DEPLOY_KEY',
      '/root/.npmrc, /workspace/app/auth.txt and /workspace/app/.git/config',
    ]);
    assert.doesNotMatch(stderr, /app\/other/);
    assert.deepEqual(await publishedIn(images), before);
    assert.equal(await holdersIn(join(clone.directory, '.preheat'), TOKEN), '');
    assert.partialDeepStrictEqual(await readOutcome(clone.directory), {
      result: 'not-warm',
      exitCode: 51,
      failure: { phase: 'build', code: 'task-failed' },
      steps: [{ outcome: 'failed' }],
    });
  });

  it('are found in the patch as well', async () => {
    await commitTask('git config http.extraHeader "Authorization: Bearer $NPM_TOKEN"');
    const { exitCode, stderr } = await build({ NPM_TOKEN: TOKEN });
    assert.equal(exitCode, 51, stderr);
    assert.match(stderr, /\/workspace\/app\/\.git\/config holds the secret NPM_TOKEN/);
  });

  it('win over a value in the file, which is said', async () => {
    await clone.commit({
      '.gitpod.yml': `${gitpodYml('test "$NPM_TOKEN" != placeholder && test "${#NPM_TOKEN}" = 26')}    env:\n      NPM_TOKEN: placeholder\n`,
    });
    const { exitCode, stderr } = await build({ NPM_TOKEN: TOKEN });
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /the value of NPM_TOKEN in \.gitpod\.yml is not used in this build/);
  });

  it('must be there, and not be preheat’s own (2)', async () => {
    const cwd = clone.directory;
    const absent = await preheat(['build', '--task-secrets', 'NPM_TOKEN,ABSENT'], {
      cwd,
      env: { NPM_TOKEN: TOKEN },
    });
    assert.equal(absent.exitCode, 2);
    assert.match(absent.stderr, /cannot give tasks the secret ABSENT: the environment has no such variable/);
    const own = await preheat(['build'], {
      cwd,
      env: { TASK_SECRETS: 'REGISTRY_PASSWORD', REGISTRY_PASSWORD: 'x' },
    });
    assert.equal(own.exitCode, 2);
    assert.match(own.stderr, /cannot give tasks "REGISTRY_PASSWORD": it is preheat’s own/);
    const planned = await preheat(['plan', '--task-secrets', 'NPM_TOKEN'], { cwd });
    assert.equal(planned.exitCode, 0, planned.stderr);
  });
});
