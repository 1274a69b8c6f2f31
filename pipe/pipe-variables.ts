/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Pipe variables → options. They have the same names; two things differ. Pipelines hands `X: ['a', 'b']` over as
 * `X_COUNT=2`, `X_0=a`, `X_1=b` (https://support.atlassian.com/bitbucket-cloud/docs/advanced-techniques-for-writing-pipes/),
 * where options take `a,b`; a count without all of its items is no list: `BITBUCKET_PARALLEL_STEP_COUNT` stands beside a
 * `BITBUCKET_PARALLEL_STEP` of its own. And a variable that the step does not have may come as its own name, `$X`, from
 * `X: $X` in the step or from a default of `pipe.yml`: then it is left out.
 */
export function optionsFromPipeVariables(variables: Variables): Variables {
  const lists = Object.keys(variables).flatMap((name) => {
    const list = /^(?<list>[A-Z_]+)_COUNT$/.exec(name)?.groups?.['list'];
    const count = Number(variables[name]);
    if (list === undefined || !Number.isInteger(count) || count < 1 || count > 1000) return [];
    const items = Array.from({ length: count }, (_, index) => variables[`${list}_${index}`]);
    return items.includes(undefined) ? [] : [[list, items.join(',')] as const];
  });
  const given = Object.entries(variables).filter(([name, value]) => !isUnset(name, value));
  return Object.fromEntries([...given, ...lists]);
}

function isUnset(name: string, value: string | undefined): boolean {
  return value === `$${name}` || value === `\${${name}}`;
}
