import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createRepository, temporaryFolder, type TestRepository } from '../adapters/git/git-fixture.ts';
import { BIG, lfsRepository, OTHER } from '../adapters/git/lfs-repository.ts';
import { startLfsServer } from '../adapters/git/lfs-server.ts';
import type { Outcome } from '../../src/report/outcome.ts';
import { makeClone, type TestClone } from '../support/clone.ts';
import { startGitServer } from '../support/git-http-server.ts';
import { preheat, readOutcome } from '../support/preheat.ts';
import { publishedTree } from '../support/published-tree.ts';
import { makeTaskImage, type TaskImage } from '../support/task-image.ts';
import { openWarmWorkspace } from '../support/warm-workspace.ts';

const contentOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const gitpodYml = (image: string, lib: string, more = ''): string => `image: ${image}
additionalRepositories:
  - url: ${lib}
    checkoutLocation: lib
gitConfig: { alias.st: status }
${more}tasks:
  # preheat: inputs=in
  - init: |
      cat in ../lib/text > out && echo more >> ../lib/text && mkdir ../lib/made && echo x > ../lib/made/x
      rm ../lib/gone
`;

describe('several repositories', () => {
  let image: TaskImage;
  let lib: TestRepository;
  let clone: TestClone;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let images: string;
  const build = async (...words: readonly string[]): Promise<Outcome & { readonly told: string }> => {
    const { exitCode, stderr } = await preheat(['build', '--registry', `oci:${images}`, ...words], {
      cwd: clone.directory,
    });
    assert.equal(exitCode, 0, stderr);
    return { ...(await readOutcome(clone.directory)), told: stderr };
  };
  const treeOf = async ({ digest = '' }: Outcome) => await publishedTree(images, digest);
  const layersOf = ({ layers }: Outcome, role: string): readonly string[] =>
    layers.filter((layer) => layer.role === role).map(({ digest }) => digest);
  const reuseOf = ({ layers }: Outcome): readonly boolean[] =>
    layers.filter(({ role }) => role === 'source').map(({ reused }) => reused);

  before(async () => {
    image = await makeTaskImage();
  });
  beforeEach(async () => {
    folder = await temporaryFolder();
    images = join(folder.path, 'images');
    lib = await createRepository();
    await lib.commit({ text: 'of lib\n', gone: 'soon\n' });
    clone = await makeClone({ in: 'in\n', '.gitpod.yml': gitpodYml(image.name, `file://${lib.path}`) });
  });
  afterEach(async () => {
    await clone[Symbol.asyncDispose]();
    await lib[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });
  after(async () => {
    await image[Symbol.asyncDispose]();
  });

  it('lie beside each other, run again for a push to any of them, and are sent once', async () => {
    const first = await build();
    const tree = await treeOf(first);
    assert.equal(tree.get('workspace/app/out')?.content, contentOf('in\nof lib\n'));
    assert.equal(tree.get('workspace/lib/text')?.content, contentOf('of lib\nmore\n'));
    assert.equal(tree.get('workspace/lib/made/x')?.content, contentOf('x\n'));
    assert.equal(tree.get('workspace/lib/gone'), undefined);
    assert.equal(tree.get('workspace/lib/.git/HEAD')?.content, contentOf('ref: refs/heads/main\n'));
    const pinned = lib.git('rev-parse', 'HEAD');
    assert.match(first.told, new RegExp(`lib at ${pinned.slice(0, 12)} \\(main\\)`));
    const facts: unknown = JSON.parse(
      await readFile(join(clone.directory, '.preheat/records/facts.json'), 'utf8'),
    );
    const ref = { kind: 'branch', name: 'main' };
    assert.partialDeepStrictEqual(facts, {
      repositories: [{ url: `file://${lib.path}`, commit: pinned, ref, location: '/workspace/lib' }],
    });

    const again = await build();
    assert.equal(again.digest, first.digest);
    assert.equal(again.uploaded.blobs, 0);

    await clone.commit({ README: 'no input\n' });
    const reused = await build();
    assert.partialDeepStrictEqual(reused.steps, [{ outcome: 'reused' }]);
    assert.deepEqual(layersOf(reused, 'source'), layersOf(first, 'source'));
    assert.deepEqual(
      [reuseOf(first), reuseOf(reused)],
      [
        [false, false],
        [true, true],
      ],
    );
    assert.equal(layersOf(reused, 'delta').length, 1);
    assert.equal((await treeOf(reused)).get('workspace/lib/text')?.content, contentOf('of lib\nmore\n'));

    await lib.commit({ text: 'newer\n' });
    const moved = lib.git('rev-parse', 'HEAD');
    const ran = await build();
    const reason = `repository lib: ${pinned.slice(0, 7)}… → ${moved.slice(0, 7)}…`;
    assert.partialDeepStrictEqual(ran.steps, [{ outcome: 'ran' }]);
    assert.ok(ran.steps[0]?.reason?.includes(reason), ran.steps[0]?.reason);
    assert.notDeepEqual(layersOf(ran, 'source'), layersOf(first, 'source'));
    assert.deepEqual(reuseOf(ran), [false, true]);
    assert.equal((await treeOf(ran)).get('workspace/app/out')?.content, contentOf('in\nnewer\n'));
    const words = ['inspect', String(ran.digest), '--registry', `oci:${images}`, '--json'];
    const inspected = await preheat(words, { cwd: clone.directory });
    assert.ok(inspected.stdout.includes(`file://${lib.path} at ${moved.slice(0, 12)}`), inspected.stderr);
  });

  it('are at the branch with the name of the pushed one', async () => {
    await lib.commit({ text: 'main\n' });
    lib.git('checkout', '--quiet', '-b', 'feature/x');
    await lib.commit({ text: 'feature\n' });
    lib.git('checkout', '--quiet', 'main');
    await clone.git('checkout', '--quiet', '-b', 'feature/x');
    const tree = await treeOf(await build());
    assert.equal(tree.get('workspace/app/out')?.content, contentOf('in\nfeature\n'));
    const head = contentOf('ref: refs/heads/feature/x\n');
    assert.equal(tree.get('workspace/lib/.git/HEAD')?.content, head);
  });

  it('end a build that cannot reach one, with its name and what to give', async () => {
    await clone.commit({ '.gitpod.yml': gitpodYml(image.name, `file://${lib.path}-gone`) });
    const { exitCode, stderr } = await preheat(['build', '--registry', `oci:${images}`], {
      cwd: clone.directory,
    });
    assert.equal(exitCode, 30);
    assert.match(stderr, /cannot read the branches of repository file:\/\/.*-gone: /);
    assert.match(stderr, /SSH_KEY/);
  });

  it('follow a configuration of another repository, which names this one', async () => {
    await using main = await createRepository();
    await using server = await startGitServer({
      repositories: { 'team/config': join(main.path, '.git'), 'team/lib': join(lib.path, '.git') },
    });
    const [app, config] = ['app', 'config'].map((name) => `http://${server.host}/team/${name}`);
    await clone.git('remote', 'add', 'origin', `${app}.git`);
    const pushed = await clone.commit({ '.gitpod.yml': `mainConfiguration: ${config}\n` });
    await main.commit({
      'own.txt': 'of config\n',
      '.gitpod.yml': `image: ${image.name}
additionalRepositories:
  - { url: ${app}, checkoutLocation: services/app }
  - url: http://${server.host}/team/lib/src/main/
tasks: [{ init: 'cat own.txt ../services/app/in ../lib/text > out; echo "$GITPOD_REPO_ROOT" >> out' }]
`,
    });
    const built = await build();
    const tree = await treeOf(built);
    const out = 'of config\nin\nof lib\n/workspace/config\n';
    assert.equal(tree.get('workspace/config/out')?.content, contentOf(out));
    assert.ok(tree.has('workspace/services/app/.git/packed-refs') && built.commit === pushed);

    await main.commit({ '.gitpod.yml': `mainConfiguration: http://${server.host}/team/lib\n` });
    const cycle = await preheat(['plan', '--registry', `oci:${images}`], { cwd: clone.directory });
    assert.equal(cycle.exitCode, 20);
    assert.match(cycle.stderr, /its own mainConfiguration leads on to http/);
  });

  it('build a base from the Dockerfile of the other repository, not from one of that name here', async () => {
    await using main = await createRepository();
    await using server = await startGitServer({ repositories: { 'team/config': join(main.path, '.git') } });
    await clone.git('remote', 'add', 'origin', `http://${server.host}/team/app.git`);
    await clone.commit({
      '.gitpod.yml': `mainConfiguration: http://${server.host}/team/config\n`,
      'docker/Dockerfile': 'FROM nowhere.invalid/none\n',
      'docker/text': 'of app\n',
    });
    const files = (text: string) => ({
      '.gitpod.yml':
        'image: { file: docker/Dockerfile, context: docker }\ntasks: [{ init: cat /text > out }]\n',
      'docker/Dockerfile': `FROM ${image.name}\nCOPY text /text\n`,
      'docker/text': text,
    });
    const planned = async (): Promise<unknown> => {
      const words = ['explain', '--registry', `oci:${images}`, '--json'];
      return JSON.parse((await preheat(words, { cwd: clone.directory })).stdout);
    };
    await main.commit(files('of config\n'));
    const built = await build();
    assert.partialDeepStrictEqual(built.steps, [{ name: 'base', outcome: 'ran' }]);
    const tree = await treeOf(built);
    assert.equal(tree.get('text')?.content, contentOf('of config\n'));
    assert.equal(tree.get('workspace/config/out')?.content, contentOf('of config\n'));
    await main.commit({ README: 'not copied\n' });
    assert.partialDeepStrictEqual(await planned(), { base: { kind: 'hit' } });
    await main.commit(files('newer\n'));
    assert.partialDeepStrictEqual(await planned(), { base: { kind: 'miss' } });
  });

  it('hold what Git LFS keeps, where contents are wanted', async () => {
    await using lfs = await startLfsServer([BIG, OTHER]);
    await using source = await lfsRepository({ '.lfsconfig': `[lfs]\n\turl = ${lfs.url}\n` });
    await rm(join(source.path, '.git/lfs'), { recursive: true });
    await clone.commit({
      '.gitpod.yml':
        `image: ${image.name}\nadditionalRepositories: [{ url: file://${source.path}, checkoutLocation: lfs }]\n` +
        'tasks: [{ init: cat ../lfs/sub/other.bin > out }]\n',
    });
    const pointers = await treeOf(await build());
    assert.match(pointers.get('workspace/app/out')?.content ?? '', /^[0-9a-f]{64}$/);
    assert.deepEqual(lfs.fetched, []);
    const contents = await treeOf(await build('--lfs', 'contents'));
    assert.equal(contents.get('workspace/lfs/big.bin')?.content, contentOf(BIG));
    assert.equal(contents.get('workspace/app/out')?.content, contentOf(OTHER));
    assert.notEqual(pointers.get('workspace/app/out')?.content, contentOf(OTHER));
    assert.equal(lfs.fetched.length, 2);
  });

  it('are all there in a workspace, whose git follows gitConfig', async () => {
    const inside = `git -C /workspace/lib st --short; git config alias.st; cat out; cat ../lib/made/x`;
    await clone.commit({
      '.gitpod.yml': gitpodYml('node:24-bookworm', `file://${lib.path}`),
      '.gitignore': 'out\n',
    });
    await using workspace = await openWarmWorkspace(clone);
    const said = await workspace.inside(inside);
    assert.equal(said, ' D gone\n M text\n?? made/\nstatus\nin\nof lib\nx');
    assert.equal(await workspace.inside('git status --short'), '');
    assert.equal(await workspace.inside('git -C ../lib remote get-url origin'), `file://${lib.path}`);
  });
});
