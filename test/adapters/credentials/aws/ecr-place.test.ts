import assert from 'node:assert/strict';
import { ecrPlaceOf } from '../../../../src/adapters/credentials/aws/ecr-place.ts';

const endpointsOf = (registry: string): readonly (string | undefined)[] => {
  const place = ecrPlaceOf(registry);
  return [place?.region, place?.sts, place?.ecr];
};

describe('the place of a registry of Amazon ECR', () => {
  for (const [registry, region, sts, ecr] of [
    [
      'dkr.ecr.eu-central-1.amazonaws.com',
      'eu-central-1',
      'sts.eu-central-1.amazonaws.com',
      'api.ecr.eu-central-1.amazonaws.com',
    ],
    [
      'dkr-ecr.eu-central-1.on.aws',
      'eu-central-1',
      'sts.eu-central-1.amazonaws.com',
      'api.ecr.eu-central-1.amazonaws.com',
    ],
    [
      'dkr.ecr.cn-north-1.amazonaws.com.cn',
      'cn-north-1',
      'sts.cn-north-1.amazonaws.com.cn',
      'api.ecr.cn-north-1.amazonaws.com.cn',
    ],
    [
      'dkr.ecr-fips.us-east-1.amazonaws.com',
      'us-east-1',
      'sts-fips.us-east-1.amazonaws.com',
      'ecr-fips.us-east-1.amazonaws.com',
    ],
    [
      'dkr-ecr-fips.us-east-1.on.aws',
      'us-east-1',
      'sts-fips.us-east-1.amazonaws.com',
      'ecr-fips.us-east-1.amazonaws.com',
    ],
    [
      'dkr.ecr-fips.us-gov-west-1.amazonaws.com',
      'us-gov-west-1',
      'sts.us-gov-west-1.amazonaws.com',
      'ecr-fips.us-gov-west-1.amazonaws.com',
    ],
    [
      'dkr.ecr.ap-southeast-2.amazonaws.com',
      'ap-southeast-2',
      'sts.ap-southeast-2.amazonaws.com',
      'api.ecr.ap-southeast-2.amazonaws.com',
    ],
  ] as const) {
    it(`${registry} is ${region}`, () => {
      assert.deepEqual(endpointsOf(`123456789012.${registry}`), [region, `https://${sts}`, `https://${ecr}`]);
    });
  }

  it('is the same for all accounts of a region, and another with FIPS', () => {
    const names = ['111111111111.dkr.ecr', '222222222222.dkr.ecr', '111111111111.dkr.ecr-fips'].map(
      (host) => ecrPlaceOf(`${host}.us-west-2.amazonaws.com`)?.name,
    );
    assert.equal(names[0], names[1]);
    assert.notEqual(names[0], names[2]);
  });

  it('has the endpoints that were given instead', () => {
    const endpoints = { sts: 'https://sts.example', ecr: 'https://ecr.example' };
    assert.partialDeepStrictEqual(
      ecrPlaceOf('123456789012.dkr.ecr.eu-west-1.amazonaws.com', endpoints),
      endpoints,
    );
  });

  for (const registry of [
    'docker.io',
    'public.ecr.aws',
    'dkr.ecr.eu-west-1.amazonaws.com',
    '12345678901.dkr.ecr.eu-west-1.amazonaws.com',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com:443',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com.example.com',
    'evil.123456789012.dkr.ecr.eu-west-1.amazonaws.com',
    '123456789012.dkr.ecr.evil.example/x.amazonaws.com',
    '123456789012.dkr.ecr.eu-west-1.amazonawsxcom',
  ]) {
    it(`is none for ${registry}`, () => assert.equal(ecrPlaceOf(registry), undefined));
  }
});
