import assert from 'node:assert/strict';
import { CACHE_TOOLS, type Variables } from '../../../src/build/downloads/cache-tools.ts';
import { placeCache } from '../../../src/build/downloads/cache-place.ts';
import { toolOf } from './kept-downloads.ts';

const HOME = '/home/gitpod';

function place(name: string, ...tasks: readonly Variables[]): readonly string[] | string {
  const around = { tasks: tasks.length === 0 ? [{}] : tasks, home: HOME, checkoutLocation: '/workspace/app' };
  const found = placeCache(toolOf(name), around);
  return typeof found === 'string' ? found : found.folders;
}

describe('placeCache', () => {
  it('finds each tool’s own place in the home of the tasks', () => {
    const found = Object.fromEntries(CACHE_TOOLS.map(({ name }) => [name, place(name)]));
    const below = (...names: readonly string[]): readonly string[] => names.map((name) => `${HOME}/${name}`);
    assert.deepEqual(found, {
      npm: below('.npm/_cacache'),
      pip: below('.cache/pip/http', '.cache/pip/http-v2'),
      maven: below('.m2/repository'),
      gradle: below('.gradle/caches/modules-2', '.gradle/wrapper/dists'),
      go: below('go/pkg/mod/cache/download'),
      cargo: below('.cargo/registry/index', '.cargo/registry/cache', '.cargo/git/db'),
      yarn: below('.cache/yarn', '.yarn/berry/cache'),
      pnpm: below('.local/share/pnpm/store'),
    });
  });

  it('follows the variables of image, file and tasks', () => {
    const cases: readonly (readonly [string, Variables, readonly string[]])[] = [
      ['go', { GOPATH: '/go:/other' }, ['/go/pkg/mod/cache/download']],
      ['go', { GOPATH: '/go', GOMODCACHE: '/mod' }, ['/mod/cache/download']],
      ['cargo', { CARGO_HOME: '/c/' }, ['/c/registry/index', '/c/registry/cache', '/c/git/db']],
      ['gradle', { GRADLE_USER_HOME: '/g' }, ['/g/caches/modules-2', '/g/wrapper/dists']],
      ['pnpm', { PNPM_HOME: '/p' }, ['/p/store']],
      ['pnpm', { PNPM_HOME: '/p', NPM_CONFIG_STORE_DIR: '/s' }, ['/s']],
      ['yarn', { YARN_CACHE_FOLDER: '/y' }, ['/y']],
      ['yarn', { XDG_CACHE_HOME: '/x' }, ['/x/yarn', `${HOME}/.yarn/berry/cache`]],
      ['npm', { NPM_Config_Cache: '/root/.npm' }, ['/root/.npm/_cacache']],
      ['npm', { npm_config_cache: '' }, [`${HOME}/.npm/_cacache`]],
    ];
    for (const [name, variables, folders] of cases) assert.deepEqual(place(name, variables), folders, name);
  });

  it('places nothing that images would not leave out, or that is no part of them', () => {
    assert.match(
      String(place('npm', { npm_config_cache: '/opt/npm' })),
      /^images do not leave out \/opt\/npm/,
    );
    assert.match(
      String(place('pip', { XDG_CACHE_HOME: '/opt' })),
      /^images do not leave out \/opt\/pip\/http/,
    );
    assert.match(String(place('npm', { HOME: '/' })), /^images do not leave out \/\.npm/);
    assert.match(String(place('go', { GOMODCACHE: '/tmp/mod' })), /is no part of an image$/);
    assert.match(String(place('go', { GOMODCACHE: '/workspace/app/mod' })), /lies among the sources$/);
    assert.match(String(place('go', { GOMODCACHE: '~/mod' })), /is no absolute path$/);
    assert.match(String(place('yarn', { YARN_CACHE_FOLDER: '/' })), /is no absolute path$/);
    assert.match(String(place('go', { GOPATH: '/a' }, { GOPATH: '/b' })), /^its tasks do not agree/);
  });
});
