// Says whether a git tag names the version of these sources: `v` and the version of package.json.
import { readManifest } from './program-folder.ts';

const [tag = ''] = process.argv.slice(2);
const { version } = await readManifest();
if (tag !== `v${version}`) {
  console.error(`cannot release ${tag}: the sources are of version ${version}`);
  process.exitCode = 1;
}
