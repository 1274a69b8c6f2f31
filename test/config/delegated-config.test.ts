import assert from 'node:assert/strict';
import { delegatedConfig } from '../../src/config/delegated-config.ts';
import { readConfig } from '../../src/config/read-config.ts';

const PUSHED = {
  written: 'https://h/t/config',
  name: 'app',
  isPushed: (url: string) => url === 'https://h/t/app',
};

function delegated(text: string, pushed = PUSHED) {
  const { config } = readConfig(text, { repositoryName: 'config' });
  assert.ok(config);
  return delegatedConfig(config, pushed);
}

describe('delegatedConfig', () => {
  it('lays the pushed repository where the other file lists it, and the other repository beside it', () => {
    const { config, lines, overlapped } = delegated(
      'additionalRepositories: [{url: https://h/t/lib}, {url: https://h/t/app, checkoutLocation: services/app}]',
    );
    assert.partialDeepStrictEqual(config, {
      checkoutLocation: '/workspace/services/app',
      workspaceLocation: '/workspace/config',
      mainCheckout: '/workspace/config',
    });
    assert.deepEqual(config.additionalRepositories, [
      { url: 'https://h/t/config', checkoutLocation: '/workspace/config' },
      { url: 'https://h/t/lib', checkoutLocation: '/workspace/lib' },
    ]);
    assert.deepEqual([lines, overlapped], [[], undefined]);
  });

  it('lays it into a folder of its own name where the other file does not, and says so', () => {
    const { config, lines } = delegated('env: {}');
    assert.equal(config.checkoutLocation, '/workspace/app');
    assert.match(lines.join(), /does not list this repository, which is laid into \/workspace\/app$/);
  });

  it('lets no declaration of inputs count, whose paths are of the other repository', () => {
    const { config, lines } = delegated('tasks:\n  # preheat: inputs=package.json\n  - init: npm ci\n');
    assert.deepEqual(
      config.tasks.map(({ init, inputs }) => [init, inputs]),
      [['npm ci', undefined]],
    );
    assert.match(lines.join('\n'), /the inputs that its tasks declare are of its own repository/);
  });

  it('tells of a folder that two would share', () => {
    assert.equal(delegated('env: {}', { ...PUSHED, name: 'config' }).overlapped, '/workspace/config');
    const nested =
      'additionalRepositories: [{url: https://h/t/lib}, {url: https://h/t/app, checkoutLocation: lib/app}]';
    assert.equal(delegated(nested).overlapped, '/workspace/lib');
  });
});
