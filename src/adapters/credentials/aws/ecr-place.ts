import type { RegistryPlace } from '../keyless-source.ts';

/** The private registries of Amazon ECR in one region; they take the same credentials. */
export interface EcrPlace extends RegistryPlace {
  readonly region: string;
  /** Base URLs of the APIs that hand the credentials out. */
  readonly sts: string;
  readonly ecr: string;
}

/** Base URLs that replace AWS's own (`AWS_ENDPOINT_URL_STS`, `AWS_ENDPOINT_URL_ECR`). */
export interface AwsEndpoints {
  readonly sts?: string;
  readonly ecr?: string;
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html */
const HOST =
  /^\d{12}\.dkr[.-]ecr(?<fips>-fips)?\.(?<region>[a-z]{2}(?:-[a-z]+)+-\d)\.(?:amazonaws\.com(?<china>\.cn)?|on\.aws)$/;

/**
 * Where the credentials for a registry of Amazon ECR come from; `undefined` for any other registry. Also dual-stack hosts
 * lead to the endpoints that answer over IPv4, since steps in Bitbucket's cloud have no IPv6
 * (https://docs.aws.amazon.com/general/latest/gr/ecr.html, https://docs.aws.amazon.com/general/latest/gr/sts.html).
 */
export function ecrPlaceOf(registry: string, endpoints: AwsEndpoints = {}): EcrPlace | undefined {
  const groups = HOST.exec(registry)?.groups;
  const region = groups?.['region'];
  if (region === undefined) return undefined;
  const isFips = groups?.['fips'] !== undefined;
  const suffix = `${region}.amazonaws.com${groups?.['china'] ?? ''}`;
  return {
    name: `Amazon ECR in ${region}${isFips ? ' (FIPS)' : ''}`,
    region,
    sts: endpoints.sts ?? `https://${stsName(region, isFips)}.${suffix}`,
    ecr: endpoints.ecr ?? `https://${isFips ? 'ecr-fips' : 'api.ecr'}.${suffix}`,
  };
}

/** GovCloud's only endpoints are validated for FIPS under their usual name. */
function stsName(region: string, isFips: boolean): string {
  return isFips && !region.startsWith('us-gov-') ? 'sts-fips' : 'sts';
}
