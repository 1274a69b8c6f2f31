import type { Platform } from '../../oci/platform.ts';
import { syntaxOf } from './directives.ts';
import { dockerfileError } from './dockerfile-error.ts';
import { instructionReads, type InstructionReads } from './instruction-reads.ts';
import { instructionsOf, type Instruction } from './instructions.ts';
import { stagesOf, type Stage } from './stages.ts';
import type { Word } from './words.ts';

/** Where a Dockerfile names an image: `text.slice(start, end)` is to be replaced by what pins it. */
export interface ImagePlace {
  readonly reference: string;
  readonly start: number;
  readonly end: number;
  /** Whether a stage begins with it, so that its `ONBUILD` triggers run. */
  readonly isBase: boolean;
}

/** What a build of a Dockerfile reads. */
export interface DockerfileReads {
  /** In the order in which they are written. */
  readonly images: readonly ImagePlace[];
  /** Paths and patterns in the context; `everything` where they cannot be told. */
  readonly sources: readonly string[] | 'everything';
  readonly uncached?: string;
}

/** What a Dockerfile is read for. */
export interface DockerfileUse {
  /** Path of the Dockerfile, for messages. */
  readonly file: string;
  readonly platform: Platform;
  /** Values for `ARG`s, in place of their defaults. */
  readonly args?: Readonly<Record<string, string>> | undefined;
  /** The stage that is built; the last one where it is absent. */
  readonly target?: string | undefined;
}

/**
 * Finds everything that building a stage of a Dockerfile reads: images, files of the context, and what no key can cover.
 * Stages that it does not need are not built, and not looked at. Throws a `PreheatError` (config) where the stage is not
 * there, or an image cannot be told, since it could not be pinned.
 */
export function readDockerfile(text: string, use: DockerfileUse): DockerfileReads {
  const stages = stagesOf(instructionsOf(text), use);
  const context: Context = { stages, file: use.file, images: syntaxPlaces(text, use.file), reads: [] };
  const needed = new Set<number>();
  const waiting = [builtStage(stages, use)];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (needed.has(at)) continue;
    needed.add(at);
    waiting.push(...readStage(context, at));
  }
  const images = context.images.toSorted((a, b) => a.start - b.start);
  const uncached = context.reads.find((reads) => reads.uncached !== undefined)?.uncached;
  const isEverything = context.reads.some(({ sources }) => sources === 'everything');
  return {
    images,
    sources: isEverything ? 'everything' : context.reads.flatMap(({ sources }) => sources),
    ...(uncached !== undefined && { uncached }),
  };
}

interface Context {
  readonly stages: readonly Stage[];
  readonly file: string;
  readonly images: ImagePlace[];
  readonly reads: InstructionReads[];
}

function builtStage(stages: readonly Stage[], { file, target }: DockerfileUse): number {
  if (target === undefined) return stages.length - 1;
  const at = stageNamed(stages, target);
  if (at !== undefined) return at;
  const names = stages.flatMap(({ name }) => name ?? []);
  const hint =
    names.length === 0 ? 'Give its stages names (FROM image AS name).' : `It has: ${names.join(', ')}.`;
  throw dockerfileError({ file }, `it has no stage of the name "${target}"`, hint);
}

/** Frontends that read Dockerfiles as BuildKit's own does. */
const FRONTEND = /(?:^|\/)dockerfile(?:-upstream)?(?:[:@]|$)/;

function syntaxPlaces(text: string, file: string): ImagePlace[] {
  const syntax = syntaxOf(text);
  if (syntax === undefined) return [];
  const { reference, start } = syntax;
  if (FRONTEND.test(reference)) {
    return [{ reference, start, end: start + reference.length, isBase: false }];
  }
  throw dockerfileError(
    { file, line: 1 },
    `its syntax "${reference}" is not that of a Dockerfile`,
    'Leave out the line # syntax, or name docker/dockerfile.',
  );
}

/** Notes what a stage reads; returns the stages that it needs. */
function readStage(context: Context, at: number): readonly number[] {
  const { stages } = context;
  const stage = stages[at];
  if (stage === undefined) return [];
  const needed: number[] = [];
  const base = stageNamed(stages.slice(0, at), stage.base);
  if (base !== undefined) needed.push(base);
  else if (stage.base !== 'scratch')
    context.images.push({ ...placeOf(stage.from, stage.baseWord), reference: stage.base, isBase: true });
  const triggers = base === undefined ? [] : triggersIn(stages[base]);
  for (const instruction of [...triggers, ...stage.instructions]) {
    const reads = instructionReads(instruction);
    context.reads.push(reads);
    for (const origin of reads.origins) {
      const number = originStage(stages, at, origin.text);
      if (number !== undefined) needed.push(number);
      else if (origin.text !== 'scratch') context.images.push(imageAt(context, instruction, origin));
    }
  }
  return needed;
}

/** What a stage tells those that begin with it to do first. */
function triggersIn(stage: Stage | undefined): readonly Instruction[] {
  const triggers = stage?.instructions.filter(({ keyword }) => keyword === 'ONBUILD') ?? [];
  return triggers.map((trigger) => {
    const [, keyword = '', between = '', rest = ''] = /^(\S+)(\s*)(.*)$/s.exec(trigger.rest) ?? [];
    const offset = keyword.length + between.length;
    return {
      ...trigger,
      keyword: keyword.toUpperCase(),
      rest,
      positionOf: (at) => trigger.positionOf(offset + at),
      isTrigger: true,
    };
  });
}

function imageAt({ file }: Context, instruction: Instruction, origin: Word): ImagePlace {
  const place = { file, line: instruction.line };
  if (/[$"'\\`]/.test(origin.text) || origin.text === '') {
    throw dockerfileError(
      place,
      `the image "${origin.text}" cannot be told`,
      'Write its name plainly, or give it a stage: FROM image AS name.',
    );
  }
  if ('isTrigger' in instruction) {
    throw dockerfileError(
      place,
      `ONBUILD names the image "${origin.text}", which cannot be pinned`,
      'Give it a stage: FROM image AS name.',
    );
  }
  return { ...placeOf(instruction, origin), reference: origin.text, isBase: false };
}

function placeOf(
  instruction: Instruction,
  { text, at }: Word,
): { readonly start: number; readonly end: number } {
  return { start: instruction.positionOf(at), end: instruction.positionOf(at + text.length - 1) + 1 };
}

/** A later stage of the same name hides an earlier one. */
function stageNamed(stages: readonly Stage[], name: string): number | undefined {
  const at = stages.findLastIndex((stage) => stage.name === name.toLowerCase());
  return at === -1 ? undefined : at;
}

/** `COPY --from` and mounts know stages by number too. */
function originStage(stages: readonly Stage[], at: number, text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) < at ? Number(text) : undefined;
  return stageNamed(stages, text);
}
