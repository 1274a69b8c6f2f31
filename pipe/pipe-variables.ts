/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Pipe variables → options. They have the same names; only lists differ: Pipelines hands `X: ['a', 'b']` over as
 * `X_COUNT=2`, `X_0=a`, `X_1=b` (https://support.atlassian.com/bitbucket-cloud/docs/advanced-techniques-for-writing-pipes/),
 * options take `a,b`. A count without all of its items is no list: `BITBUCKET_PARALLEL_STEP_COUNT` stands beside a
 * `BITBUCKET_PARALLEL_STEP` of its own.
 */
export function optionsFromPipeVariables(variables: Variables): Variables {
  const lists = Object.keys(variables).flatMap((name) => {
    const list = /^(?<list>[A-Z_]+)_COUNT$/.exec(name)?.groups?.['list'];
    const count = Number(variables[name]);
    if (list === undefined || !Number.isInteger(count) || count < 1 || count > 1000) return [];
    const items = Array.from({ length: count }, (_, index) => variables[`${list}_${index}`]);
    return items.includes(undefined) ? [] : [[list, items.join(',')] as const];
  });
  return { ...variables, ...Object.fromEntries(lists) };
}
