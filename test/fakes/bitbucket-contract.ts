import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { z } from 'zod';

/** Atlassian's own description of the API, as far as requests can be held against it. */
export interface BitbucketContract {
  /** What is wrong with a request (`path` is below the base URL, without its query); empty where nothing is. */
  violationsOf(request: {
    readonly method: string;
    readonly path: string;
    readonly body: unknown;
  }): readonly string[];
  /** What is wrong with an answer's body. */
  answerViolationsOf(answer: AnsweredCall): readonly string[];
}

interface AnsweredCall {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body?: unknown;
}

const FILE = 'bitbucket-openapi.patched.json';

const JsonContent = z.object({
  content: z.object({ 'application/json': z.object({ schema: z.unknown() }) }),
});
const Operation = z.object({
  requestBody: z.union([JsonContent, z.object({ $ref: z.string() })]).optional(),
  responses: z.record(z.string(), z.unknown()),
});
type Operation = z.infer<typeof Operation>;
const Description = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.record(z.string(), z.unknown()),
});

let contract: BitbucketContract | undefined;
let isLoaded = false;

/**
 * Reads the description from the folder that `PREHEAT_CONTRACTS` names. Without the variable there is none, which is
 * said once at the end of all tests: the file is Atlassian's and cannot be part of this repository.
 */
export function bitbucketContract(): BitbucketContract | undefined {
  if (isLoaded) return contract;
  isLoaded = true;
  const folder = process.env['PREHEAT_CONTRACTS'];
  if (folder) contract = readContract(join(folder, FILE));
  return contract;
}

function readContract(file: string): BitbucketContract {
  const { paths, components } = Description.parse(JSON.parse(readFileSync(file, 'utf8')));
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  const compiled = new Map<string, ValidateFunction>();
  const check = (name: string, schema: unknown, value: unknown): readonly string[] => {
    // References are written from the root of the description, so that its components come with each schema.
    const validate = compiled.get(name) ?? ajv.compile({ components, allOf: [schema] });
    compiled.set(name, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      (error) => `${name}: ${error.instancePath || 'body'} ${error.message ?? ''}`,
    );
  };
  const find = (method: string, path: string): { name: string; operation: Operation } | undefined => {
    // A template without parameters is meant where one with them would match too.
    const templates = Object.keys(paths).toSorted((a, b) => a.split('{').length - b.split('{').length);
    const template = templates.find(
      (candidate) => matches(candidate, path) && paths[candidate]?.[method.toLowerCase()],
    );
    if (template === undefined) return undefined;
    const operation = Operation.parse(paths[template]?.[method.toLowerCase()]);
    return { name: `${method} ${template}`, operation };
  };
  return {
    violationsOf({ method, path, body }) {
      const found = find(method, path);
      if (found === undefined) return [`${method} ${path} is no operation of the API`];
      const { name, operation } = found;
      if (operation.requestBody === undefined) return body === undefined ? [] : [`${name} takes no body`];
      if (body === undefined) return [`${name} needs a body`];
      return check(name, requestSchema(operation.requestBody), body);
    },
    answerViolationsOf({ method, path, status, body }) {
      // The errors of Code Insights are not what is described, in truth.
      if (status >= 400 && /\/reports(?:\/|$)/.test(path)) return [];
      const found = find(method, path);
      const answer = JsonContent.safeParse(found?.operation.responses[status]);
      if (found === undefined || !answer.success) return [];
      return check(`${found.name} → ${status}`, answer.data.content['application/json'].schema, body);
    },
  };
}

function requestSchema(body: NonNullable<Operation['requestBody']>): unknown {
  return '$ref' in body
    ? { $ref: `${body.$ref}/content/application~1json/schema` }
    : body.content['application/json'].schema;
}

function matches(template: string, path: string): boolean {
  const given = path.split('/');
  const wanted = template.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => part.startsWith('{') || part === given[index])
  );
}
