import type {
  AddedDownloads, ContentLink, Download, DownloadChange, Downloads, FolderPreview, HistoryPage, Library, NamedPeer, NewSavedSearch, NewBrowse, NewSearch, Peer, ResultQuery, ResultPage, SavedSearch, Search, Setting, SharedFile,
  Status, Strategy, Upload,
} from './types';

/** The node said no, or could not be reached (`status` 0). `message` is a sentence for the user. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const root = '/api/v1';

/**
 * The half of the session that is no cookie. A browser sends a cookie to every port of this machine, so other programs can
 * learn it; what is stored here it shows to pages of our own port only. /login.js stores it under the same name.
 */
const keyName = 'praline-key';

function sessionKey(): string {
  try {
    return localStorage.getItem(keyName) ?? '';
  } catch {
    return '';
  }
}

/** What every request of the page carries; a page of another site can set neither without the server's leave. */
export function ownHeaders(): Record<string, string> {
  return { 'X-Praline': '1', 'X-Praline-Key': sessionKey() };
}

/** Calls back when another tab has logged in. */
export function whenLoggedInElsewhere(action: () => void): () => void {
  const heard = (event: StorageEvent): void => {
    if (event.key === keyName && event.newValue) action();
  };
  window.addEventListener('storage', heard);
  return () => window.removeEventListener('storage', heard);
}
let onUnauthorised = (): void => {};

/** Who shows the login screen when a session is missing or over. */
export function whenUnauthorised(action: () => void): void {
  onUnauthorised = action;
}

/** What the node makes for other programs. */
async function made(path: string): Promise<Blob> {
  const response = await fetch(root + path, { headers: ownHeaders(), credentials: 'same-origin', cache: 'no-store' });
  if (response.ok) return response.blob();
  if (response.status === 401) onUnauthorised();
  const answer = (await response.json().catch(() => null)) as { error?: { code?: string; message?: string } } | null;
  throw new ApiError(response.status, answer?.error?.code ?? 'unknown', answer?.error?.message ?? `The node answered with status ${response.status}.`);
}

async function request(method: string, url: string, body?: unknown): Promise<unknown> {
  const headers: Record<string, string> = { Accept: 'application/json', ...ownHeaders() };
  const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
  if (body instanceof Blob) {
    headers['Content-Type'] = 'application/octet-stream';
    init.body = body;
  } else if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch {
    throw new ApiError(0, 'unreachable', 'The node does not answer. Is it still running?');
  }
  const text = await response.text();
  let parsed: unknown = null;
  if (text !== '') {
    try {
      parsed = JSON.parse(text);
    } catch {
      parsed = null;
    }
  }
  if (response.ok) return parsed;
  const error = (parsed as { error?: { code?: string; message?: string } } | null)?.error;
  if (response.status === 401 && url.startsWith(root)) onUnauthorised();
  throw new ApiError(
    response.status,
    error?.code ?? 'unknown',
    error?.message ?? `The node answered with status ${response.status}.`,
  );
}

export const get = (path: string): Promise<unknown> => request('GET', root + path);
export const post = (path: string, body?: unknown): Promise<unknown> => request('POST', root + path, body);
const remove = (path: string): Promise<unknown> => request('DELETE', root + path);
const segment = encodeURIComponent;

/** Lists come wrapped in an object. */
async function list<T>(path: string, field: string): Promise<T[]> {
  const answer = (await get(path)) as Record<string, unknown> | null;
  const rows = answer?.[field];
  if (!Array.isArray(rows)) throw new ApiError(0, 'unreadable', 'The node answers what this page does not understand. Reload the page.');
  return rows as T[];
}

export const api = {
  login: async (token: string) => {
    const { key } = (await request('POST', '/login', { token })) as { key: string };
    try {
      localStorage.setItem(keyName, key);
    } catch {
      throw new ApiError(0, 'no_storage', 'This browser does not keep anything for this page. Allow site data for this address.');
    }
  },
  status: async () => (await get('/status')) as Status,

  peers: () => list<Peer>('/peers', 'peers'),
  namedPeers: () => list<NamedPeer>('/peers', 'named'),
  connectPeer: (address: string) => post('/peers', { address }),
  forgetPeer: (address: string) => remove(`/peers?address=${segment(address)}`),
  disconnectPeer: (id: number) => remove(`/peers/${id}`),

  /** `watched`: those that are open here, so that none of them makes room for another. */
  searches: (watched: number[] = []) => list<Search>(watched.length > 0 ? `/searches?watch=${watched.join(',')}` : '/searches', 'searches'),
  strategies: () => list<Strategy>('/strategies', 'strategies'),
  startSearch: async (wanted: NewSearch) => (await post('/searches', wanted)) as Search,
  browse: async (wanted: NewBrowse) => (await post('/browse', wanted)) as Search,
  search: async (id: number) => (await get(`/searches/${id}`)) as Search,
  results: async (id: number, query: ResultQuery, offset: number, limit: number) => {
    const search = new URLSearchParams({
      sort: query.sort, descending: String(query.descending), offset: String(offset), limit: String(limit),
    });
    if (query.filter) search.set('filter', query.filter);
    if (query.kind) search.set('kind', query.kind);
    if (query.fresh) search.set('fresh', 'true');
    return (await get(`/searches/${id}/results?${search.toString()}`)) as ResultPage;
  },
  stopSearch: (id: number) => post(`/searches/${id}/stop`),
  deleteSearch: (id: number) => remove(`/searches/${id}`),

  history: async (offset: number, limit: number) =>
    (await get(`/history?offset=${offset}&limit=${limit}`)) as HistoryPage,
  forget: (id: number) => remove(`/history/${id}`),
  forgetAll: () => remove('/history'),
  savedSearches: () => list<SavedSearch>('/saved-searches', 'saved_searches'),
  saveSearch: async (wanted: NewSavedSearch) => (await post('/saved-searches', wanted)) as SavedSearch,
  runSavedSearch: async (id: number) => (await post(`/saved-searches/${id}/run`)) as SavedSearch,
  removeSavedSearch: (id: number) => remove(`/saved-searches/${id}`),

  /** `since`: the revision of an answer before; 0: all of them. */
  downloads: async (since: number) => (await get(`/downloads?since=${since}`)) as Downloads,
  changeDownload: (id: string, change: DownloadChange) => request('PATCH', `${root}/downloads/${segment(id)}`, change),
  startDownload: async (what: string) => (await post('/downloads', { what })) as Download,
  startDownloads: async (files: string[]) => (await post('/downloads/batch', { files })) as AddedDownloads,
  startFromFile: async (file: Blob) => (await post('/downloads/from-file', file)) as AddedDownloads,
  pauseDownload: (id: string) => post(`/downloads/${segment(id)}/pause`),
  resumeDownload: (id: string) => post(`/downloads/${segment(id)}/resume`),
  deleteDownload: (id: string) => remove(`/downloads/${segment(id)}`),
  uploads: () => list<Upload>('/uploads', 'uploads'),

  library: async () => (await get('/library')) as Library,
  libraryFiles: (offset: number, limit: number, filter: string) =>
    list<SharedFile>(`/library/files?offset=${offset}&limit=${limit}&filter=${segment(filter)}`, 'files'),
  addFolder: (path: string, confirm = false) => post('/library/folders', confirm ? { path, confirm } : { path }),
  previewFolder: async (path: string) => (await get(`/library/preview?path=${segment(path)}`)) as FolderPreview,
  removeFolder: (path: string) => remove(`/library/folders?path=${segment(path)}`),
  downloadLink: async (id: string) => (await post(`/downloads/${segment(id)}/content-link`)) as ContentLink,
  libraryLink: async (index: number) => (await post(`/library/${index}/content-link`)) as ContentLink,
  metalink: (index: number) => made(`/library/${index}/metalink`),
  torrent: (index: number) => made(`/library/${index}/torrent`),
  rescan: () => post('/library/rescan'),

  settings: () => list<Setting>('/settings', 'settings'),
  changeSetting: (key: string, value: string | string[] | null) => request('PATCH', `${root}/settings`, { [key]: value }),
  changeSettings: (wanted: Record<string, string | null>) => request('PATCH', `${root}/settings`, wanted),
  shutDown: () => post('/shutdown'),
};
