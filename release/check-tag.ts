// Says whether a git tag is the version of these sources, under which Bitbucket looks for a pipe.
import { readManifest } from './program-folder.ts';

const [tag = ''] = process.argv.slice(2);
const { version } = await readManifest();
if (tag !== version) {
  console.error(`cannot release ${tag}: the sources are of version ${version}`);
  process.exitCode = 1;
}
