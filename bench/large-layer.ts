// Builds and publishes an image whose task leaves 2 GiB, and one of 100,000 tracked files, and prints what memory that
// took: streams, never buffers. `layer` or `files` as an argument measures one of the two.
import { makeClone, type TestClone } from '../test/support/clone.ts';
import { manyFilesClone } from './subjects/many-files-clone.ts';
import { measureBuild, printBuild } from './measured-build.ts';

/** 768 MiB that do not compress, 1 GiB that does, and 100,000 small files of 256 MiB together. */
const TASK = `set -e
mkdir -p /opt/large/noise /opt/large/text /opt/large/small
for number in 1 2 3; do head -c 256M /dev/urandom > /opt/large/noise/$number; done
for number in 1 2 3 4; do seq 1 40000000 | head -c 256M > /opt/large/text/$number; done
perl -e 'for my $folder (0 .. 99) {
  mkdir "/opt/large/small/$folder";
  for my $file (0 .. 999) {
    open my $out, ">", "/opt/large/small/$folder/$file" or die;
    print $out "line of file $file in folder $folder\\n" x 70;
  }
}'
`;

async function largeLayerClone(image: string): Promise<TestClone> {
  return await makeClone({
    '.gitpod.yml': `image: ${image}\ntasks:\n  - init: bash large.sh\n`,
    'large.sh': TASK,
  });
}

const CASES = [
  { name: 'files', title: '100,000 tracked files', clone: manyFilesClone },
  { name: 'layer', title: 'a task that leaves 2 GiB', clone: largeLayerClone },
] as const;

const [only] = process.argv.slice(2);
for (const { name, title, clone } of CASES) {
  if (only !== undefined && only !== name) continue;
  if (!printBuild(title, await measureBuild(clone))) process.exitCode = 1;
}
