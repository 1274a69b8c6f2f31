/** https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token, `audience`. */
const PROVIDER =
  /^(?:(?:https:)?\/\/iam\.googleapis\.com\/)?(?<path>projects\/\d+\/locations\/global\/workloadIdentityPools\/[a-z0-9-]{4,32}\/providers\/[a-z0-9-]{4,32})$/;

/**
 * The full name of a workload identity provider, `//iam.googleapis.com/projects/…`, which may be written without its
 * beginning. Throws `RangeError` with the reason for anything else.
 */
export function parseWorkloadProvider(text: string): string {
  const path = PROVIDER.exec(text)?.groups?.['path'];
  if (path !== undefined) return `//iam.googleapis.com/${path}`;
  throw new RangeError(
    'is not of the form projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER (the number of the project, not its name)',
  );
}
