import type { WorkspaceConfig } from '../../src/config/workspace-config.ts';
import { EVERYTHING, type Part, type Recipe } from '../dockerfile.ts';
import { INSTALL_COMMANDS } from './install-commands.ts';

/** What a Dockerfile does that is equal to a `.gitpod.yml`: `base` are its first lines, `paths` the tracked files. */
export function ownRecipe(config: WorkspaceConfig, base: string, paths: ReadonlySet<string>): Recipe {
  const environment = Object.entries(config.env).map(([name, value]) => `ENV ${name}=${quoted(value)}`);
  const init = config.tasks
    .flatMap((task) => [task.before, task.init, task.prebuild])
    .filter((text) => text !== undefined)
    .map((text) => text.trim())
    .join('\n');
  const parts = config.checkoutLocation === config.workspaceLocation ? partsOf(init, paths) : undefined;
  const folder = config.checkoutLocation;
  const inFolder = config.workspaceLocation === folder ? init : `cd ${config.workspaceLocation}\n${init}`;
  return {
    base: [base.trimEnd(), ...environment].join('\n'),
    folder,
    init: inFolder,
    ...(parts !== undefined && { parts }),
  };
}

/** The first command apart from the rest, where it is known what it reads. */
function partsOf(init: string, paths: ReadonlySet<string>): readonly Part[] | undefined {
  const [first = '', ...rest] = init.split(/\n|&&/).map((command) => command.trim());
  const install = INSTALL_COMMANDS.find(({ pattern }) => pattern.test(first));
  if (install === undefined || !install.reads.every((path) => paths.has(path))) return undefined;
  const later = rest.length === 0 ? [] : [{ copies: [EVERYTHING], run: rest.join('\n') }];
  return [{ copies: [`${install.reads.join(' ')} ./`], run: first }, ...later];
}

function quoted(value: string): string {
  return JSON.stringify(value).replaceAll('$', '\\$');
}
