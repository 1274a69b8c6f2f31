import assert from 'node:assert/strict';
import type { PullRequestComment } from '../../../src/report/forge.ts';
import type { ForgeUnderTest } from './forge-under-test.ts';

const PULL_REQUEST = 5;
const MARKER = '### Workspace image of `.gitpod.yml` "main" \\ ünïcode';

function comment(text: string, marker = MARKER): PullRequestComment {
  return { marker, text: `${marker}\n\n${text}\n` };
}

/** What every forge promises about comments. */
export function describeComments(start: () => Promise<ForgeUnderTest>): void {
  const signal = new AbortController().signal;
  const open = async (): Promise<ForgeUnderTest> => {
    const subject = await start();
    const { commit } = subject;
    subject.openPullRequest({ id: PULL_REQUEST, branch: 'feature', commit });
    return subject;
  };
  const put = async ({ forge }: ForgeUnderTest, one: PullRequestComment) =>
    await forge.putComment(PULL_REQUEST, one, { signal });
  const shown = ({ comments }: ForgeUnderTest) =>
    comments(PULL_REQUEST).map(({ text, isDeleted }) => (isDeleted ? undefined : text));

  it('adds a comment, and later puts another into its place', async () => {
    await using subject = await open();
    await put(subject, comment('building'));
    assert.deepEqual(shown(subject), [comment('building').text]);
    await put(subject, comment('warm'));
    assert.deepEqual(shown(subject), [comment('warm').text]);
  });

  it('keeps comments of other markers apart, also where one contains another', async () => {
    await using subject = await open();
    const longer = comment('other', `${MARKER} and more`);
    await put(subject, longer);
    await put(subject, comment('warm'));
    await put(subject, comment('warmer'));
    assert.deepEqual(shown(subject), [longer.text, comment('warmer').text]);
  });

  it('adds a new comment where someone deleted it', async () => {
    await using subject = await open();
    await put(subject, comment('one'));
    const [first] = subject.comments(PULL_REQUEST);
    subject.deleteComment(PULL_REQUEST, first?.id ?? 0);
    await put(subject, comment('two'));
    await put(subject, comment('three'));
    assert.deepEqual(shown(subject), [undefined, comment('three').text]);
  });

  it('leaves alone what others wrote, also below the same first line', async () => {
    await using subject = await open();
    await put(subject, comment('ours'));
    const theirs = [comment('theirs').text, `> ${MARKER}\n\nWhat is this?`, MARKER.toUpperCase()];
    for (const text of theirs) subject.addComment(PULL_REQUEST, text);
    await put(subject, comment('ours again'));
    assert.deepEqual(shown(subject), [comment('ours again').text, ...theirs]);
  });

  it('finds its comment among many, and where it is not the first', async () => {
    await using subject = await open();
    for (let count = 0; count < 60; count++) subject.addComment(PULL_REQUEST, `remark ${count}`);
    await put(subject, comment('one'));
    for (let count = 0; count < 60; count++) subject.addComment(PULL_REQUEST, `remark ${count}`);
    await put(subject, comment('two'));
    assert.deepEqual(
      shown(subject).filter((text) => text?.startsWith(MARKER)),
      [comment('two').text],
    );
  });

  it('says that there is no such pull request', async () => {
    await using subject = await open();
    await assert.rejects(subject.forge.putComment(99, comment('lost'), { signal }), {
      name: 'PreheatError',
      phase: 'report',
      code: 'not-found',
      message: /^cannot comment on the pull request: /,
    });
  });
}
