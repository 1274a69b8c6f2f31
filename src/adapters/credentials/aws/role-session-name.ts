const LONGEST = 64;

/**
 * The name under which AWS's logs show who assumed a role, such as `preheat-app-7`: 2 to 64 characters of
 * `[\w+=,.@-]` (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html). `parts` come from
 * the pipeline and may hold anything; absent ones are left out.
 */
export function roleSessionName(parts: readonly (string | undefined)[]): string {
  const given = parts.filter((part) => part !== undefined && part !== '');
  return ['preheat', ...given]
    .join('-')
    .replaceAll(/[^\w+=,.@-]+/g, '-')
    .slice(0, LONGEST);
}
