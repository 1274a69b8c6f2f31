import { readFile } from 'node:fs/promises';
import { arch, platform as hostSystem } from 'node:os';
import { basename } from 'node:path/posix';
import type { Tool, Toolbox } from '../../build/toolbox.ts';
import { messageOf, PreheatError } from '../../kernel/failure.ts';
import { formatPlatform, platformMatches, type Platform } from '../../oci/platform.ts';
import type { TarEntry } from '../../oci/tar-entry.ts';
import { tarOf } from '../../oci/tar-writer.ts';
import { elfInterpreterOf } from './elf-interpreter.ts';
import { parseLoaderListing } from './loader-listing.ts';
import { waitingProgram } from './waiting-program.ts';

const TOOLS = ['tar', 'find', 'cat', 'sleep'] as const satisfies readonly Tool[];
type CollectedTool = (typeof TOOLS)[number];
const FOLDERS = ['/usr/bin', '/bin'] as const;

/** What `--version` begins with: BusyBox has programs of the same names that lack what we need. */
const GNU: Readonly<Record<CollectedTool, string>> = {
  tar: 'tar (GNU tar)',
  find: 'find (GNU findutils)',
  cat: 'cat (GNU coreutils)',
  sleep: 'sleep (GNU coreutils)',
};

/** Processors in the words of Node and of the image-spec. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** The port's `TOOLBOX_ROOT` (stages give adapters types only); a test holds the two together. */
const ROOT = '/run/preheat';
const LOADER = `${ROOT}/ld.so`;
const LIBRARIES = `${ROOT}/lib`;
const BINARIES = `${ROOT}/bin`;
const WAIT = `${BINARIES}/wait`;
/** The port's `LISTED_LAST`. */
const LAST = `${ROOT}/end/last`;

/** Creates the toolbox out of this machine's own programs: GNU/Linux on the machine's own processor only. */
export function createHostToolbox(): Toolbox {
  let collected: Promise<readonly CollectedFile[]> | undefined;
  return {
    async pack(wanted, { signal }) {
      checkPlatform(wanted);
      collected ??= collect(signal).catch((thrown: unknown) => {
        collected = undefined;
        throw thrown;
      });
      return tarOf((await collected).map((file) => entryOf(file)));
    },
    command: (tool) =>
      tool === 'wait' ? [WAIT] : [LOADER, '--library-path', LIBRARIES, `${BINARIES}/${tool}`],
  };
}

interface CollectedFile {
  /** Absolute path in the container. */
  readonly path: string;
  readonly content: Uint8Array;
}

function checkPlatform(wanted: Platform): void {
  const own = { os: hostSystem(), architecture: ARCHITECTURES[arch()] ?? arch() };
  if (own.os === 'linux' && platformMatches(own, wanted)) return;
  throw new PreheatError(
    `cannot run tasks for ${formatPlatform(wanted)}: this machine is ${formatPlatform(own)}`,
    { phase: 'build', hint: `Run the build on a Linux machine whose processor is ${wanted.architecture}.` },
  );
}

async function collect(signal: AbortSignal): Promise<readonly CollectedFile[]> {
  try {
    const programs = await Promise.all(TOOLS.map((tool) => readTool(tool, signal)));
    const loader = onlyOne(programs.map(({ interpreter }) => interpreter));
    const listings = await Promise.all(programs.map(({ path }) => librariesOf(loader, path, signal)));
    const libraries = new Map(listings.flat().map(({ name, path }) => [name, path]));
    return [
      { path: WAIT, content: ownWaitingProgram() },
      { path: LAST, content: new Uint8Array() },
      { path: LOADER, content: await readFile(loader, { signal }) },
      ...programs.map(({ tool, content }) => ({ path: `${BINARIES}/${tool}`, content })),
      ...(await Promise.all(
        [...libraries].map(async ([name, path]) => ({
          path: `${LIBRARIES}/${basename(name)}`,
          content: await readFile(path, { signal }),
        })),
      )),
    ];
  } catch (thrown) {
    signal.throwIfAborted();
    throw new PreheatError(`cannot collect the programs for the task container: ${messageOf(thrown)}`, {
      phase: 'build',
      hint: 'Run preheat where GNU tar, findutils and coreutils are installed, such as the pipe’s image or Debian.',
      cause: thrown,
    });
  }
}

function ownWaitingProgram(): Uint8Array {
  const program = waitingProgram(ARCHITECTURES[arch()] ?? arch());
  if (program === undefined) throw new RangeError(`processors of kind ${arch()} are not served`);
  return program;
}

async function readTool(tool: CollectedTool, signal: AbortSignal) {
  const path = await findTool(tool, signal);
  const content = await readFile(path, { signal });
  const interpreter = elfInterpreterOf(content);
  if (interpreter === undefined || !basename(interpreter).startsWith('ld-linux')) {
    throw new RangeError(`${path} does not use the GNU C library`);
  }
  return { tool, path, content, interpreter };
}

async function findTool(tool: CollectedTool, signal: AbortSignal): Promise<string> {
  const { execa } = await import('execa');
  for (const folder of FOLDERS) {
    const path = `${folder}/${tool}`;
    const { stdout, failed } = await execa(path, ['--version'], {
      reject: false,
      cancelSignal: signal,
      stdin: 'ignore',
    });
    if (!failed && stdout.startsWith(GNU[tool])) return path;
  }
  throw new RangeError(`there is no GNU ${tool} in ${FOLDERS.join(' or ')}`);
}

async function librariesOf(loader: string, program: string, signal: AbortSignal) {
  const { execa } = await import('execa');
  const { stdout } = await execa(loader, ['--list', program], { cancelSignal: signal, stdin: 'ignore' });
  return parseLoaderListing(stdout);
}

function onlyOne(values: readonly string[]): string {
  const [first, ...others] = new Set(values);
  if (first === undefined || others.length > 0)
    throw new RangeError(`programs use several loaders: ${values.join(', ')}`);
  return first;
}

function entryOf({ path, content }: CollectedFile): TarEntry {
  return {
    path: path.slice(1),
    kind: 'file',
    mode: 0o755,
    uid: 0,
    gid: 0,
    mtime: 0,
    size: content.byteLength,
    open: async function* open() {
      yield content;
    },
  };
}
