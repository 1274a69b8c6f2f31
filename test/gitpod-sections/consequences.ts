import { interpretConfig } from '../../src/config/interpret-config.ts';
import { CONFIG } from '../support/records.ts';
import { decidedAfter, declared, NEXT, planOf } from './planned-push.ts';
import type { AskedStatement, Labelled, Statement } from './statement.ts';

/** A statement that is seen by what is found in a file, before anything runs. */
function validated(
  statement: Statement,
  text: string,
  { path = '.gitpod.yml', strict = false }: { readonly path?: string; readonly strict?: boolean } = {},
): AskedStatement<undefined> {
  return {
    ...statement,
    ask: () => {
      const { config, diagnostics } = interpretConfig({ path, text }, { repositoryName: 'app', strict });
      const found = diagnostics.map(({ line, severity, message }) => `line ${line}, ${severity}: ${message}`);
      const seen: readonly Labelled[] = [
        ['file', text],
        ['validate →', [config === undefined ? 'refused' : 'accepted', ...found].join('\n')],
      ];
      return Promise.resolve(seen);
    },
  };
}

const UNKNOWN = 'image: debian:bookworm\ntask:\n  - init: make\n';

/** What followed from Gitpod's ways for whoever comes after it, where the documents of the sections do not show it. */
export const CONSEQUENCES: readonly AskedStatement<undefined>[] = [
  {
    gitpod: 'The unit of reuse was the whole repository, so that an init ran again for a change of a text.',
    differs: 'where tasks declare what they read, nothing else makes them run.',
    ask: () =>
      Promise.resolve([
        [
          'plan →',
          `another commit with the same lock.txt: ${decidedAfter({ facts: declared('1') }, { facts: { ...NEXT, ...declared('1') } })}`,
        ],
      ]),
  },
  {
    gitpod: 'Parallel tasks shared one file system and waited for each other.',
    differs: 'they still do, which is why all of them are one step, with one key.',
    ask: () => {
      const tasks = ['one', 'two', 'three'].map((name) => ({ name, init: 'make', env: {} }));
      const { steps } = planOf({ config: { ...CONFIG, tasks } });
      return Promise.resolve([['plan →', `three tasks: ${steps.map(({ name }) => name).join()}`]]);
    },
  },
  validated(
    {
      gitpod: 'A failure in the middle of a part passed unnoticed.',
      differs: 'it still passes, with a warning.',
    },
    'tasks:\n  - init: |\n      npm ci\n      npm run build\n',
  ),
  validated(
    { gitpod: 'A text that bash refuses hung.', differs: 'there is a warning before anything runs.' },
    'tasks:\n  - init: "&& make"\n',
  ),
  validated(
    { gitpod: 'Tasks that waited for each other in a circle hung.', differs: 'that is an error.' },
    'tasks:\n  - init: gp sync-await b && gp sync-done a\n  - init: gp sync-await a && gp sync-done b\n',
  ),
  validated(
    { gitpod: 'A wait for an event that nothing signals hung.', differs: 'in command it is a warning.' },
    'tasks:\n  - command: gp sync-await databse\n  - init: gp sync-done database\n',
  ),
  validated(
    { gitpod: 'gp url in init wrote down the address of the prebuild.', differs: 'there is a note.' },
    'tasks:\n  - init: echo "$(gp url 80)" >.env\n',
  ),
  validated(
    { gitpod: 'docker-up gave a prebuild an engine.', differs: 'there is none, and a warning says so.' },
    'tasks:\n  - init: docker compose pull\n',
  ),
  validated(
    { gitpod: 'And a task could wait for it.', differs: 'that would never end, and is an error.' },
    'tasks:\n  - init: until docker info; do sleep 1; done\n',
  ),
  validated(
    { gitpod: 'An unknown key made the whole file invalid.', differs: 'a warning names what was meant.' },
    UNKNOWN,
  ),
  validated({ gitpod: 'The same, with --strict.' }, UNKNOWN, { strict: true }),
  validated(
    {
      gitpod: 'A value that only an editor would notice made the whole file invalid.',
      differs: 'a warning.',
    },
    'ports:\n  - port: 3000\n    onOpen: default\ntasks:\n  - command: make\n    openMode: split-bottom\n',
  ),
  validated(
    {
      gitpod: 'A devcontainer.json was not read.',
      differs: 'where there is no .gitpod.yml, it is.',
    },
    '{ "image": "debian:bookworm", "onCreateCommand": "make", "features": {} }\n',
    { path: '.devcontainer/devcontainer.json' },
  ),
];
