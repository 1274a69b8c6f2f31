import { ATTRIBUTE_CASES } from './attribute-cases.ts';
import { CHANGE_CASES } from './change-cases.ts';
import { NAME_CASES } from './name-cases.ts';
import { SOURCE_CASES } from './source-cases.ts';

export type Referee = 'layers' | 'docker' | 'umoci';

/** A hard case: what a task does, and what survives of it. */
export interface FidelityCase {
  /** As the page names it. */
  readonly name: string;
  /**
   * What it makes or changes, latin1, without a leading slash: these paths and all below them; with a slash at its end
   * only the folder itself, so that `/` is the root.
   */
  readonly paths: readonly string[];
  /** Bash, run as root in `/made`. */
  readonly script: string;
  /** What no image can hold and a build leaves out, saying so. */
  readonly refused?: readonly string[];
  /** What is lost, by referee: words of `differencesOf`. Empty where a referee is not named. */
  readonly losses?: Partial<Readonly<Record<Referee, readonly string[]>>>;
  /** Why something is lost, for readers of the page. */
  readonly because?: string;
}

/** Every case of the suite; all are made by one task of one image. */
export const CASES: readonly FidelityCase[] = [
  ...ATTRIBUTE_CASES,
  ...NAME_CASES,
  ...CHANGE_CASES,
  ...SOURCE_CASES,
];
