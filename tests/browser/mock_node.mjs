// A make-believe node: keeps searches and downloads and lets time work on them. No network, no files.
import {
  deadIndexPrice, download, firstDownloads, indexPrice, indexState, namedPeers, pastSearch, peers, price, resultRow, savedSearch, settings, sharedFiles, strategies, uploads, urnOf,
} from './mock_data.mjs';

export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A search stays open for so many ticks after its last row; one for something `slow` until it is stopped. */
const ticksAfterLast = 12;

const hiddenThings = [{ reason: 'hidden', explanation: 'whose names begin with a dot (hidden)', count: 2, names: ['.cache', '.notes.txt'] }];

const folder = (path, more = {}) => ({
  path, name: path.split('/').pop(), problem: '', files: 3, bytes: 30000, from_config: false, needs_confirmation: false, left_out: [], ...more,
});

const missing = (what) => new Refusal(404, 'not_found', `There is no such ${what}.`);

/** How many rows the answer to these words has, and how many come at a time. */
function plan(text) {
  if (/nothing|nobody|late/.test(text)) return { rows: 0, step: 0 };
  if (text.includes('many')) return { rows: 100_000, step: 10_000 };
  return { rows: 64, step: 6 };
}

export class MockNode {
  constructor(changed, { empty = false } = {}) {
    this.changed = changed;
    this.started = Date.now();
    this.searches = new Map();
    this.told = new Map();
    this.gone = [];
    this.revision = 1000;
    this.downloads = new Map(empty ? [] : firstDownloads().map((one) => [one.id, one]));
    this.peers = empty ? [] : peers();
    this.named = empty ? [] : namedPeers();
    this.problems = [];
    this.uploads = empty ? [] : uploads();
    this.settings = settings();
    this.folders = empty ? [] : [
      folder('/home/you/Music', { files: 1234, bytes: 40265318400, left_out: hiddenThings }),
      folder('/media/stick/papers', { problem: 'This folder cannot be read: permission denied.', files: 0, bytes: 0 }),
    ];
    this.history = empty ? [] : [3, 2, 1].map((id) => pastSearch(id, ['walnut cake', 'meadow at dawn', 'piano'][id - 1], id === 1 ? { strategy: 'index', price: indexPrice } : {}));
    this.saved = empty ? [] : [
      savedSearch(1, { text: 'field recording', repeat_seconds: 3600, messages_per_run: 0, messages_per_day: 1000 }, { runs: 7, results_known: 31, new_results: 3, messages_today: 214 }),
      savedSearch(2, { text: 'maps of the coast', repeat_seconds: 86400, messages_per_run: 50, messages_per_day: 0 }, { runs: 1, skips: 2, last_skip: 'There was no link to another node.' }),
    ];
    this.partials = empty ? [] : [{ name: 'abcdefghjkmn.part', path: '/home/you/.local/share/praline/partial/abcdefghjkmn.part', size_bytes: 1048576, changed_at: 1_790_000_000 }];
    this.received = 91226112;
    this.nextSearch = 1;
    this.nextDownload = 10;
    this.clock = setInterval(() => this.tick(), 120);
  }

  close() {
    clearInterval(this.clock);
  }

  tick() {
    for (const search of this.searches.values()) this.grow(search);
    let moved = false;
    for (const one of this.downloads.values()) moved = this.advance(one) || moved;
    if (moved) this.changed('downloads', '');
  }

  grow(search) {
    if (!search.view.open) return;
    for (let count = 0; count < search.step && search.rows.length < search.goal; count += 1) {
      const row = resultRow(search.view.id, search.rows.length + 1, search.view.text);
      search.view.revision += 1;
      row.revision = search.view.revision;
      search.rows.push(row);
    }
    search.view.rows = search.rows.length;
    search.view.hits = search.rows.length;
    const over = search.rows.length >= search.goal && search.ticks++ >= ticksAfterLast;
    if (over && !search.view.text.includes('slow')) search.view.open = false;
    search.view.state = !search.view.open ? 'closed' : search.rows.length >= search.goal ? 'listening' : 'asking';
    search.view.price = price(search.rows, (Date.now() - search.began) / 1000, search.view.strategy === 'hybrid');
    if (search.view.text.includes('late')) Object.assign(search.view, { open: true, state: 'listening', age_seconds: 9, closes_in_seconds: 171 });
    if (search.view.text.includes('nobody') && search.view.strategy === 'index') {
      const problem = 'None of the index servers that are known (3) can be reached.';
      Object.assign(search.view, { open: false, state: 'closed', unasked: `No index server could be asked: ${problem}`, price: { ...deadIndexPrice, index: { ...deadIndexPrice.index, problem } } });
    }
    search.view.price.excluded_hits = search.view.without.length > 0 ? 12 : 0;
    this.changed('search', String(search.view.id));
  }

  advance(one) {
    if (!['searching', 'connecting', 'downloading', 'verifying'].includes(one.state)) return false;
    if (!one.size_known) return false;  // nobody has it yet
    if (one.state === 'searching') one.state = 'connecting';
    else if (one.state === 'connecting') one.state = 'downloading';
    else if (one.state === 'verifying') one.state = 'completed';
    else {
      const part = Math.min(1, one.verified_bytes / one.size_bytes + (Number(one.id) < 10 ? 0.0004 : 0.08));
      this.received += Math.floor(one.size_bytes * 0.0004);
      const state = part >= 1 ? 'verifying' : 'downloading';
      Object.assign(one, download(one.id, one.name, state, part, { size_bytes: one.size_bytes, urn: one.urn, magnet: one.magnet, source_details: one.source_details }));
      return true;
    }
    if (one.state === 'completed') {
      Object.assign(one, download(one.id, one.name, 'completed', 1, { size_bytes: one.size_bytes, urn: one.urn, magnet: one.magnet, source_details: one.source_details }));
    }
    return true;
  }

  status() {
    return {
      version: '0.1.0', mode: 'auto', role: 'ultrapeer', network: 'private', listen: '127.0.0.1:6346',
      data_directory: '/home/you/.local/share/praline', downloads_directory: '/home/you/.local/share/praline/downloads',
      user_agent: 'Praline/0.1', servent_guid: '00112233445566778899aabbccddeeff',
      uptime_seconds: (Date.now() - this.started) / 1000 + 3600,
      links_to_ultrapeers: this.peers.filter((peer) => peer.kind === 'ultrapeer').length,
      links_to_leaves: this.peers.filter((peer) => peer.kind === 'leaf').length,
      known_hosts: 57, shared_files: this.folders.length ? sharedFiles.length : 0, shared_bytes: 40265318400, files_waiting: 42,
      library_problem: '', searches_open: this.searches.size, downloads_active: 1, uploads_active: this.uploads.length,
      bytes_downloaded: this.received, bytes_uploaded: 21226112, index: indexState, problems: this.problems, counters: { queries_forwarded: 812, duplicates_dropped: 92 },
    };
  }

  addFolder(path, confirmed) {
    if (/^\/(etc|home\/you)$/.test(path) && !confirmed) throw new Refusal(409, 'needs_confirmation', `${path} is not shared without a yes.`);
    this.folders = [...this.folders, folder(path)];
  }

  previewFolder(path) {
    return {
      path, verdict: 'needs_confirmation', reason: `${path} is a folder of the system: it holds settings and state of programs.`, shared: false,
      files: 380, bytes: 1234567, complete: true, names: Array.from({ length: 50 }, (_, at) => `conf/file ${at}.conf`),
      warnings: ['3 files look like keys or certificates, such as ssl/host.key.'], left_out: hiddenThings,
    };
  }

  library() {
    const some = this.folders.length > 0;
    return {
      folders: this.folders, scanning: false, watching: true, files_found: some ? 1276 : 0, files_ready: some ? 1234 : 0,
      files_waiting: some ? 42 : 0, bytes_ready: some ? 40265318400 : 0, bytes_waiting: some ? 6442450944 : 0, files_failed: some ? 1 : 0,
      current: some ? 'Music/Field recording of a summer meadow.flac' : '', problem: this.libraryProblem ?? '',
    };
  }

  /** Which searches a page has said it has open. */
  note(watched) {
    if (watched) this.watched = watched.split(',').map(Number);
  }

  startSearch({ text, strategy = 'flood', parameters = {} }) {
    if (!text?.trim()) throw new Refusal(400, 'empty', 'A search needs at least one word.');
    if (!strategies.some((one) => one.name === strategy)) throw new Refusal(400, 'bad_request', `There is no strategy “${strategy}”.`);
    if (parameters.ttl > 7) throw new Refusal(400, 'bad_request', `ttl must be from 1 to 7, not ${parameters.ttl}.`);
    const { rows, step } = plan(text);
    const view = {
      id: this.nextSearch++, text, open: true, state: 'asking', strategy, parameters, age_seconds: 0, revision: 0, rows: 0, hits: 0, dropped: 0,
      saved_search: 0, price: price([], 0), without: [...text.matchAll(/(?:^|\s)-(\S+)/g)].map((match) => match[1]), conditions: text.match(/-?(?:type|ext|size|sources):\S+/g) ?? [], unasked: '', closes_in_seconds: 180, browse: null,
    };
    this.searches.set(view.id, { view, rows: [], goal: rows, step, ticks: 0, began: Date.now() });
    return view;
  }

  /** What it was asked to browse. */
  browsed = [];

  /** Of a host at port 6347 there is no list. */
  browse({ host = '192.0.2.1:6346', result = '' }) {
    this.browsed.push({ host, result });
    const view = this.startSearch({ text: `Files of ${host}` });
    const refuses = host.endsWith(':6347');
    Object.assign(view, { strategy: 'browse', browse: { host, result, bytes: 1000, complete: !refuses, problem: refuses ? `${host} gives no list of its files.` : '' } });
    if (refuses) Object.assign(view, { open: false, state: 'closed', closes_in_seconds: 0 });
    if (refuses) this.search(view.id).goal = 0;
    return view;
  }

  search(id) {
    const search = this.searches.get(Number(id));
    if (!search) throw missing('search');
    return search;
  }

  /** What changed since a revision; with an order, a filter or an offset a page of all rows. */
  results(id, query) {
    const { view, rows } = this.search(id);
    const limit = Math.min(Number(query.get('limit') ?? 200), 1000);
    if (!['sort', 'descending', 'filter', 'kind', 'fresh', 'offset'].some((name) => query.has(name))) {
      const changed = rows.filter((row) => row.revision > Number(query.get('since') ?? 0)).sort((a, b) => a.revision - b.revision);
      const some = changed.slice(0, limit);
      return { revision: changed.length > limit ? some.at(-1).revision : view.revision, open: view.open, rows: some };
    }
    const words = (query.get('filter') ?? '').toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    const kept = rows.filter((row) => (!query.get('kind') || row.kind === query.get('kind')) && (query.get('fresh') !== 'true' || !row.cached)
      && words.every((word) => row.name.toLowerCase().includes(word)));
    const key = {
      name: (row) => row.name.toLowerCase(), size: (row) => row.size_bytes, sources: (row) => row.sources.length,
      relevance: (row) => row.sources.length, kind: (row) => row.kind,
    }[query.get('sort')] ?? (() => 0);
    const sign = query.get('descending') === 'true' ? -1 : 1;
    kept.sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
    const kinds = {};
    for (const row of rows) kinds[row.kind] = (kinds[row.kind] ?? 0) + 1;
    const offset = Number(query.get('offset') ?? 0);
    this.largestPage = Math.max(this.largestPage ?? 0, limit);
    return {
      revision: view.revision, open: view.open, total: rows.length, matching: kept.length, offset, kinds, rows: kept.slice(offset, offset + limit),
    };
  }

  saveSearch(wanted) {
    if (!(wanted.repeat_seconds >= 10)) throw new Refusal(400, 'bad_request', 'repeat_seconds must be from 10 to 31536000.');
    const one = savedSearch(this.saved.length + 1, wanted);
    this.saved = [...this.saved, one];
    return one;
  }

  startDownload(what) {
    const match = /^(\d+)-(\d+)$/.exec(what ?? '');
    const row = match ? this.searches.get(Number(match[1]))?.rows[Number(match[2]) - 1] : undefined;
    if (!row && !/^(magnet:|urn:)/.test(what ?? '')) {
      throw new Refusal(400, 'not_understood', 'This is neither a magnet link nor a URN nor a result.');
    }
    const id = String(this.nextDownload++);
    const one = download(id, row?.name ?? `From ${what.slice(0, 40)}`, 'searching', 0, {
      size_bytes: row?.size_bytes ?? 50_000_000, urn: row?.urn || urnOf(Number(id)), received_bytes: 0,
    });
    this.downloads.set(id, one);
    if (row) {
      const { view } = this.search(match[1]);
      view.revision += 1;
      row.revision = view.revision;
      row.download = id;
      this.changed('search', match[1]);
    }
    return one;
  }

  /** Those that differ from what they were when somebody last asked get a new revision. */
  downloadsSince(since) {
    for (const one of this.downloads.values()) {
      const text = JSON.stringify(one);
      if (this.told.get(one.id)?.text !== text) this.told.set(one.id, { text, revision: ++this.revision });
    }
    for (const id of this.told.keys())
      if (!this.downloads.has(id)) {
        this.told.delete(id);
        this.gone.push({ id, revision: ++this.revision });
      }
    const order = ['high', 'normal', 'low'];
    const all = [...this.downloads.values()].sort((a, b) => order.indexOf(a.priority) - order.indexOf(b.priority) || a.order - b.order);
    const complete = since === 0;
    const downloads = complete ? all : all.filter((one) => this.told.get(one.id).revision > since);
    const removed = complete ? [] : this.gone.filter((one) => one.revision > since).map((one) => one.id);
    return { revision: this.revision, complete, downloads, removed };
  }

  changeDownload(id, { priority, folder, move }) {
    const which = this.downloads.has(id) ? [this.download(id)] : [...this.downloads.values()].filter((one) => one.group === id);
    if (which.length === 0) throw missing('download');
    const orders = [...this.downloads.values()].map((one) => one.order);
    for (const one of which) {
      if (priority) one.priority = priority;
      if (folder !== undefined) one.directory = folder || '/home/you/.local/share/praline/downloads';
      if (move === 'first') one.order = Math.min(...orders) - 1;
      if (move === 'last') one.order = Math.max(...orders) + 1;
    }
  }

  download(id) {
    const one = this.downloads.get(id);
    if (!one) throw missing('download');
    return one;
  }
}
