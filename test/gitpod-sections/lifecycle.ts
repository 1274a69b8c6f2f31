import { readConfig } from '../../src/config/read-config.ts';
import { Settings } from '../../src/cli/option-table.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { listCandidates } from '../../src/start/list-candidates.ts';
import { CONFIG, FACTS } from '../support/records.ts';
import { decidedAfter, declared, NEXT, planOf, type Push } from './planned-push.ts';
import type { AskedStatement, Labelled, Statement } from './statement.ts';

const [TASK = { name: 'build', env: {} }] = CONFIG.tasks;
const LIB = {
  url: 'https://example.org/lib',
  commit: 'a'.repeat(40),
  ref: { kind: 'detached' },
  location: '/workspace/lib',
} as const;

/** A statement of which the planner is asked; every row is a push after one with the same beginning was built. */
function planned(
  statement: Statement,
  rows: Readonly<Record<string, Push>>,
  earlier: Push = {},
): AskedStatement<undefined> {
  const seen = Object.entries(rows).map(
    ([what, push]) => ['plan →', `${what}: ${decidedAfter(earlier, push)}`] as const,
  );
  return { ...statement, ask: () => Promise.resolve(seen) };
}

function told(statement: Statement, seen: () => readonly Labelled[]): AskedStatement<undefined> {
  return { ...statement, ask: () => Promise.resolve(seen()) };
}

const onBranch = (name: string) => ({ ref: { kind: 'branch', name } }) as const;

/** When Gitpod made prebuilds, and which of them it took. */
export const LIFECYCLE: readonly AskedStatement<undefined>[] = [
  planned(
    {
      gitpod: 'A prebuild was made every twenty commits, so that most had none of their own.',
      differs: 'every push has one; what it needs not make, it reuses.',
    },
    { 'the same commit': {}, 'the next commit': { facts: NEXT } },
  ),
  told(
    {
      gitpod: 'The file’s own settings of triggers counted on GitHub alone, and later nowhere.',
      differs: 'bitbucket-pipelines.yml says what is built.',
    },
    () => {
      const text = 'github:\n  prebuilds:\n    branches: true\n';
      const { diagnostics } = readConfig(text, { repositoryName: 'app' });
      return [
        ['file', text],
        ['validate →', diagnostics.map(({ severity, message }) => `${severity}: ${message}`).join('\n')],
      ];
    },
  ),
  planned(
    {
      gitpod: 'A configuration without before, init and prebuild had no prebuild.',
      differs: 'it has an image: the sources are in it, and start scripts.',
    },
    { 'command alone': { config: { tasks: [{ name: 'server', command: 'npm start', env: {} }] } } },
  ),
  planned(
    { gitpod: 'A prebuild whose tasks have other texts did not count.' },
    {
      'another init': { config: { tasks: [{ ...TASK, init: 'npm install' }] } },
      'another before': { config: { tasks: [{ ...TASK, before: 'true' }] } },
      'one more task': { config: { tasks: [TASK, { ...TASK, name: 'other' }] } },
    },
  ),
  planned(
    { gitpod: 'Other texts of command, names, ports and extensions did not matter.' },
    {
      'another command': { config: { tasks: [{ ...TASK, command: 'npm run dev' }] } },
      'another name': { config: { tasks: [{ ...TASK, name: 'other' }] } },
      'no port': { config: { ports: [] } },
      'no extension': { config: { extensions: [] } },
    },
  ),
  planned(
    {
      gitpod: 'Nor did variables.',
      differs: 'a task may do something else with another value.',
    },
    {
      'env of a task': { config: { tasks: [{ ...TASK, env: { A: '1' } }] } },
      'env of the file': { config: { env: { A: '1' } } },
    },
  ),
  planned(
    {
      gitpod: 'The image counted by its name: what that meant did not matter.',
      differs: 'it counts by its digest; that of a name is pinned by the default branch.',
    },
    {
      'the same name, another digest': { facts: { base: { ...FACTS.base, digest: digestOf('moved') } } },
      'another name, the same digest': {
        config: { base: { kind: 'reference', reference: 'node:24' } },
        facts: { base: { ...FACTS.base, reference: 'docker.io/library/node:24' } },
      },
    },
  ),
  planned(
    {
      gitpod: 'What the commits changed did not matter: a lock file neither.',
      differs: 'tasks that declare their inputs run where one of these changed.',
    },
    {
      'another commit': { facts: { ...NEXT, ...declared('1') } },
      'another commit with another lock.txt': { facts: { ...NEXT, ...declared('2') } },
    },
    { facts: declared('1') },
  ),
  planned(
    {
      gitpod: 'And so the prebuild of an ancestor, within a hundred commits, was good for any commit.',
      differs: 'for tasks that declare nothing any other commit counts as changed.',
    },
    { 'the next commit': { facts: NEXT } },
  ),
  planned(
    { gitpod: 'Additional repositories had to be as many, each at a known commit.' },
    {
      'the same commit of it': { facts: { repositories: [LIB] } },
      'another commit of it': { facts: { repositories: [{ ...LIB, commit: 'b'.repeat(40) }] } },
      none: {},
    },
    { facts: { repositories: [LIB] } },
  ),
  planned(
    {
      gitpod: 'A branch took the prebuilds of all others.',
      differs: 'it takes its own and the default branch’s.',
    },
    {
      'a branch, after main': { event: onBranch('fix'), facts: { ...NEXT, ...declared('1') } },
    },
    { facts: declared('1') },
  ),
  planned(
    { gitpod: 'So did the default branch.', differs: 'it takes no other’s.' },
    { 'main, after a branch': { facts: declared('1') } },
    { event: onBranch('fix'), facts: declared('1') },
  ),
  planned(
    {
      gitpod: 'Prebuilds went after seven days without use.',
      differs: 'what the registry holds is taken, however old.',
    },
    { 'the same commit, after years': {} },
  ),
  told(
    {
      gitpod: 'A prebuild had an hour, all in all.',
      differs: 'options say how long tasks may take; a step of Pipelines ends by itself after two hours.',
    },
    () => {
      const { 'task-timeout': task, 'tasks-timeout': tasks } = Settings.parse({});
      return [
        ['a task', task === undefined ? 'no limit' : `${task / 60_000} minutes`],
        ['all tasks', tasks === undefined ? 'no limit' : `${tasks / 60_000} minutes`],
      ];
    },
  ),
  told({ gitpod: 'A start took the prebuild of its commit, else that of the nearest ancestor.' }, () => {
    const wanted = {
      commits: ['newest', 'older', 'oldest'],
      branch: 'main',
      scopes: [{ kind: 'protected', branch: 'main' }],
      defaultBranch: 'main',
      platform: FACTS.platform,
    } as const;
    return [
      [
        'looks for',
        listCandidates(wanted)
          .map(({ why }) => why)
          .join('\n'),
      ],
    ];
  }),
  told({ gitpod: 'Two pushes at once had two prebuilds; a newer one did not end the older.' }, () => [
    ['one', planOf({}).commitTag],
    ['the other', planOf({ facts: NEXT }).commitTag],
  ]),
];
