import type { TestClone } from '../../test/support/clone.ts';
import type { Recipe } from '../dockerfile.ts';
import type { Change } from '../push-kind.ts';

/** Files with their new texts. */
export type Edit = (clone: TestClone) => Promise<Readonly<Record<string, string>>>;

/** A repository that is pushed, as a clone that goes when it is disposed of. */
export interface Subject extends AsyncDisposable {
  readonly clone: TestClone;
  /** What a Dockerfile does that is equal to the `.gitpod.yml` of the clone's commit. */
  recipe(): Promise<Recipe>;
  /** Commits a change. */
  change(change: Change): Promise<void>;
}

/** A kind of repository to be measured. */
export interface SubjectKind {
  readonly name: string;
  /** What it is, for people. */
  readonly title: string;
  /** Images that it is built on, by the names that it has for them. */
  readonly bases: readonly string[];
  readonly changes: readonly Change[];
  /** Those of its changes of which no task reads anything. */
  readonly unread: readonly Change[];
  /** Makes a clone whose bases have other names: those under which the registry has them. */
  make(nameOf: (base: string) => string): Promise<Subject>;
}

/** A subject whose changes are these edits. */
export function editedSubject(
  clone: TestClone,
  edits: Readonly<Partial<Record<Change, Edit>>>,
  recipe: () => Promise<Recipe>,
): Subject {
  return {
    clone,
    recipe,
    async change(change) {
      const edit = edits[change];
      if (edit === undefined) throw new Error(`no ${change} push of this repository`);
      await clone.commit(await edit(clone), `Change: ${change}`);
    },
    [Symbol.asyncDispose]: () => clone[Symbol.asyncDispose](),
  };
}
