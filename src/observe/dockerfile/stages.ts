import { formatPlatform, type Platform } from '../../oci/platform.ts';
import { argumentsOf, flagOf } from './arguments.ts';
import { dockerfileError } from './dockerfile-error.ts';
import { expand } from './expand.ts';
import type { Instruction } from './instructions.ts';
import type { Word } from './words.ts';

/** One stage of a Dockerfile. */
export interface Stage {
  readonly from: Instruction;
  /** What it begins with, variables replaced. */
  readonly base: string;
  /** Where that is written. */
  readonly baseWord: Word;
  /** In lower case. */
  readonly name: string | undefined;
  /** The instructions behind `FROM`. */
  readonly instructions: readonly Instruction[];
}

/**
 * Groups instructions into stages, the variables of `FROM` replaced as BuildKit does: by the `ARG`s above the first
 * stage, each with the value that is given for it or else its default, and the platform's own. Throws a `PreheatError` (config) where that cannot be done, or where a stage is for
 * another platform: its image would not be the pinned one.
 */
export function stagesOf(
  instructions: readonly Instruction[],
  { file, platform, args = {} }: StagesUse,
): readonly Stage[] {
  const variables = platformVariables(platform, args);
  const stages: Stage[] = [];
  let current: Instruction[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') {
      current = [];
      stages.push({ ...readFrom(instruction, variables, { file, platform }), instructions: current });
    } else if (stages.length > 0) current.push(instruction);
    else if (instruction.keyword === 'ARG') declare(instruction, variables, { file, args });
  }
  if (stages.length > 0) return stages;
  throw dockerfileError({ file }, 'it has no FROM', 'Begin it with FROM and the name of an image.');
}

/** What stages depend on beside the text. */
interface StagesUse {
  readonly file: string;
  readonly platform: Platform;
  readonly args?: Readonly<Record<string, string>> | undefined;
}

type Arguments = NonNullable<StagesUse['args']>;

/** The platform's variables are declared by themselves; what is given for them counts for `FROM` too. */
function platformVariables(platform: Platform, args: Arguments): Map<string, string> {
  const { os, architecture, variant = '' } = platform;
  const values = { PLATFORM: formatPlatform(platform), OS: os, ARCH: architecture, VARIANT: variant };
  return new Map(
    Object.entries(values).flatMap(([name, value]) =>
      [`TARGET${name}`, `BUILD${name}`].map((each) => [each, given(args, each) ?? value]),
    ),
  );
}

function given(args: Arguments, name: string): string | undefined {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}

/** A default that is not understood leaves the variable out; who uses it is told then. */
function declare(
  instruction: Instruction,
  variables: Map<string, string>,
  { file, args }: Pick<StagesUse, 'file'> & { readonly args: Arguments },
): void {
  for (const { text } of argumentsOf(instruction).words) {
    const [, name = '', , written] = /^([^=]*)(=(.*))?$/s.exec(text) ?? [];
    // It is taken as it is: nothing in it is replaced.
    const set = given(args, name);
    if (set !== undefined) variables.set(name, set);
    if (set !== undefined || written === undefined) continue;
    const value = expand(written, variables, instruction.escape);
    if (value === undefined) throw notUnderstood(file, instruction, text);
    variables.set(name, value);
  }
}

function readFrom(
  from: Instruction,
  variables: ReadonlyMap<string, string>,
  { file, platform }: { readonly file: string; readonly platform: Platform },
): Omit<Stage, 'instructions'> {
  const taken = argumentsOf(from);
  const [baseWord, as, name] = taken.words;
  const base = baseWord && expand(baseWord.text, variables, from.escape);
  if (baseWord === undefined || base === undefined) throw notUnderstood(file, from, from.rest);
  if (base === '')
    throw dockerfileError(
      { file, line: from.line },
      'FROM names no image',
      'Give its variables a default value (ARG).',
    );
  const wanted = flagOf(taken, 'platform');
  const given = wanted === undefined ? '' : expand(wanted.text, variables, from.escape);
  if (given === undefined) throw notUnderstood(file, from, from.rest);
  if (given !== '' && !isPlatform(given, platform)) {
    const why = `FROM is for ${given}, and only ${formatPlatform(platform)} is served`;
    throw dockerfileError(
      { file, line: from.line },
      why,
      'Leave out --platform, or build on such a machine.',
    );
  }
  return {
    from,
    base,
    baseWord,
    name: as?.text.toLowerCase() === 'as' ? name?.text.toLowerCase() : undefined,
  };
}

function isPlatform(text: string, { os, architecture, variant }: Platform): boolean {
  const [givenOs, givenArchitecture = architecture, givenVariant] = text.split('/');
  const isSame = givenOs === os && givenArchitecture === architecture;
  return isSame && (givenVariant === undefined || variant === undefined || givenVariant === variant);
}

function notUnderstood(file: string, { line }: Instruction, text: string): Error {
  return dockerfileError(
    { file, line },
    `"${text}" cannot be resolved`,
    // oxlint-disable-next-line no-template-curly-in-string -- a Dockerfile's notation
    'Write the name plainly, or use only ${NAME}, ${NAME:-default} and ${NAME:+other}.',
  );
}
