import { realpath } from 'node:fs/promises';
import type { CloneExaminer, CloneFacts } from '../../doctor/clone-examiner.ts';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { askGit, gitPlaceIn, runGit } from './git-command.ts';

/** The doctor's examiner of the git program and of the clone in (or above) `directory`. */
export function createCloneExaminer(directory: string, program: string = 'git'): CloneExaminer {
  return {
    async gitVersion({ signal }) {
      const place = { program, directory: '/', phase: 'observe' } as const;
      const answer = await runGit(place, ['version'], { signal, purpose: 'run git' });
      const version = /\d+(?:\.\d+)+/.exec(answer.toString('utf8'))?.[0];
      if (version !== undefined) return version;
      throw new PreheatError('cannot run git: it tells no version', { phase: 'observe' });
    },
    describe: async (options) =>
      await describe(directory, program, options).catch((thrown: unknown) => {
        throw withHint(thrown);
      }),
  };
}

async function describe(directory: string, program: string, { signal }: CallOptions): Promise<CloneFacts> {
  const place = await gitPlaceIn(directory, 'event', program);
  const purpose = `read a git repository in ${place.directory}`;
  const ask = async (...args: readonly string[]): Promise<string> =>
    ((await askGit(place, args, { signal, purpose })) ?? '').toString('utf8').trimEnd();
  const answer = await ask('rev-parse', '--is-shallow-repository', '--show-cdup');
  const [shallow, upwards = ''] = answer.split('\n');
  // https://git-scm.com/docs/partial-clone: one remote that promises objects makes the clone partial.
  const filters = await ask('config', '--get-regexp', String.raw`^remote\..*\.partialclonefilter$`);
  const filter = filters.split('\n')[0]?.split(' ')[1];
  return {
    directory: await realpath(`${place.directory}/${upwards}`),
    isShallow: shallow === 'true',
    ...(filter ? { filter } : {}),
  };
}

function withHint(thrown: unknown): unknown {
  if (!(thrown instanceof PreheatError) || thrown.hint !== undefined) return thrown;
  const hint = 'Run preheat inside a clone of the repository.';
  return new PreheatError(thrown.message, { phase: 'event', cause: thrown, hint });
}
