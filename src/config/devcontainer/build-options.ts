import { aboutKey, aboutValue, type Tell } from '../finding.ts';
import { quoted } from '../printable.ts';
import type { BaseSource } from '../workspace-config.ts';
import type { DevcontainerFile } from './devcontainer-file.ts';
import { answered, type KnownVariables } from './variables.ts';

type BuildOptions = Pick<Extract<BaseSource, { readonly kind: 'dockerfile' }>, 'args' | 'target'>;

/** It names another frontend to read the Dockerfile with: an image that nothing would pin. */
const FRONTEND = 'BUILDKIT_SYNTAX';

/** What `build.args` and `build.target` say of the build of a Dockerfile; absent where they say nothing. */
export function buildOptions(
  { args = {}, target = '' }: NonNullable<DevcontainerFile['build']> = {},
  known: KnownVariables,
  tell: Tell,
): BuildOptions {
  const values = Object.entries(args).map(([name, value]) => {
    checkName(name, tell);
    return [name, answered(value, ['build', 'args', name], known, tell)] as const;
  });
  const stage = answered(target, ['build', 'target'], known, tell);
  if (/[\u0000-\u0020\u007F]/.test(stage))
    tell(aboutValue('error', ['build', 'target'], `build.target: ${quoted(stage)} is no name of a stage`));
  return {
    ...(values.length > 0 && { args: Object.fromEntries(values) }),
    ...(stage !== '' && { target: stage }),
  };
}

function checkName(name: string, tell: Tell): void {
  const path = ['build', 'args', name];
  if (name === FRONTEND)
    tell(aboutKey('error', path, `build.args: ${FRONTEND} is refused`, 'name the frontend by "# syntax="'));
  else if (!/^[A-Za-z_]\w*$/.test(name))
    tell(aboutKey('error', path, `build.args: ${quoted(name)} is no name of an ARG`));
}
