import { argumentsOf, flagOf, type Arguments } from './arguments.ts';
import { heredocOf } from './heredocs.ts';
import type { Instruction } from './instructions.ts';
import type { Word } from './words.ts';

/** What one instruction reads from outside its stage. */
export interface InstructionReads {
  /** Paths and patterns in the context; `everything` where they cannot be told. */
  readonly sources: readonly string[] | 'everything';
  /** Names or numbers of stages, or names of images, and where they are written. */
  readonly origins: readonly Word[];
  /** Why what it makes does not follow from its inputs. */
  readonly uncached?: string;
}

const NOTHING: InstructionReads = { sources: [], origins: [] };

/** Arguments that a build gets unasked (https://docs.docker.com/reference/dockerfile/#predefined-args) and no key covers. */
const PROXY = /^(?:http|https|ftp|no|all)_proxy(?==|$)/i;

/** Finds out what an instruction reads: `COPY`, `ADD`, the mounts of `RUN`, and proxies by `ARG`. */
export function instructionReads(
  instruction: Pick<Instruction, 'keyword' | 'rest' | 'escape'>,
): InstructionReads {
  const taken = argumentsOf(instruction);
  switch (instruction.keyword) {
    case 'COPY':
      return readsOfCopy(taken);
    case 'ADD':
      return readsOfAdd(taken);
    case 'ARG':
      return readsOfArgument(taken);
    case 'RUN':
      return joined(mountsOf(taken).map(readsOfMount));
    default:
      return NOTHING;
  }
}

function readsOfCopy(taken: Arguments): InstructionReads {
  const from = flagOf(taken, 'from');
  return from === undefined ? { sources: sourcesIn(taken), origins: [] } : { sources: [], origins: [from] };
}

function readsOfAdd(taken: Arguments): InstructionReads {
  const checksum = flagOf(taken, 'checksum')?.text ?? '';
  const isFixed = /^sha256:[0-9a-f]{64}$/.test(checksum);
  const isVague = (text: string): boolean => isRemote(text) || text.includes('$');
  const { words } = taken;
  const remote = words.slice(0, -1).find(({ text }) => isVague(text));
  const local = {
    ...taken,
    words: words.filter(({ text }, at) => at === words.length - 1 || !isRemote(text)),
  };
  const reads = { sources: sourcesIn(local), origins: [] };
  if (remote === undefined || (isFixed && isRemote(remote.text))) return reads;
  return { ...reads, uncached: `ADD ${remote.text} can give something else each time` };
}

/** Addresses and git repositories (https://docs.docker.com/reference/dockerfile/#source); too many rather than too few. */
function isRemote(text: string): boolean {
  return /^["']?(?:[a-z][a-z0-9+.-]*:\/\/|[\w.-]+@[\w.-]+:|github\.com\/)|\.git(?:#|["']?$)/i.test(text);
}

/** Without `ARG` a command has the proxies too, as a way out and no more; `ARG` is there to make something of them. */
function readsOfArgument({ words }: Arguments): InstructionReads {
  const [name] = words.flatMap(({ text }) => PROXY.exec(text)?.[0] ?? []);
  return name === undefined ? NOTHING : { ...NOTHING, uncached: `ARG ${name} is the proxy of this machine` };
}

function sourcesIn({ words, isJson }: Arguments): readonly string[] | 'everything' {
  const given = words
    .slice(0, -1)
    .map(({ text }) => text)
    .filter((text) => isJson || heredocOf(text) === undefined);
  // Variables, quotes and escapes: what they come to depends on the stage.
  const isVague = given.some((text) => (isJson ? /[$\\]/ : /[$"'\\`]/).test(text));
  return isVague ? 'everything' : given;
}

/** The fields of each `--mount`, and where the value of `from` stands. */
interface Mount {
  readonly fields: ReadonlyMap<string, string>;
  readonly from: Word | undefined;
}

function mountsOf({ flags }: Arguments): readonly Mount[] {
  return flags.filter(({ text }) => text.startsWith('--mount=')).map(mountOf);
}

function mountOf({ text, at }: Word): Mount {
  const fields = new Map<string, string>();
  let from: Word | undefined;
  let offset = '--mount='.length;
  for (const field of text.slice(offset).split(',')) {
    const [, lead = '', key = '', value = ''] = /^(["']*)([^=]*)=?(.*?)["']*$/s.exec(field) ?? [];
    fields.set(key.toLowerCase(), value);
    if (key.toLowerCase() === 'from') from = { text: value, at: at + offset + lead.length + key.length + 1 };
    offset += field.length + 1;
  }
  return { fields, from };
}

function readsOfMount({ fields, from }: Mount): InstructionReads {
  const type = fields.get('type') ?? 'bind';
  const origins = from === undefined ? [] : [from];
  if (type === 'secret' || type === 'ssh') {
    return { sources: [], origins, uncached: `RUN --mount=type=${type} reads what no key covers` };
  }
  if (type === 'tmpfs' || type === 'cache' || from !== undefined) return { sources: [], origins };
  const source = fields.get('source') ?? fields.get('src') ?? '/';
  // A mount takes no patterns, so what looks like one is a plain name.
  return { sources: /[$"'\\`*?[]/.test(source) ? 'everything' : [source], origins };
}

function joined(all: readonly InstructionReads[]): InstructionReads {
  const isEverything = all.some(({ sources }) => sources === 'everything');
  const uncached = all.find((reads) => reads.uncached !== undefined)?.uncached;
  return {
    sources: isEverything ? 'everything' : all.flatMap(({ sources }) => sources),
    origins: all.flatMap(({ origins }) => origins),
    ...(uncached !== undefined && { uncached }),
  };
}
