import assert from 'node:assert/strict';
import { shownFindings } from './findings-of.ts';

describe('addresses of workspaces in init', () => {
  const note = (part: string): string =>
    `info 1: ${part} runs in the build and not at a start: what it writes down here is no workspace's own`;

  it('are noted, once for each part', () => {
    const text = JSON.stringify({
      tasks: [{ init: 'echo $(gp url 80) > .env; gp url' }, { init: 'echo "${GITPOD_WORKSPACE_ID}"' }],
    });
    assert.deepEqual(shownFindings(text), [note('init'), note('init')]);
  });

  it('are fine in before and in command, and where they are comments or others', () => {
    const tasks = [
      { before: 'gp url 80', init: 'x # gp url', command: 'gp url' },
      { init: 'echo $GITPOD_REPO_ROOT' },
    ];
    assert.deepEqual(shownFindings(JSON.stringify({ tasks })), []);
  });
});
