import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importRoot, inFolder, tarOf } from './import-root.mjs';
import { run } from './run.mjs';

/** @typedef {import('./engine-api.mjs').Engine} Engine */

/**
 * An image of one static program under its many names.
 * @param {Engine} engine
 * @param {string} name of the image
 */
export async function makeBusybox(engine, name) {
  await inFolder(async (folder) => {
    await run('apt-get', ['download', 'busybox-static'], { cwd: folder });
    const file = readdirSync(folder).find((name) => name.endsWith('.deb')) ?? '';
    await run('dpkg-deb', ['-x', join(folder, file), join(folder, 'package')]);
    const root = join(folder, 'root');
    await layBusyboxRoot(join(folder, 'package/bin/busybox'), root);
    await importRoot(engine, name, tarOf(['-C', root, '-cf', '-', '.']), ['CMD ["sh"]']);
  });
}

/**
 * @param {string} program
 * @param {string} root
 */
async function layBusyboxRoot(program, root) {
  ['bin', 'etc', 'home', 'root', 'usr', 'var'].forEach((name) =>
    mkdirSync(join(root, name), { recursive: true }),
  );
  mkdirSync(join(root, 'tmp'));
  await run('chmod', ['1777', join(root, 'tmp')]);
  await run('cp', [program, join(root, 'bin/busybox')]);
  const applets = (await run(program, ['--list']))
    .split('\n')
    .filter((name) => name !== '' && name !== 'busybox');
  applets.forEach((name) => symlinkSync('busybox', join(root, 'bin', name)));
  writeFileSync(
    join(root, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
  );
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnobody:x:65534:\n');
}
