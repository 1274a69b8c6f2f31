import { mkdir, mkdtempDisposable, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder in which a run leaves its records and reports. */
export interface StateFolder {
  readonly directory: string;
  /** Writes a file whole or not at all; returns its path. */
  write(name: string, content: string): Promise<string>;
  /** Writes a record under `records/`. */
  writeRecord(name: string, record: unknown): Promise<void>;
  /** A folder for bytes on their way; it goes when it is disposed of. */
  temporaryFolder(name: string): Promise<AsyncDisposable & { readonly path: string }>;
}

/** Opens (and makes) a state folder. It ignores itself in git, so that a clone stays clean around it. */
export async function openStateFolder(directory: string): Promise<StateFolder> {
  await mkdir(join(directory, 'records'), { recursive: true });
  const write = async (name: string, content: string): Promise<string> => {
    const path = join(directory, name);
    const partial = `${path}.${process.pid}.partial`;
    await writeFile(partial, content);
    await rename(partial, path);
    return path;
  };
  await write('.gitignore', '*\n');
  return {
    directory,
    write,
    writeRecord: async (name, record) => {
      await write(join('records', `${name}.json`), `${JSON.stringify(record, null, 2)}\n`);
    },
    temporaryFolder: (name) => mkdtempDisposable(join(directory, `${name}-`)),
  };
}
