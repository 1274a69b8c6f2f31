import { makeProgramFolder, readManifest } from './program-folder.ts';

const PROGRAM = 'lib/cli/preheat.mjs';

/** The name on npm: `preheat` itself belongs to somebody else's program there. */
const NAME = '@preheat/cli';

/**
 * Makes the folder that is published on npm: the command without dependencies, so that `npx` has little to fetch and
 * nothing to build.
 */
export async function makeNpmPackage(folder: string): Promise<void> {
  const { version, description, license, engines } = await readManifest();
  const manifest = {
    name: NAME,
    version,
    description,
    license,
    keywords: ['bitbucket', 'bitbucket-pipelines', 'gitpod', 'prebuild', 'workspace', 'oci'],
    repository: { type: 'git', url: 'git+https://bitbucket.org/preheat/preheat-pipe.git' },
    type: 'module',
    bin: { preheat: PROGRAM },
    engines,
    publishConfig: { access: 'public' },
  };
  const files = ['README.md', 'CHANGELOG.md', 'docs/outcome.schema.json'];
  await makeProgramFolder({ folder, entry: 'src/cli/main.ts', program: PROGRAM, manifest, files });
}
