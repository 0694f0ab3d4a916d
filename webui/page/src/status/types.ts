/** What the API of an index server sends, by short names; `webui/api/openapi.json` says what each field means. */
import type { components } from '../lib/api_schema';

type Schemas = components['schemas'];

export type ServerStatus = Schemas['IndexServerStatus'];
export type Member = Schemas['IndexMember'];
export type Latency = Schemas['Latency'];
