// The API of a node without the node: for working on the page (`npm run mock`, then `npm run dev` beside it) and for
// the tests of the page. Sends the policy headers of the real server, so that what it would refuse is refused here.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { document, problemOf, problemOfChange, statusOf } from './described.mjs';
import { MockNode, Refusal } from './mock_node.mjs';
import { sharedFiles, strategies } from './mock_data.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.webmanifest': 'application/manifest+json' };
const policy = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
export const token = 'mock-token';

const contentSecret = 'mock-secret';

/** A quarter of a second of silence that every browser plays, whatever the name of the file. */
function tone() {
  const samples = Buffer.alloc(2000, 128);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  const isFile = request.headers['content-type'] === 'application/octet-stream';
  return text && !isFile ? JSON.parse(text) : {};
}

function routeOf(pattern, answer) {
  const [method, path] = pattern.split(' ');
  return { method, path, matches: new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}$`), answer };
}

/** Method and path (after /api/v1) to answer; what stands for `{x}` is handed over in order. */
function routes(node, changed) {
  const done = (topic, id = '') => {
    changed(topic, id);
    return { done: true };
  };
  return [
    ['GET /status', () => node.status()],
    ['GET /peers', () => ({ peers: node.peers, named: node.named })],
    ['POST /peers', (_, body) => {
      if (!/:\d+$/.test(body.address ?? '')) throw new Refusal(400, 'bad_address', `“${body.address}” is not an address with a port.`);
      node.peers.push({ ...node.peers[0], id: Date.now() % 100000, kind: 'ultrapeer', direction: 'outgoing', user_agent: 'Praline/0.1', address: body.address, connected_seconds: 0, bytes_in: 0, bytes_out: 0, messages_in: 0, messages_out: 0, dropped_out: 0 });
      return done('peers');
    }],
    ['DELETE /peers', (_, __, query) => {
      node.named = node.named.filter((peer) => peer.name !== query.get('address'));
      return done('peers');
    }],
    ['DELETE /peers/{id}', ([id]) => {
      node.peers = node.peers.filter((peer) => peer.id !== Number(id));
      return done('peers');
    }],
    ['GET /searches', (_, __, query) => {
      node.note(query.get('watch'));
      return { searches: [...node.searches.values()].map((one) => one.view) };
    }],
    ['POST /searches', (_, body) => node.startSearch(body)],
    ['POST /browse', (_, body) => node.browse(body)],
    ['GET /searches/{id}', ([id]) => node.search(id).view],
    ['GET /searches/{id}/results', ([id], _, query) => node.results(id, query)],
    ['POST /searches/{id}/stop', ([id]) => {
      Object.assign(node.search(id).view, { open: false, state: 'closed' });
      return done('search', id);
    }],
    ['DELETE /searches/{id}', ([id]) => {
      node.search(id);
      node.searches.delete(Number(id));
      return done('search', id);
    }],
    ['GET /strategies', () => ({ strategies })],
    ['GET /history', (_, __, query) => ({
      total: node.history.length, history: node.history.slice(Number(query.get('offset') ?? 0)).slice(0, Number(query.get('limit') ?? 200)),
    })],
    ['DELETE /history', () => {
      node.history = [];
      return done('history');
    }],
    ['DELETE /history/{id}', ([id]) => {
      node.history = node.history.filter((one) => one.id !== Number(id));
      return done('history');
    }],
    ['GET /saved-searches', () => ({ saved_searches: node.saved })],
    ['POST /saved-searches', (_, body) => {
      const one = node.saveSearch(body);
      changed('saved', '');
      return one;
    }],
    ['POST /saved-searches/{id}/run', ([id]) => {
      const one = node.saved.find((saved) => saved.id === Number(id));
      one.runs += 1;
      changed('saved', '');
      return one;
    }],
    ['DELETE /saved-searches/{id}', ([id]) => {
      node.saved = node.saved.filter((one) => one.id !== Number(id));
      return done('saved');
    }],
    ['GET /downloads', (_, __, query) => node.downloadsSince(Number(query.get('since') ?? 0))],
    ['POST /downloads', (_, body) => {
      const one = node.startDownload(body.what);
      changed('downloads', one.id);
      return one;
    }],
    ['POST /downloads/batch', (_, body) => {
      const downloads = body.files.map((file) => ({ id: node.startDownload(file.what ?? file).id, problem: '' }));
      changed('downloads', '');
      return { group: '', downloads };
    }],
    ['POST /downloads/from-file', () => {
      const { id } = node.startDownload('urn:sha1:C');
      changed('downloads', id);
      return { group: '', downloads: [{ id, problem: '' }, { id: '', problem: 'The file rest.bin shares pieces with other files.' }] };
    }],
    ['GET /downloads/{id}', ([id]) => node.download(id)],
    ['PATCH /downloads/{id}', ([id], body) => {
      node.changeDownload(id, body);
      return done('downloads', id);
    }],
    ['POST /downloads/{id}/pause', ([id]) => {
      Object.assign(node.download(id), { state: 'paused', reason: 'Paused by you.', bytes_per_second: 0 });
      return done('downloads', id);
    }],
    ['POST /downloads/{id}/resume', ([id]) => {
      Object.assign(node.download(id), { state: 'connecting', reason: '' });
      return done('downloads', id);
    }],
    ['GET /downloads/{id}/content', () => tone()],
    ['POST /downloads/{id}/content-link', ([id]) => {
      node.download(id);
      return { link: `/api/v1/downloads/${id}/content?link=${contentSecret}`, media_type: 'audio/wav', shown: true, expires_in_seconds: 3600 };
    }],
    ['DELETE /downloads/{id}', ([id]) => {
      node.download(id);
      node.downloads.delete(id);
      return done('downloads', id);
    }],
    ['GET /uploads', () => ({ uploads: node.uploads })],
    ['GET /library', () => node.library()],
    ['GET /library/files', (_, __, query) => {
      const words = (query.get('filter') ?? '').toLowerCase();
      const found = sharedFiles.filter((file) => file.name.toLowerCase().includes(words));
      const offset = Number(query.get('offset') ?? 0);
      return { files: found.slice(offset, offset + Number(query.get('limit') ?? 200)) };
    }],
    ['GET /library/{id}/content', () => tone()],
    ['GET /library/{id}/metalink', () => '<metalink/>'],
    ['GET /library/{id}/torrent', () => 'd4:infode'],
    ['POST /library/{id}/content-link', ([id]) => {
      const file = sharedFiles[Number(id) - 1];
      if (!file) throw new Refusal(404, 'not_found', `A shared file ${id} does not exist.`);
      return { link: `/api/v1/library/${id}/content?link=${contentSecret}`, media_type: 'audio/wav', shown: true, expires_in_seconds: 3600 };
    }],
    ['POST /library/folders', (_, body) => {
      if (!body.path?.startsWith('/')) throw new Refusal(400, 'bad_folder', 'A folder is named by its full path.');
      node.addFolder(body.path, body.confirm === true);
      return done('library');
    }],
    ['GET /library/preview', (_, __, query) => node.previewFolder(query.get('path'))],
    ['DELETE /library/folders', (_, __, query) => {
      node.folders = node.folders.filter((folder) => folder.path !== query.get('path'));
      return done('library');
    }],
    ['POST /library/rescan', () => done('library')],
    ['GET /settings', () => ({ settings: node.settings })],
    ['PATCH /settings', (_, body) => {
      for (const [key, value] of Object.entries(body)) {
        const setting = node.settings.find((one) => one.key === key);
        if (!setting) throw new Refusal(404, 'no_such_setting', `There is no setting “${key}”.`);
        if (value === null) Object.assign(setting, { source: 'default', problem: '', ...(/_limit$/.test(key) ? { value: 'unlimited' } : {}) });
        else Object.assign(setting, { value: String(value), values: Array.isArray(value) ? value : [], source: 'page', problem: '' });
      }
      changed('settings', '');
      return { settings: node.settings };
    }],
    ['GET /partials', () => ({ partials: node.partials })],
    ['DELETE /partials/{name}', ([name]) => {
      node.partials = node.partials.filter((one) => one.name !== name);
      return { done: true };
    }],
    ['GET /proof', (_, __, query) => ({ proof: createHash('sha256').update(query.get('nonce') ?? '').digest('hex') })],
    ['POST /login-links', () => ({ link: 'http://127.0.0.1/login?code=mock' })],
    ['GET /tokens', () => ({ tokens: [{ name: 'backup', scope: 'read' }] })],
    ['POST /tokens', (_, body) => ({ name: body.name, scope: body.scope ?? 'read', token: 'secret' })],
    ['DELETE /tokens/{name}', () => ({ done: true })],
    ['GET /sessions', () => ({ sessions: [{ id: '0123456789ab', browser: 'Mock', age_seconds: 60, expires_in_seconds: 2591940, current: true }] })],
    ['DELETE /sessions/{id}', () => ({ done: true })],
    ['GET /openapi.json', () => document],
    ['POST /shutdown', () => ({ done: true })],
    ['GET /events'],
  ];
}

/**
 * @param front    the file that "/" is.
 * @param answers  makes the routes under /api/v1 from the mock node and what tells of a change.
 * @return `url`, `loginLink`, and handles for tests: `node`, `problems` (what it answered and no node would), `routes`, `cutStreams()`, `logOut()`, `stop()`.
 */
export async function startMock({ port = 0, dist = process.env.PRALINE_PAGE_DIR ?? join(here, '../../build/page/files'), open = false, empty = false, front = '/index.html', answers = routes } = {}) {
  const streams = new Set();
  const problems = [];  // what no node would answer
  let sessions = new Map();  // cookie → the key that must come with it
  let eventId = 0;
  let refuseStreams = false;
  const changed = (topic, id) => {
    eventId += 1;
    const problem = problemOfChange({ topic, id });
    if (problem) problems.push(problem);
    for (const stream of streams) stream.write(`id: ${eventId}\nevent: change\ndata: ${JSON.stringify({ topic, id })}\n\n`);
  };
  const node = new MockNode(changed, { empty });
  const table = answers(node, changed).map(([pattern, answer]) => routeOf(pattern.replace(' ', ' /api/v1'), answer));
  table.push(routeOf('GET /login'), routeOf('POST /login'), routeOf('GET /metrics', () => 'praline_up 1\n'), routeOf('GET /healthz', () => 'ok\n'));

  /** `route`: what openapi.json describes. */
  const send = (response, route, status, value, headers = {}) => {
    const problem = problemOf(route.method, route.path, status, JSON.parse(JSON.stringify(value)));
    if (problem) problems.push(problem);
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };
  const fail = (response, route, status, code, message) => send(response, route, status, { error: { code, message } });
  const admit = () => {
    const session = `s${Math.random()}`;
    const key = `k${Math.random()}`;
    sessions.set(session, key);
    return { key, headers: { 'Set-Cookie': `praline=${session}; HttpOnly; SameSite=Strict; Path=/` } };
  };

  async function apiCall(request, response, url, route) {
    const session = /praline=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
    const key = request.headers['x-praline-key'];
    const byLink = url.searchParams.get('link') === contentSecret && sessions.has(session);
    if (!open && !byLink && (!key || sessions.get(session) !== key)) throw new Refusal(401, 'login_needed', 'Log in first.');
    if (request.method !== 'GET' && request.headers['x-praline'] !== '1') throw new Refusal(403, 'header_missing', 'X-Praline is missing.');
    if (route.path === '/api/v1/events') {
      if (refuseStreams) return request.socket.destroy();
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.write('retry: 300\n\n');
      streams.add(response);
      request.on('close', () => streams.delete(response));
      return undefined;
    }
    const body = request.method === 'GET' ? {} : await bodyOf(request);
    const places = route.matches.exec(url.pathname).slice(1).map(decodeURIComponent);
    if (route.path.endsWith('/content')) {
      response.writeHead(200, { 'Content-Type': 'audio/wav', 'Content-Security-Policy': "default-src 'none'; media-src 'self'; sandbox" });
      return response.end(route.answer(places));
    }
    const made = { metalink: 'application/metalink4+xml', torrent: 'application/x-bittorrent', metrics: 'text/plain', healthz: 'text/plain' }[route.path.split('/').pop()];
    if (made) {
      response.writeHead(200, { 'Content-Type': made });
      return response.end(route.answer(places));
    }
    return send(response, route, statusOf(route.method, route.path), route.answer(places, body, url.searchParams));
  }

  async function login(request, response, url, route) {
    if (request.method === 'GET') {
      if (!url.searchParams.has('code')) throw new Refusal(401, 'bad_code', 'This login link is over.');
      const { key, headers } = admit();
      response.writeHead(200, { 'Content-Type': types['.html'], 'Content-Security-Policy': policy, ...headers });
      return response.end(`<!doctype html><title>Praline</title><body data-key="${key}"><p id="say"></p><script src="/login.js"></script>`);
    }
    const body = await bodyOf(request);
    if (body.token !== token) throw new Refusal(401, 'wrong_token', 'This is not the token of this node.');
    const { key, headers } = admit();
    return send(response, route, 200, { done: true, key }, headers);
  }

  async function file(response, path) {
    const name = path === '/' ? front : normalize(path);
    try {
      const content = await readFile(join(dist, name));
      response.writeHead(200, { 'Content-Type': types[extname(name)] ?? 'application/octet-stream', 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' });
      response.end(content);
    } catch {
      response.writeHead(404).end('There is no such file. Not built? Run npm run build in webui/page.');
    }
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    const known = table.find((route) => route.method === request.method && route.matches.test(url.pathname));
    const isOfApi = known || url.pathname.startsWith('/api/');
    const route = known ?? { method: request.method, path: url.pathname };
    const answer = async () => {
      if (!isOfApi) return file(response, url.pathname);
      if (!known) throw new Refusal(404, 'not_found', `There is no ${request.method} ${url.pathname}.`);
      return route.path === '/login' ? login(request, response, url, route) : apiCall(request, response, url, route);
    };
    answer().catch((trouble) => {
      if (trouble instanceof Refusal) fail(response, route, trouble.status, trouble.code, trouble.message);
      else fail(response, route, 500, 'mock_broken', String(trouble));
      if (!(trouble instanceof Refusal)) problems.push(String(trouble));
    });
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    loginLink: `${url}/login?code=mock`,
    node,
    problems,
    routes: table.map((route) => `${route.method} ${route.path}`),
    cutStreams(stay = true) {
      refuseStreams = stay;
      for (const stream of streams) stream.destroy();
    },
    healStreams: () => (refuseStreams = false),
    logOut() {
      sessions = new Map();
    },
    async stop() {
      node.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mock = await startMock({ port: Number(process.env.PORT ?? 8970), open: true });
  console.log(`mock node at ${mock.url}`);
}
