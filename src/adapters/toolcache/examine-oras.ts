import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { OrasExaminer } from '../../doctor/oras-examiner.ts';
import { orasVersion, provideOras, type ProvideOrasOptions } from './oras.ts';

export interface ExamineOrasOptions extends Omit<ProvideOrasOptions, 'signal'> {
  /** `PATH`. */
  readonly searchPath: string;
}

/** The doctor's examiner of oras, which is found as builds find it. */
export function createOrasExaminer({ searchPath, ...options }: ExamineOrasOptions): OrasExaminer {
  return {
    async find({ signal }) {
      const program = await provideOras({ ...options, signal });
      const version = (await orasVersion(program, signal)) ?? 'unknown';
      if (isAbsolute(program)) return { program, version, isInstalled: program === options.program };
      return { program: await pathOf(program, searchPath), version, isInstalled: true };
    },
  };
}

/** Where a program stands that is started by its bare name. */
async function pathOf(program: string, searchPath: string): Promise<string> {
  for (const folder of searchPath.split(delimiter)) {
    const path = join(folder, program);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return program;
}
