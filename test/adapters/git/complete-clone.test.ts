import assert from 'node:assert/strict';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findClone } from '../../../src/adapters/git/clone-gaps.ts';
import { completeClone } from '../../../src/adapters/git/complete-clone.ts';
import { createRepository, run, temporaryFolder, untilLong } from './git-fixture.ts';
import {
  cloneAsPipelines,
  listingOf,
  ORIGIN,
  serveRepository,
  sourceOf,
  type ServedRepository,
  type Source,
  type SourceRequest,
} from './pipelines-clone.ts';

const proxied = ({ proxy }: ServedRepository) =>
  ({ kind: 'proxied', url: ORIGIN, proxy: proxy.url }) as const;

/** What must be the same however a commit was cloned. */
const partsOf = ({ commit, digest, imageKey, contentKey }: Source) => ({
  commit,
  digest,
  imageKey,
  contentKey,
});

describe('completeClone', () => {
  let served: ServedRepository;
  let head: string;
  let expected: Source;
  before(async () => {
    served = await serveRepository();
    head = served.source.git('rev-parse', 'HEAD');
    expected = await sourceOf(served.source.path, { commit: head });
  });
  after(() => served[Symbol.asyncDispose]());
  beforeEach(() => served.proxy.reset());

  /** Makes the source of a clone, which must not change. */
  async function untouched(clone: string, request: Partial<SourceRequest> = {}): Promise<Source> {
    const before = listingOf(clone);
    const source = await sourceOf(clone, { commit: head, origin: proxied(served), ...request });
    assert.equal(listingOf(clone), before, 'the clone has changed');
    return source;
  }

  const KINDS = {
    'a full clone': { args: [], fetches: 0 },
    'one of exactly that depth': { args: ['--depth=50'], fetches: 0 },
    'one of depth 1': { args: ['--depth=1'], fetches: 1 },
    'one without contents': { args: ['--filter=blob:none', '--no-checkout'], fetches: 1 },
    'one without trees': { args: ['--filter=tree:0', '--no-checkout'], fetches: 2 },
    'a shallow one without contents': { args: ['--filter=blob:none', '--depth=1'], fetches: 2 },
    'a shallow one without trees': { args: ['--filter=tree:0', '--depth=50'], fetches: 2 },
    'a sparse one without contents': { args: ['--filter=blob:none', '--sparse', '--depth=50'], fetches: 1 },
  };
  for (const [kind, { args, fetches }] of Object.entries(KINDS)) {
    it(`makes of ${kind} what a full clone makes, and leaves it as it is`, async () => {
      await using folder = await temporaryFolder();
      const clone = cloneAsPipelines(served, join(folder.path, 'clone'), { args });
      const source = await untouched(clone);
      assert.deepEqual(partsOf(source), partsOf(expected));
      assert.deepEqual(source.warnings, []);
      assert.equal(source.fetches.length, fetches, source.fetches.join('\n'));
      assert.equal(served.proxy.requests.length > 0, fetches > 0);
    });
  }

  it('reads a full clone where it is', async () => {
    await using complete = await completeClone(
      {
        directory: served.source.path,
        commit: head,
        ref: { kind: 'detached' },
        historyDepth: 50,
        origin: proxied(served),
      },
      {
        openFolder: () => {
          throw new assert.AssertionError({ message: 'a folder was opened' });
        },
      },
      untilLong(),
    );
    assert.equal(complete.directory, served.source.path);
    assert.equal(served.proxy.requests.length, 0);
  });

  it('fetches what is missing and nothing else', async () => {
    await using folder = await temporaryFolder();
    const big = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 2_654_435_761) % 251));
    await using other = await serveRepository({ commits: 3 });
    await other.source.commit({ big });
    const commit = await other.source.commit({ small: 'small\n' });
    const clone = cloneAsPipelines(other, folder.path, { args: ['--depth=1'] });
    const { warnings } = await sourceOf(clone, { commit, origin: proxied(other) });
    assert.deepEqual(warnings, []);
    assert.ok(other.proxy.bytes > 0 && other.proxy.bytes < big.length / 10, `${other.proxy.bytes} bytes`);
  });

  it('finds the commit of a pull request beside a local merge, by 12 digits', async () => {
    await using folder = await temporaryFolder();
    const clone = cloneAsPipelines(served, folder.path, { args: ['--depth=50'], commit: head });
    const git = (...args: readonly string[]): string => run(['git', ...args], { cwd: clone }).trim();
    git('checkout', '--quiet', '--orphan', 'destination');
    git('commit', '--quiet', '--message', 'elsewhere');
    git('checkout', '--quiet', '-b', 'merge', head);
    git(
      'merge',
      '--quiet',
      '--allow-unrelated-histories',
      '--strategy=ours',
      '--message',
      'merge',
      'destination',
    );
    assert.notEqual(git('rev-parse', 'HEAD'), head);
    assert.deepEqual(partsOf(await untouched(clone, { commit: head.slice(0, 12) })), partsOf(expected));
  });

  it('is not led to another commit by a branch that is called as the digits read', async () => {
    await using folder = await temporaryFolder();
    const clone = cloneAsPipelines(served, folder.path, { args: ['--depth=50'] });
    run(['git', 'branch', head.slice(0, 12), 'HEAD~3'], { cwd: clone });
    assert.equal((await untouched(clone, { commit: head.slice(0, 12) })).commit, head);
  });

  it('fetches everything where no clone was made: branch, cut id behind a branch that moved on, tag, lone commit', async () => {
    const back = served.source.git('rev-parse', 'HEAD~3');
    served.source.git('tag', '--force', '--annotate', '--message', 'tagged', 'v1', back);
    const main = { kind: 'branch', name: 'main' } as const;
    for (const request of [
      { commit: head, ref: main },
      { commit: back.slice(0, 12), ref: main },
      { commit: back, ref: { kind: 'tag', name: 'v1' } },
      { commit: back, ref: { kind: 'detached' } },
      { commit: back.slice(0, 12), ref: { kind: 'branch', name: 'merged-and-gone' } },
    ] as const) {
      await using folder = await temporaryFolder();
      const { ref } = request;
      const full = await sourceOf(served.source.path, { commit: request.commit, ref });
      const source = await untouched(folder.path, request);
      assert.deepEqual(partsOf(source), partsOf(full), JSON.stringify(request));
      assert.deepEqual(source.warnings, []);
    }
  });

  it('looks for a cut id far behind the tip of its branch, and not without end', async () => {
    const far = served.source.git('rev-parse', 'HEAD~40');
    await using folder = await temporaryFolder();
    const full = await sourceOf(served.source.path, { commit: far, historyDepth: 4 });
    const source = await untouched(folder.path, { commit: far.slice(0, 12), historyDepth: 4 });
    assert.deepEqual(partsOf(source), partsOf(full));
    await assert.rejects(untouched(folder.path, { commit: 'deadbeef0000', historyDepth: 1 }), {
      phase: 'observe',
      code: 'not-found',
      message: `cannot find commit deadbeef0000: neither the clone nor ${ORIGIN} has it`,
      hint: /^Write clone: \{ enabled: true, depth: full \}/,
    });
  });

  it('does not take the clone of a folder above for one that was not made', async () => {
    await using above = await createRepository();
    await above.commit({ a: 'a\n' });
    const directory = join(above.path, 'build');
    await mkdir(directory);
    assert.deepEqual(partsOf(await untouched(directory)), partsOf(expected));
  });

  it('keeps what Pipelines and preheat put into the clone out of keys and layers', async () => {
    await using folder = await temporaryFolder();
    const clone = cloneAsPipelines(served, folder.path, { args: ['--depth=50'] });
    for (const place of ['.bitbucket/pipelines/generated/pipeline/pipes/team/preheat', '.preheat/records']) {
      await mkdir(join(clone, place), { recursive: true });
      await writeFile(join(clone, place, 'file'), 'put there by a step\n');
    }
    assert.deepEqual(partsOf(await untouched(clone)), partsOf(expected));
  });

  it('warns once of history that it cannot fetch, and makes what there is', async () => {
    served.proxy.intercept = () => 502;
    try {
      await using folder = await temporaryFolder();
      const clone = cloneAsPipelines(served, folder.path, { args: ['--depth=5'] });
      const source = await untouched(clone);
      const own = await sourceOf(clone, { commit: head });
      assert.deepEqual(partsOf(source), partsOf(own));
      assert.notEqual(source.imageKey, expected.imageKey);
      assert.equal(source.warnings.length, 1, source.warnings.join('\n'));
      assert.match(
        source.warnings[0] ?? '',
        /^the history ends earlier than --history-depth 50: cannot fetch .*502/,
      );
    } finally {
      served.proxy.intercept = () => undefined;
    }
  });

  it('ends with what to change where contents cannot be fetched: proxy out of reach, refusing, silent', async () => {
    await using folder = await temporaryFolder();
    const partial = cloneAsPipelines(served, join(folder.path, 'partial'), {
      args: ['--filter=blob:none', '--no-checkout'],
    });
    const empty = join(folder.path, 'empty');
    await mkdir(empty);
    const nobody = { kind: 'proxied', url: ORIGIN, proxy: 'http://127.0.0.1:9/' } as const;
    const failure = (why: RegExp) => ({
      phase: 'observe',
      code: 'unreachable',
      message: new RegExp(`^cannot fetch .* from ${ORIGIN}: .*${why.source}`),
      hint: /clone: \{ enabled: true, depth: full \}.*bitbucket-pipelines\.yml.*STEP_PROXY/,
    });
    for (const clone of [partial, empty]) {
      await assert.rejects(untouched(clone, { origin: nobody }), failure(/connect/i));
      served.proxy.intercept = () => 403;
      await assert.rejects(untouched(clone), failure(/403/));
      served.proxy.intercept = () => 'hang';
      await assert.rejects(untouched(clone, { boundMs: 500 }), failure(/did not end within 0\.5 s/));
      served.proxy.intercept = () => 401;
      await assert.rejects(untouched(clone), failure(/could not read Username/));
      served.proxy.intercept = () => undefined;
    }
  });

  for (const [what, settings] of Object.entries({
    'only what its branches name': {},
    'what can be reached from its branches': { 'uploadpack.allowReachableSHA1InWant': 'true' },
    'any commit': { 'uploadpack.allowAnySHA1InWant': 'true' },
  })) {
    it(`copes with a server that gives ${what}`, async () => {
      await using old = await serveRepository({
        protocol: 0,
        commits: 12,
        settings: { 'uploadpack.allowFilter': 'true', ...settings },
      });
      const commit = old.source.git('rev-parse', 'HEAD~4');
      const full = await sourceOf(old.source.path, { commit, historyDepth: 3 });
      for (const args of [
        ['--depth=6'],
        ['--filter=blob:none', '--no-checkout'],
        ['--filter=tree:0', '--no-checkout'],
        undefined,
      ]) {
        await using folder = await temporaryFolder();
        if (args !== undefined) cloneAsPipelines(old, folder.path, { args });
        const request = { commit, historyDepth: 3, origin: proxied(old) };
        assert.deepEqual(partsOf(await untouched(folder.path, request)), partsOf(full), String(args));
      }
    });
  }

  for (const filter of ['blob:none', 'tree:0']) {
    it(`makes a clone with ${filter} whole though its own origin gives no single objects`, async () => {
      await using old = await serveRepository({ protocol: 0, commits: 12 });
      const commit = old.source.git('rev-parse', 'HEAD');
      const full = await sourceOf(old.source.path, { commit, historyDepth: 3 });
      await using folder = await temporaryFolder();
      cloneAsPipelines(old, folder.path, { args: [`--filter=${filter}`, '--no-checkout'] });
      run(['git', 'config', 'remote.origin.url', `http://${old.server.host}/team/app`], { cwd: folder.path });
      const origin = { kind: 'own' } as const;
      const made = await untouched(folder.path, { commit, historyDepth: 3, origin });
      assert.deepEqual(partsOf(made), partsOf(full));
    });
  }

  it('asks the clone’s own origin as git would where there is no proxy, and only for what no clone can do without', async () => {
    await using folder = await temporaryFolder();
    const url = `file://${served.source.path}`;
    const cloneOf = (name: string, ...args: readonly string[]): string => {
      const clone = join(folder.path, name);
      run(['git', 'clone', '--quiet', ...args, url, clone]);
      // Git finds the way by settings of the clone alone.
      run(['git', 'config', 'remote.origin.url', 'elsewhere:app'], { cwd: clone });
      run(['git', 'config', `url.${url}.insteadOf`, 'elsewhere:app'], { cwd: clone });
      return clone;
    };
    const origin = { kind: 'own' } as const;
    const partial = await untouched(cloneOf('partial', '--filter=blob:none', '--no-checkout'), { origin });
    assert.deepEqual(partsOf(partial), partsOf(expected));
    served.source.git('branch', '--force', 'release', 'HEAD~2');
    const behind = cloneOf('behind', '--single-branch', '--branch=release');
    assert.deepEqual(partsOf(await untouched(behind, { origin })), partsOf(expected));
    const short = await untouched(cloneOf('shallow', '--depth=2'), { origin });
    assert.equal(short.commit, head);
    assert.notEqual(short.digest, expected.digest);
    assert.deepEqual([short.fetches, short.warnings], [[], []]);
    assert.equal(served.proxy.requests.length, 0);
  });

  it('finds a commit nowhere where there is neither a clone nor an origin', async () => {
    await using folder = await temporaryFolder();
    const request = {
      directory: folder.path,
      commit: head,
      ref: { kind: 'detached' },
      historyDepth: 1,
    } as const;
    await assert.rejects(completeClone({ ...request, origin: { kind: 'own' } }, {}, untilLong()), {
      phase: 'observe',
      code: 'not-found',
      message: `cannot find commit ${head}: there is no clone in ${folder.path}`,
    });
  });

  it('leaves nothing behind, and ends git when it is aborted', async () => {
    await using folder = await temporaryFolder();
    await using temporary = await temporaryFolder();
    const clone = cloneAsPipelines(served, folder.path, { args: ['--depth=1'] });
    const openFolder = async (name: string) => {
      const path = join(temporary.path, name);
      await mkdir(path);
      return { path, [Symbol.asyncDispose]: async () => await rm(path, { recursive: true }) };
    };
    const request = {
      directory: clone,
      commit: head,
      ref: { kind: 'detached' },
      historyDepth: 50,
      origin: proxied(served),
    } as const;
    {
      await using complete = await completeClone(request, { openFolder }, untilLong());
      assert.equal(complete.directory, join(temporary.path, 'overlay'));
    }
    assert.deepEqual(await readdir(temporary.path), []);
    const controller = new AbortController();
    served.proxy.intercept = () => {
      controller.abort(new Error('enough'));
      return 'hang';
    };
    await assert.rejects(completeClone(request, { openFolder }, { signal: controller.signal }), /enough/);
    served.proxy.intercept = () => undefined;
    assert.deepEqual(await readdir(temporary.path), []);
  });
});

describe('findClone', () => {
  const isFound = async (folder: string): Promise<boolean> =>
    (await findClone(folder, undefined, untilLong())) !== undefined;

  it('finds a clone at its top, with and without a working tree there, and none further up', async () => {
    await using source = await createRepository();
    await using bare = await temporaryFolder();
    run(['git', 'init', '--quiet', '--bare', bare.path]);
    for (const top of [source.path, bare.path]) {
      await mkdir(join(top, 'below'));
      assert.deepEqual([await isFound(top), await isFound(join(top, 'below'))], [true, false], top);
    }
    await using other = await createRepository();
    other.git('config', 'core.worktree', source.path);
    assert.equal(await isFound(other.path), true);
  });
});
