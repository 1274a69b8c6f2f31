import assert from 'node:assert/strict';
import { CA_BUNDLE_PATH, taskEnvironment } from '../../src/build/task-environment.ts';
import type { WorkspaceConfig } from '../../src/config/workspace-config.ts';

const CONFIG: WorkspaceConfig = {
  schemaVersion: 1,
  base: { kind: 'reference', reference: 'debian' },
  checkoutLocation: '/workspace/app',
  workspaceLocation: '/workspace/app/sub',
  env: { A: 'file', B: 'file', HOME: '/nowhere' },
  tasks: [],
  ports: [],
  extensions: [],
};
const USER = { name: 'gitpod', uid: 33333, gid: 33333, home: '/home/gitpod' };
const TASK = { name: 't', env: { B: 'task', C: 'task' } };

describe('taskEnvironment', () => {
  it('lets the task win over the file, and the account over both', () => {
    assert.deepEqual(taskEnvironment(CONFIG, TASK, USER, {}), {
      A: 'file',
      B: 'task',
      C: 'task',
      HOME: '/home/gitpod',
      USER: 'gitpod',
      TERM: 'xterm-256color',
      GITPOD_HEADLESS: 'true',
      GITPOD_REPO_ROOT: '/workspace/app',
      GITPOD_REPO_ROOTS: '/workspace/app',
      GITPOD_WORKSPACE_ID: 'app',
      GITPOD_INSTANCE_ID: 'app',
      GITPOD_WORKSPACE_URL: 'http://localhost',
      GITPOD_WORKSPACE_CLUSTER_HOST: 'localhost',
      GITPOD_HOST: 'http://localhost',
      THEIA_WORKSPACE_ROOT: '/workspace/app/sub',
    });
  });

  it('names all checkouts, that of whose configuration it is first', () => {
    const additionalRepositories = [{ url: 'u', checkoutLocation: '/workspace/lib' }];
    const roots = (config: Partial<typeof CONFIG>): unknown => {
      const env = taskEnvironment({ ...CONFIG, additionalRepositories, ...config }, TASK, USER, {});
      return [env['GITPOD_REPO_ROOT'], env['GITPOD_REPO_ROOTS']];
    };
    assert.deepEqual(roots({}), ['/workspace/app', '/workspace/app,/workspace/lib']);
    const mainCheckout = '/workspace/lib';
    assert.deepEqual(roots({ mainCheckout }), ['/workspace/lib', '/workspace/lib,/workspace/app']);
  });

  it('points every tool at the bundle only when there is one', () => {
    const env = taskEnvironment(CONFIG, TASK, USER, { caBundle: Buffer.from('pem') });
    assert.equal(Object.values(env).filter((value) => value === CA_BUNDLE_PATH).length, 7);
    assert.equal(env['NODE_EXTRA_CA_CERTS'], CA_BUNDLE_PATH);
  });

  it('lets secrets win over the file and its tasks', () => {
    const env = taskEnvironment(CONFIG, TASK, USER, { secrets: { A: 'secret', C: 'secret' } });
    assert.partialDeepStrictEqual(env, { A: 'secret', B: 'task', C: 'secret' });
  });

  it('sets proxies in both cases, and lets the file override them', () => {
    const config = { ...CONFIG, env: { no_proxy: 'mine' } };
    const env = taskEnvironment(config, TASK, USER, {
      proxies: { HTTP_PROXY: 'http://p', NO_PROXY: 'theirs' },
    });
    assert.equal(env['http_proxy'], 'http://p');
    assert.equal(env['HTTP_PROXY'], 'http://p');
    assert.equal(env['no_proxy'], 'mine');
  });
});
