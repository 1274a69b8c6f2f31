import { PreheatError } from '../kernel/failure.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Container, ExecSpec } from './engine.ts';

const LONGEST_COMPLAINT = 4096;

/**
 * What is set for our own programs: an image's preloaded libraries may not fit our loader, its options for tar
 * (`--exclude`) would thin out what we capture; messages come in English.
 */
const PLAIN_ENVIRONMENT = {
  LD_PRELOAD: '',
  LD_LIBRARY_PATH: '',
  LD_AUDIT: '',
  LC_ALL: 'C',
  BASH_ENV: '',
  TAR_OPTIONS: '',
};

/** One of our own programs in a container. Its standard output must be read before its end is asked for. */
export interface RunningTool {
  readonly stdout: AsyncIterable<Uint8Array>;
  /** Its exit code, and the first 4 KiB of what it said on its standard error. */
  readonly end: Promise<{ readonly exitCode: number; readonly complaint: string }>;
  /** Resolves when it ended with 0; else throws a `PreheatError` of phase `build`: `cannot <action>: <complaint>`. */
  succeeded(action: string): Promise<void>;
  /** As {@link succeeded}, for GNU tar with `--totals`: also that all bytes arrived that it says to have written. */
  arrivedWhole(action: string): Promise<void>;
}

/** Starts a program as root, apart from the tasks' environment. */
export async function runTool(
  container: Container,
  spec: Pick<ExecSpec, 'command' | 'user'>,
  options: CallOptions,
): Promise<RunningTool> {
  const execution = await container.exec(
    { user: '0:0', workingDirectory: '/', env: PLAIN_ENVIRONMENT, ...spec },
    options,
  );
  const end = Promise.all([firstText(execution.stderr), execution.exitCode]).then(
    ([complaint, exitCode]) => ({
      exitCode,
      complaint,
    }),
  );
  // Whoever stops reading early has a failure of his own to tell; this one would then be nobody's.
  end.catch(() => undefined);
  let bytes = 0;
  const succeeded = async (action: string): Promise<string> => {
    const { exitCode, complaint } = await end;
    if (exitCode !== 0) throw toolFailure(action, exitCode, complaint);
    return complaint;
  };
  return {
    stdout: counting(execution.stdout, (count) => (bytes += count)),
    end,
    succeeded: async (action) => void (await succeeded(action)),
    async arrivedWhole(action) {
      const [, written] = TOTALS.exec(await succeeded(action)) ?? [];
      if (Number(written) !== bytes) throw brokenOff(action);
    },
  };
}

/** The end of what tar says (GNU tar, "--totals"); it goes through the same connection, after the archive. */
const TOTALS = /^Total bytes written: (\d+) /m;

async function* counting(
  chunks: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    count(chunk.length);
    yield chunk;
  }
}

/** The failure of a tool that ended well while its output did not arrive whole: a connection may end like a stream. */
export function brokenOff(action: string): PreheatError {
  return new PreheatError(`cannot ${action}: the connection to the engine broke off`, {
    phase: 'build',
    code: 'engine',
    hint: 'Check what lies between this machine and the engine, such as a tunnel or proxy, then run it again.',
    retryable: true,
  });
}

/** Runs a program whose output is small, and gives that output as latin1 text. */
export async function readTool(
  container: Container,
  spec: Pick<ExecSpec, 'command' | 'user'>,
  options: CallOptions,
): Promise<{ readonly output: string; readonly exitCode: number; readonly complaint: string }> {
  const tool = await runTool(container, spec, options);
  const chunks = await Array.fromAsync(tool.stdout);
  return { output: Buffer.concat(chunks).toString('latin1'), ...(await tool.end) };
}

function toolFailure(action: string, exitCode: number, complaint: string): PreheatError {
  const [firstLine = ''] = complaint.split('\n');
  // Why it was not started stands in its output, which has gone to whoever reads that; or its output broke off.
  const end =
    exitCode === 126 || exitCode === 127
      ? 'the engine could not run its program to the end'
      : `exit code ${exitCode}`;
  return new PreheatError(`cannot ${action}: ${firstLine || end}`, {
    phase: 'build',
    code: 'engine',
    hint: 'Run the build again with --debug; if it fails again, report it with its log.',
    cause: complaint,
  });
}

async function firstText(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) {
    if (text.length < LONGEST_COMPLAINT) text += Buffer.from(chunk).toString('utf8', 0, LONGEST_COMPLAINT);
  }
  return text.slice(0, LONGEST_COMPLAINT).trim();
}
