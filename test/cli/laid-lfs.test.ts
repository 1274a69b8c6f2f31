import assert from 'node:assert/strict';
import { laidLfs } from '../../src/cli/laid-lfs.ts';
import type { Repository } from '../../src/observe/repository.ts';
import { pullRequestComment } from '../../src/report/comment.ts';
import { reportPage } from '../../src/report/page.ts';
import { reportSubject } from '../../src/report/report-subject.ts';
import { warmOutcome } from '../report/sample-outcome.ts';
import { EVENT, FACTS } from '../support/records.ts';
import { testSession } from './test-session.ts';

async function laidOf(attributes: string | undefined, lfs = 'pointers') {
  const session = testSession({ options: { lfs } });
  const repository: Pick<Repository, 'readFile'> = { readFile: async () => attributes };
  const laid = await laidLfs(
    { event: EVENT, commit: FACTS.commit },
    { repository: repository as Repository },
    session,
  );
  return { laid, told: session.events.length };
}

describe('files of Git LFS', () => {
  const tracked = '*.md text\n*.psd filter=lfs diff=lfs merge=lfs -text\n';

  it('are said to be pointers where they are, and to be contents where that was asked for', async () => {
    assert.deepEqual(await laidOf(tracked), { laid: 'pointers', told: 1 });
    assert.deepEqual(await laidOf(tracked, 'contents'), { laid: 'contents', told: 0 });
  });

  for (const attributes of [undefined, '', '*.md text\n', '# *.psd filter=lfs\n', '*.psd -filter=lfs\n'])
    it(`are no matter with the attributes ${JSON.stringify(attributes)}`, async () => {
      assert.deepEqual(await laidOf(attributes), { laid: undefined, told: 0 });
    });

  it('are told on the page, and as pointers in the comment', () => {
    for (const [lfs, isTold] of [
      ['pointers', true],
      ['contents', false],
    ] as const) {
      const outcome = { ...warmOutcome, lfs };
      assert.match(reportPage(outcome), /Files of Git LFS/);
      const { text } = pullRequestComment(outcome, reportSubject(outcome));
      assert.equal(text.includes('Files of Git LFS are laid as pointers'), isTold);
    }
  });
});
