import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { execa } from 'execa';
import { asRoot } from '../support/as-root.ts';
import { homeFolder } from '../../src/cli/home-folder.ts';

const MODULE = new URL('../../src/cli/home-folder.ts', import.meta.url).href;
const PRINT = `import('${MODULE}').then(({ homeFolder }) => console.log(homeFolder()))`;

describe('homeFolder', () => {
  it('is the home that the system knows', () => {
    assert.equal(homeFolder(), homedir());
  });

  it(
    'is a folder that nobody can make where the user is unknown to the system',
    asRoot(async () => {
      const node = [process.execPath, '--input-type=module', '--eval', PRINT];
      const { stdout } = await execa('setpriv', ['--reuid=4343', '--clear-groups', ...node], {
        env: { PATH: process.env['PATH'] ?? '' },
        extendEnv: false,
        cwd: '/',
      });
      assert.equal(stdout, '/nonexistent');
    }),
  );
});
