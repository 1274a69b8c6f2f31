import assert from 'node:assert/strict';
import { PreheatError } from '../../src/kernel/failure.ts';
import { OPTION_ROWS, Settings } from '../../src/cli/option-table.ts';
import { variableOf } from '../../src/cli/variable-of.ts';
import { readSettings } from '../../src/cli/read-settings.ts';

describe('settings', () => {
  it('come from options, then from the environment, then from defaults', () => {
    assert.equal(readSettings('build', { historyDepth: '7' }, { HISTORY_DEPTH: '9' })['history-depth'], 7);
    assert.equal(readSettings('build', {}, { HISTORY_DEPTH: '9' })['history-depth'], 9);
    assert.equal(readSettings('build', {}, {})['history-depth'], 50);
  });

  it('take an empty variable for one that is not set', () => {
    const empty = Object.fromEntries(OPTION_ROWS.map(({ name }) => [variableOf(name), '']));
    assert.deepEqual(readSettings('build', {}, empty), readSettings('build', {}, {}));
  });

  it('leave alone the variables of options that the command does not have', () => {
    assert.equal(
      readSettings('build', {}, { STRICT: 'perhaps', WORKSPACE_NAME: 'x' })['workspace-name'],
      undefined,
    );
  });

  for (const [text, expected] of [
    ['true', true],
    ['TRUE', true],
    ['1', true],
    ['yes', true],
    ['false', false],
    ['0', false],
    ['off', false],
  ] as const) {
    it(`read ${text} of a switch as ${expected}`, () => {
      assert.equal(readSettings('build', {}, { JSON: text }).json, expected);
    });
  }

  it('split lists of names and drop what is empty', () => {
    const { 'protected-branches': names } = readSettings('build', {}, { PROTECTED_BRANCHES: ' a, b/c ,,' });
    assert.deepEqual(names, ['a', 'b/c']);
  });

  it('name everything that is wrong at once, with both of its names', () => {
    assert.throws(
      () => readSettings('build', { platform: 'x' }, { HISTORY_DEPTH: '0', BITBUCKET_API: 'nowhere' }),
      (thrown) =>
        thrown instanceof PreheatError &&
        thrown.code === 'usage' &&
        /--platform \(PLATFORM\)/.test(thrown.message) &&
        /--history-depth \(HISTORY_DEPTH\)/.test(thrown.message) &&
        /--bitbucket-api \(BITBUCKET_API\)/.test(thrown.message),
    );
  });

  it('are told by the pipe as its variables, with what is wrong with its own', () => {
    const environment = { PLATFORM: 'x', LFS: 'some' };
    const problems = ['COMMAND: no such command'];
    assert.throws(
      () => readSettings('build', {}, environment, { problems }),
      (thrown) =>
        thrown instanceof PreheatError &&
        /^cannot read the variables: 3 are wrong\n {2}COMMAND: no such command\n {2}PLATFORM: .*\n {2}LFS: /.test(
          thrown.message,
        ) &&
        !thrown.message.includes('--'),
    );
    assert.throws(() => readSettings('build', {}, {}, { problems }), /one is wrong\n {2}COMMAND: /);
    assert.deepEqual(readSettings('build', {}, {}, { problems: [] }), readSettings('build', {}, {}));
  });

  for (const [given, needed] of [
    ['REGISTRY_USERNAME', 'REGISTRY_PASSWORD'],
    ['REGISTRY_PASSWORD', 'REGISTRY_USERNAME'],
    ['BITBUCKET_EMAIL', 'BITBUCKET_API_TOKEN'],
    ['BITBUCKET_API_TOKEN', 'BITBUCKET_EMAIL'],
    ['BITBUCKET_APP_PASSWORD', 'BITBUCKET_USERNAME'],
    ['GCP_SERVICE_ACCOUNT', 'GCP_WORKLOAD_IDENTITY_PROVIDER'],
  ] as const) {
    it(`need ${needed} beside ${given}, told with everything else and without its value`, () => {
      const value = 'preheat@example.iam.gserviceaccount.com';
      assert.throws(
        () => readSettings('build', {}, { [given]: value, HISTORY_DEPTH: 'deep' }),
        (thrown) =>
          thrown instanceof PreheatError &&
          thrown.message.includes(`(${needed}): is missing`) &&
          thrown.message.includes('(HISTORY_DEPTH)') &&
          !thrown.message.includes(value),
      );
    });
  }

  it('take half of a pair that the command has no use for', () => {
    assert.equal(
      readSettings('plan', {}, { BITBUCKET_EMAIL: 'a@example.org' })['bitbucket-email'],
      undefined,
    );
  });

  for (const [name, good, bad] of [
    [
      'AWS_OIDC_ROLE_ARN',
      ['arn:aws:iam::123456789012:role/a/b+c', 'arn:aws-us-gov:iam::123456789012:role/x'],
      [
        'preheat',
        'arn:aws:iam::123:role/x',
        'arn:aws:iam::123456789012:user/x',
        'arn:aws:iam::123456789012:role/a b',
      ],
    ],
    [
      'GCP_SERVICE_ACCOUNT',
      ['preheat@example.iam.gserviceaccount.com', '123-compute@developer.gserviceaccount.com'],
      [
        'preheat',
        'preheat@example.org',
        'a/../b@example.iam.gserviceaccount.com',
        'a:b@x.gserviceaccount.com',
      ],
    ],
  ] as const) {
    const provider = 'projects/1/locations/global/workloadIdentityPools/pool/providers/prov';
    const reading = (value: string) => () =>
      readSettings('build', {}, { [name]: value, GCP_WORKLOAD_IDENTITY_PROVIDER: provider });
    it(`know what ${name} looks like`, () => {
      for (const value of good) assert.doesNotThrow(reading(value), value);
      for (const value of bad) assert.throws(reading(value), /is not of the form/, value);
    });
  }

  it('do not repeat a password that someone put into the address of the registry', () => {
    for (const registry of ['https://me:s3cret@host.example/x', 'me:s3cret@host.example/x']) {
      assert.throws(
        () => readSettings('build', { registry }, {}),
        (thrown) =>
          thrown instanceof PreheatError &&
          thrown.message.includes('host.example') &&
          !thrown.message.includes('s3cret'),
      );
    }
  });
});

describe('the option table', () => {
  it('has one row for each setting, and no name twice', () => {
    const names = OPTION_ROWS.map(({ name }) => name);
    assert.deepEqual(names.toSorted(), Object.keys(Settings.shape).toSorted());
  });

  it('takes every secret from the environment only', () => {
    for (const { name, environmentOnly } of OPTION_ROWS) {
      if (/password|token/.test(name)) assert.equal(environmentOnly, true, name);
    }
  });
});
