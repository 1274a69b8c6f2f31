import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { planCommand } from '../../src/cli/plan-command.ts';
import { BaseDecision } from '../../src/plan/base-decision.ts';
import { BuildPlan } from '../../src/plan/build-plan.ts';
import { tarOf } from '../../src/oci/tar-writer.ts';
import { testSession } from '../cli/test-session.ts';
import { repositoryWriter } from '../support/base-image.ts';
import { makeClone, type TestClone } from '../support/clone.ts';
import { startRegistry } from '../support/registry.ts';
import type { AskedStatement, Labelled } from './statement.ts';

const Planned = z.object({ base: BaseDecision, ...BuildPlan.partial().shape });
type Planned = Readonly<z.infer<typeof Planned>>;

/** A registry with a base image, and a clone whose base is built upon it. */
export interface Bases extends AsyncDisposable {
  readonly host: string;
  readonly clone: TestClone;
  /** Makes a tag of `base` mean another image. */
  moveTag(tag: string): Promise<void>;
  /** The key of what is built from the Dockerfile, before anything was changed. */
  readonly key: string;
  plan(directory?: string): Promise<Planned>;
}

const dockerfile = (host: string): string => `FROM ${host}/base:1\nCOPY tools /opt/tools\n`;
const CONFIG = 'image:\n  file: gitpod/Dockerfile\ntasks:\n  - init: make\n';

export async function openBases(): Promise<Bases> {
  await using stack = new AsyncDisposableStack();
  const { host } = stack.use(await startRegistry());
  const clone = stack.use(
    await makeClone({
      '.gitpod.yml': CONFIG,
      'gitpod/Dockerfile': dockerfile(host),
      'tools/install': 'tools\n',
      'README.md': 'hello\n',
    }),
  );
  await clone.git('tag', 'first');
  const empty = { path: 'empty', kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, size: 0 } as const;
  const layers = [Buffer.concat(await Array.fromAsync(tarOf([empty])))];
  let moves = 0;
  const moveTag = async (tag: string): Promise<void> => {
    await repositoryWriter(host, 'base').image({ layers, config: { Env: [`MOVED=${moves++}`] } }, tag);
  };
  for (const tag of ['1', '2']) await moveTag(tag);
  const plan = async (repository = clone.directory): Promise<Planned> => {
    const options = { repository, registry: `${host}/team/app`, json: true };
    const { PATH, HOME } = process.env;
    const session = testSession({ command: 'plan', options, environment: { PATH, HOME } });
    await planCommand(session);
    return Planned.parse(JSON.parse(session.stdout.text));
  };
  const key = keyOf(await plan());
  const owned = stack.move();
  return { host, clone, key, moveTag, plan, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

type Change = (bases: Bases) => Promise<unknown>;

/** Whether the key of what is built from the Dockerfile moves with each of these changes. */
function moved(changes: Readonly<Record<string, Change>>) {
  return async (bases: Bases): Promise<readonly Labelled[]> => {
    const seen: Labelled[] = [];
    for (const [what, change] of Object.entries(changes)) {
      await change(bases);
      const after = keyOf(await bases.plan());
      seen.push(['plan →', `${what}: ${after === bases.key ? 'the base stays' : 'the base is built again'}`]);
      await bases.clone.git('reset', '--quiet', '--hard', 'first');
    }
    return seen;
  };
}

function keyOf({ base }: Planned): string {
  assert.ok(base.kind === 'miss');
  return base.key;
}

const edit =
  (files: Readonly<Record<string, string>>): Change =>
  async ({ clone }) =>
    clone.commit(files);

/** How Gitpod knew that a base was there already. */
export const BASES: readonly AskedStatement<Bases>[] = [
  {
    gitpod: 'The tag of an image by name became a digest when the image was built.',
    ask: async ({ clone, host, plan }) => {
      await clone.commit({ '.gitpod.yml': `image: ${host}/base:2\ntasks:\n  - init: make\n` });
      const { base } = await plan();
      const seen = base.kind === 'named' ? base : assert.fail();
      return [['plan →', `${seen.base.reference}@${seen.base.digest.slice(0, 7)}…: ${seen.reason}`]];
    },
  },
  {
    gitpod: 'But prebuilds were looked up by the name: a tag that moved made none of them too old.',
    differs: 'the digest counts.',
    ask: async ({ plan, moveTag, clone }) => {
      const staticKey = async () => (await plan()).steps?.[0]?.staticKey;
      const before = await staticKey();
      await moveTag('2');
      const after = await staticKey();
      assert.ok(before !== undefined && after !== undefined);
      await clone.git('reset', '--quiet', '--hard', 'first');
      return [['plan →', before === after ? 'the tasks stay' : 'the tasks run again']];
    },
  },
  {
    gitpod: 'A Dockerfile counted by the last commit that changed it.',
    ask: moved({
      'another text': ({ clone, host }) =>
        clone.commit({ 'gitpod/Dockerfile': `${dockerfile(host)}ENV A=1\n` }),
      'another file of the repository': edit({ 'README.md': 'changed\n' }),
    }),
  },
  {
    gitpod:
      'The context, by default the root of the repository, was that commit’s too: what is copied could change, and nothing was built.',
    differs:
      'the context is that of the pushed commit, and contents, names and modes of what is read from it count.',
    ask: moved({
      'a file that it copies': edit({ 'tools/install': 'changed\n' }),
      'one more file': edit({ 'tools/more': 'more\n' }),
      'its mode': async ({ clone }) => {
        await chmod(join(clone.directory, 'tools/install'), 0o755);
        await clone.commit({});
      },
    }),
  },
  {
    gitpod: 'The same Dockerfile in a fork or another repository was built once more.',
    differs: 'its key is the same; a repository of images that both may use holds it once for each scope.',
    ask: async (bases) => {
      await using fork = await makeClone(
        {
          '.gitpod.yml': CONFIG,
          'gitpod/Dockerfile': dockerfile(bases.host),
          'tools/install': 'tools\n',
          'OTHER.md': 'a fork\n',
        },
        'fork',
      );
      await fork.git('remote', 'add', 'origin', 'https://example.org/fork.git');
      const { base } = await bases.plan(fork.directory);
      const same = base.kind === 'miss' && base.key === bases.key;
      return [['plan →', same ? 'the same key' : 'another key']];
    },
  },
  {
    gitpod: 'A prefix of the address forced a new build.',
    differs: 'a result that does not follow from its inputs is never kept; all others need no force.',
    ask: async ({ clone, host, plan }) => {
      await clone.commit({
        'gitpod/Dockerfile': `${dockerfile(host)}ADD https://example.org/tool /opt/tool\n`,
      });
      const { base } = await plan();
      await clone.git('reset', '--quiet', '--hard', 'first');
      return [['plan →', base.reason]];
    },
  },
  {
    gitpod: 'FROM could mean another image, and nothing was built.',
    differs: 'the digests of all images that it names count.',
    ask: moved({ 'the tag of FROM moves': ({ moveTag }) => moveTag('1') }),
  },
];
