import assert from 'node:assert/strict';
import { pinRepositories, type AskedPorts } from '../../src/cli/pin-repositories.ts';
import type { PushedRef } from '../../src/event/push-event.ts';
import { CONFIG, EVENT, FACTS } from '../support/records.ts';
import { testSession } from './test-session.ts';

const [MAIN, FEATURE, ID] = ['1', '2', '3'].map((digit) => digit.repeat(40));
const MAIN_TIP = { commit: MAIN ?? '', branch: 'main' };

/** A remote with the branches `main` and `feature`; what it is asked for is written down. */
function remote(asked: string[] = []): AskedPorts {
  return {
    others: {
      pushedAddress: async () => 'git@bitbucket.org:team/app.git',
      async findTips(address, branch) {
        asked.push(`${address} ${branch ?? '-'}`);
        const known = branch === 'feature' ? { commit: FEATURE ?? '', branch } : undefined;
        return { ofBranch: branch === 'main' ? MAIN_TIP : known, ofDefault: MAIN_TIP };
      },
    },
  };
}

const branch = (name: string): PushedRef => ({ kind: 'branch', name });

async function pin(url: string, ref: PushedRef = branch('feature'), ports = remote()) {
  const config = { ...CONFIG, additionalRepositories: [{ url, checkoutLocation: '/workspace/lib' }] };
  const context = { event: { ...EVENT, ref }, commit: FACTS.commit };
  const { repositories = [] } = await pinRepositories(context, config, ports, testSession());
  assert.equal(repositories.length, 1);
  return repositories[0];
}

describe('pinRepositories', () => {
  const LIB = 'https://bitbucket.org/team/lib';

  it('takes the branch with the name of the pushed one, else the default branch', async () => {
    const facts = { url: LIB, location: '/workspace/lib' };
    const there = await pin(LIB);
    assert.deepEqual(there?.facts, { ...facts, commit: FEATURE, ref: branch('feature') });
    const main = { ...facts, commit: MAIN, ref: branch('main') };
    assert.deepEqual((await pin(LIB, branch('gone')))?.facts, main);
    for (const ref of [{ kind: 'tag', name: 'feature' }, { kind: 'detached' }] as const)
      assert.deepEqual((await pin(LIB, ref))?.facts, main);
  });

  it('takes the branch or commit that an address names, whatever was pushed', async () => {
    assert.equal((await pin(`${LIB}/src/main/`))?.facts.commit, MAIN);
    const asked: string[] = [];
    const pinned = await pin(`${LIB}/commits/${ID}`, branch('feature'), remote(asked));
    assert.deepEqual(pinned?.facts, {
      url: LIB,
      location: '/workspace/lib',
      commit: ID,
      ref: { kind: 'detached' },
    });
    assert.deepEqual(asked, []);
  });

  it('takes the pushed commit of the pushed repository, and asks nobody', async () => {
    const asked: string[] = [];
    const pinned = await pin('https://bitbucket.org/team/app', branch('feature'), remote(asked));
    assert.partialDeepStrictEqual(pinned, {
      isPushed: true,
      facts: { commit: FACTS.commit.id, ref: branch('feature') },
    });
    assert.deepEqual(asked, []);
  });

  it('takes another branch or commit of the pushed repository for what it is', async () => {
    const APP = 'https://bitbucket.org/team/app';
    const other = await pin(`${APP}/src/main`);
    assert.partialDeepStrictEqual(other, { isPushed: false, facts: { commit: MAIN, ref: branch('main') } });
    assert.partialDeepStrictEqual(await pin(`${APP}/commits/${ID}`), {
      isPushed: false,
      facts: { commit: ID },
    });
    assert.equal((await pin(`${APP}/src/feature`))?.isPushed, true);
    assert.equal((await pin(`${APP}/commits/${FACTS.commit.id}`))?.isPushed, true);
  });

  it('keeps the password of an address out of the facts', async () => {
    const asked: string[] = [];
    const pinned = await pin('https://u:s3cret@h/t/lib', branch('main'), remote(asked));
    assert.equal(pinned?.facts.url, 'https://h/t/lib');
    assert.deepEqual(asked, ['https://u:s3cret@h/t/lib main']);
  });

  it('fails for a branch that is not there, and for a repository without a commit', async () => {
    await assert.rejects(pin(`${LIB}/src/gone`), {
      phase: 'observe',
      code: 'not-found',
      message: `cannot pin repository ${LIB}: it has no branch "gone"`,
    });
    const empty: AskedPorts = {
      others: {
        ...remote().others,
        findTips: async () => ({ ofBranch: undefined, ofDefault: undefined }),
      },
    };
    await assert.rejects(pin(LIB, branch('main'), empty), /it has no commit yet$/);
  });

  it('asks nobody where nothing is named', async () => {
    const context = { event: EVENT, commit: FACTS.commit };
    assert.equal(await pinRepositories(context, CONFIG, remote(), testSession()), context);
  });
});
