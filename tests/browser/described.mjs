// webui/api/openapi.json: what the mock node answers is held against it, so that the page is tested with what nodes send.
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';

export const document = JSON.parse(readFileSync(new URL('../../webui/api/openapi.json', import.meta.url), 'utf8'));
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true }).addKeyword('components');
const validators = new Map();

const follow = (found) => (found.$ref ? follow(found.$ref.slice(2).split('/').reduce((at, part) => at[part], document)) : found);
const operationOf = (method, path) => document.paths[path]?.[method.toLowerCase()];

/** "METHOD path" of everything that a node serves. */
export const nodeRoutes = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).filter((method) => methods[method].tags.includes('node')).map((method) => `${method.toUpperCase()} ${path}`));

/** The status of an answer that carries out what was asked for. */
export function statusOf(method, path) {
  return Number(Object.keys(operationOf(method, path).responses).find((status) => status.startsWith('2')));
}

const isChange = ajv.compile({ $ref: '#/components/schemas/Change', components: document.components });
/** A sentence when the data of an event is not as described; else nothing. */
export const problemOfChange = (change) => (isChange(change) ? undefined : `event: ${ajv.errorsText(isChange.errors)}`);

/** A sentence when a JSON answer is not as described; else nothing. */
export function problemOf(method, path, status, value) {
  const where = `${method} ${path}, status ${status}`;
  const response = operationOf(method, path)?.responses[status];
  const schema = response && follow(response).content?.['application/json']?.schema;
  if (!schema) return `${where} is not described`;
  if (!validators.has(where)) validators.set(where, ajv.compile({ ...schema, components: document.components }));
  const validate = validators.get(where);
  return validate(value) ? undefined : `${where}: ${ajv.errorsText(validate.errors)}`;
}
