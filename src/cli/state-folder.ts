import { mkdir, mkdtempDisposable, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf, PreheatError } from '../kernel/failure.ts';
import { replaceFile } from './replace-file.ts';
import { isAlive, pidNamespace } from './run-identity.ts';

const RECORDS = ['event', 'config', 'base', 'facts', 'plan', 'step-result', 'image', 'publication'] as const;
const REPORTS = ['outcome.json', 'preheat.env', 'report.html', 'test-results/preheat.xml'] as const;

/** The records of a run, by the names of their files. */
export type RecordName = (typeof RECORDS)[number];
/** What people and the next script line read. */
export type ReportName = (typeof REPORTS)[number];

/** The folder in which a run leaves its records and reports. */
export interface StateFolder {
  readonly directory: string;
  /** Writes a report whole or not at all. */
  write(name: ReportName, content: string): Promise<void>;
  /** Writes a record under `records/`. */
  writeRecord(name: RecordName, record: unknown): Promise<void>;
  /** A folder for bytes on their way; it goes when it is disposed of. */
  temporaryFolder(name: string): Promise<AsyncDisposable & { readonly path: string }>;
}

/**
 * Opens (and makes) a state folder, without what an earlier run told: `preheat.env` of yesterday must not speak
 * for a run
 * of today that was killed. A folder that was not there or was empty ignores itself in git, so that a clone stays clean
 * around it; into a folder of someone's own no `.gitignore` is put, since it would hide their files.
 *
 * It, and what writes there, throws a `PreheatError` of phase `build` where the disk or its rights do not allow it.
 */
export async function openStateFolder(directory: string): Promise<StateFolder> {
  const recordPath = (name: RecordName): string => join(directory, 'records', `${name}.json`);
  await writing(`the state folder ${directory}`, async () => {
    await makeFolder(directory);
    if ((await readdir(directory)).length === 0) await replaceFile(join(directory, '.gitignore'), '*\n');
    await mkdir(join(directory, 'records'), { recursive: true });
    const earlier = [...RECORDS.map(recordPath), ...REPORTS.map((name) => join(directory, name))];
    for (const path of earlier) await rm(path, { force: true });
    await removeLeftovers(directory);
  });
  const write = async (path: string, content: string): Promise<void> => {
    await writing(path, async () => {
      await mkdir(dirname(path), { recursive: true });
      await replaceFile(path, content);
    });
  };
  return {
    directory,
    write: (name, content) => write(join(directory, name), content),
    writeRecord: (name, record) => write(recordPath(name), `${JSON.stringify(record, null, 2)}\n`),
    temporaryFolder: (name) =>
      writing(join(directory, name), () =>
        mkdtempDisposable(join(directory, `${name}.${pidNamespace()}.${process.pid}-`)),
      ),
  };
}

/** Made one by one where that will do: of a file system that is read-only Node tells, when it makes several, ENOENT. */
async function makeFolder(directory: string): Promise<void> {
  try {
    await mkdir(directory);
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    if (code === 'ENOENT') await mkdir(directory, { recursive: true });
    else if (code !== 'EEXIST') throw thrown;
  }
}

/**
 * Temporary folders of runs that were killed. Runs in several containers may share a state folder; of theirs nobody here
 * can tell whether they go on. A program with a dead run's number is taken for the run itself.
 */
async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const [, namespace, pid] = /^[a-z]+\.(\d+)\.(\d+)-[A-Za-z0-9]{6}$/.exec(name) ?? [];
    if (Number(namespace) === pidNamespace() && !isAlive(Number(pid)))
      await rm(join(directory, name), { recursive: true, force: true });
  }
}

async function writing<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw new PreheatError(`cannot write ${what}: ${messageOf(thrown)}`, {
      phase: 'build',
      hint: 'Make it writable, with space on its disk, or name another folder with --state.',
      cause: thrown,
    });
  }
}
