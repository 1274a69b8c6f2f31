import { readdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_FILE_NAMES, DEVCONTAINER_FOLDER, nestedConfigPaths } from '../config/config-file.ts';
import { starterFile } from '../config/starter/starter-file.ts';
import { messageOf, PreheatError } from '../kernel/failure.ts';
import type { CommandResult } from './build-command.ts';
import { cloneFolderOf } from './folders.ts';
import { lookAround } from './look-around.ts';
import type { Session } from './session.ts';

/**
 * `preheat init`: writes a first `.gitpod.yml` that fits the repository, and shows it. Throws a `PreheatError` of phase
 * `config` where a configuration is there already, or where it cannot be written; what is there is never changed.
 */
export async function initCommand(session: Session): Promise<CommandResult> {
  const { settings, stdout, signal } = session;
  const folder = cloneFolderOf(session);
  const nested = nestedConfigPaths(await readdir(join(folder, DEVCONTAINER_FOLDER)).catch(() => []));
  const there = [...CONFIG_FILE_NAMES, ...nested].find((name) => existsSync(join(folder, name)));
  if (there !== undefined) throw alreadyThere(join(folder, there));
  const image = settings['base-image'];
  const starter = starterFile(await lookAround(folder, { signal }), {
    ...(image !== undefined && { image }),
  });
  const file = join(folder, CONFIG_FILE_NAMES[0]);
  await writeNew(file, starter.text);
  const told = settings.json
    ? `${JSON.stringify({ schemaVersion: 1, file, kinds: starter.kinds, text: starter.text })}\n`
    : starter.text;
  stdout.write(told);
  return { exitCode: 0, lines: [`wrote ${file}; read it and commit it`] };
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') throw alreadyThere(file);
    throw new PreheatError(`cannot write ${file}: ${messageOf(thrown)}`, {
      phase: 'config',
      hint: 'Run it where you may write, or name the repository with --repository.',
      cause: thrown,
    });
  }
}

function alreadyThere(file: string): PreheatError {
  return new PreheatError(`cannot write a first configuration: ${file} is there already`, {
    phase: 'config',
    hint: 'Check it with "preheat validate", or move it away first.',
  });
}
