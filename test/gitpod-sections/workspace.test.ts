import { basename } from 'node:path';
import { CHANGING, CHECKOUT } from './checkout.ts';
import { ENVIRONMENT } from './environment.ts';
import { openGitpodWorkspace, PATIENCE_MS, type GitpodWorkspace } from './gitpod-workspace.ts';
import { GP } from './gp.ts';
import { assertSection } from './section-document.ts';
import { askAll } from './statement.ts';
import { askedStatements, namedTasks, type WorkspaceStatement } from './task-statement.ts';
import { TASKS } from './tasks.ts';

/** Those that end, restart or move things come last. */
const SECTIONS: readonly (readonly [
  section: string,
  name: string,
  title: string,
  of: readonly WorkspaceStatement[],
])[] = [
  ['3', '3-environment', 'What tasks find around them', ENVIRONMENT],
  ['4', '4-checkout', 'The checkout, and what is kept', CHECKOUT],
  ['7', '7-gp', 'gp in tasks', GP],
  ['2', '2-tasks', 'How tasks run', TASKS],
];

describe('a workspace, as Gitpod’s users know it', function () {
  this.timeout(PATIENCE_MS);
  let workspace: GitpodWorkspace;

  before(async () => {
    const tasks = SECTIONS.flatMap(([section, , , statements]) => namedTasks(section, statements));
    workspace = await openGitpodWorkspace([...tasks, CHANGING]);
  });
  after(async () => {
    await workspace[Symbol.asyncDispose]();
  });

  const plain = (text: string): string =>
    text
      .replaceAll(basename(workspace.clone.directory), 'app')
      .replaceAll(workspace.commit, 'COMMIT')
      .replaceAll(workspace.commit.slice(0, 12), 'COMMIT')
      .replaceAll(workspace.commit.slice(0, 7), 'COMMIT');

  for (const [section, name, title, statements] of SECTIONS) {
    it(title, async () => {
      assertSection(name, title, await askAll(askedStatements(section, statements), workspace, plain));
    });
  }
});
