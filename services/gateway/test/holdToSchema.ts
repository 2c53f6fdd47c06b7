import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { PROBLEM_TYPE } from '../src/errors.ts';
import { problemAnswer } from '../src/wire/answers.ts';
import { fieldsTooMuch } from './fieldsTooMuch.ts';

type Content = Readonly<Record<string, { readonly schema: object }>>;
interface OpenApi {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly responses: Readonly<Record<string, { readonly content?: Content }>> }>>
    >
  >;
}

/** Of the first gateway of this process: routes are the same in all. */
let document: Promise<OpenApi> | undefined;
const checks = new Map<object, ReturnType<typeof Compile>>();
const problem = Compile(problemAnswer);

/**
 * Throws unless an answer of `/v1` is what the OpenAPI document says of its route, with no field that it does not name, or problem
 * details. So every test that asks for anything tests this, too.
 */
export async function holdToSchema(
  url: string,
  method: 'get' | 'post',
  path: string,
  { status, headers, body }: { readonly status: number; readonly headers: Headers; readonly body: object },
): Promise<void> {
  if (!path.startsWith('/v1/')) return;
  if (status !== 200) {
    const isProblem = headers.get('content-type')?.startsWith(PROBLEM_TYPE) === true;
    const faults = [...problem.Errors(body), ...fieldsTooMuch(problemAnswer, body)];
    if (!isProblem || faults.length > 0)
      throw new Error(`${method} ${path}: no problem details: ${JSON.stringify(faults)}`);
    return;
  }
  document ??= fetch(`${url}/openapi.json`).then((answer) => answer.json() as Promise<OpenApi>);
  const schema = schemaOf(await document, method, path.split('?')[0] ?? '');
  if (schema === undefined) throw new Error(`${method} ${path} is not in the OpenAPI document`);
  const check = checks.get(schema) ?? Compile(schema as TSchema);
  checks.set(schema, check);
  const faults = [...check.Errors(body), ...fieldsTooMuch(schema, body)];
  if (faults.length > 0) throw new Error(`${method} ${path} is not as its schema says: ${JSON.stringify(faults)}`);
}

function schemaOf({ paths }: OpenApi, method: string, path: string): object | undefined {
  const asked = path.split('/');
  const route = Object.keys(paths).find((template) => {
    const parts = template.split('/');
    return parts.length === asked.length && parts.every((part, at) => part.startsWith('{') || part === asked[at]);
  });
  return route === undefined
    ? undefined
    : paths[route]?.[method]?.responses['200']?.content?.['application/json']?.schema;
}
