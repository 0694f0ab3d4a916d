// Writes src/lib/api_schema.ts from webui/api/openapi.json; with --check it only says whether that file is current.
// Either way a description that is no valid OpenAPI document is refused.
import { readFile, writeFile } from 'node:fs/promises';
import { createConfig } from '@redocly/openapi-core';
import openapiTS, { astToString } from 'openapi-typescript';

const source = new URL('../api/openapi.json', import.meta.url);
const target = new URL('src/lib/api_schema.ts', import.meta.url);

const redocly = await createConfig({ rules: { struct: 'error', 'operation-operationId-unique': 'error' } }, { extends: ['minimal'] });
// Only what is sent and received: the page names its routes itself, in api.ts.
const types = (await openapiTS(source, { redocly })).filter((node) => node.name?.text === 'components');
const wanted = `// Written by \`npm run types\` from webui/api/openapi.json. Change that file, not this one.\n${astToString(types)}`;
const current = await readFile(target, 'utf8').catch(() => '');
if (!process.argv.includes('--check')) await writeFile(target, wanted);
else if (current !== wanted) {
  console.error('webui/page/src/lib/api_schema.ts is not what webui/api/openapi.json describes: run `npm run types` in webui/page.');
  process.exitCode = 1;
}
