// Invented rows for the mock node: the same at every run, so that a failing test fails again.

const endings = {
  audio: ['flac', 'ogg', 'mp3'], video: ['mkv', 'webm'], image: ['png', 'jpg'], document: ['pdf', 'txt', 'epub'],
  archive: ['tar.gz', 'zip'], program: ['deb', 'AppImage'], other: ['bin'],
};
const kinds = Object.keys(endings);
const subjects = [
  'Field recording of a summer meadow', 'Debian reference', 'Moonlight sonata, first movement', 'Botanical plates, volume 2',
  'Open source font collection', 'Lecture on distributed systems', 'Maps of the northern coast', 'Walnut cake recipes',
  'Public domain short stories', 'Sintel trailer 1080p', 'Weather observations 1901 to 1950', 'Piano études',
];
const vendors = ['PRAL', 'GTKG', 'LIME', 'BEAR', ''];
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A small generator of repeatable numbers in [0, 1). */
export function dice(seed) {
  let state = Math.imul((seed ^ (seed >>> 15)) + 0x9e3779b9, 0x85ebca6b) >>> 0;
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

export function urnOf(number) {
  const roll = dice(number * 2654435761);
  let text = '';
  for (let at = 0; at < 32; at += 1) text += alphabet[Math.floor(roll() * 32)];
  return `urn:sha1:${text}`;
}

function sourcesOf(number, roll) {
  const many = 1 + Math.floor(roll() ** 3 * 20);
  return Array.from({ length: many }, (_, at) => ({
    address: `192.0.2.${(number + at) % 254 + 1}:${6346 + (at % 5)}`,
    name: at === 2 ? `another name for ${number}` : '',
    vendor: vendors[(number + at) % vendors.length],
    push_needed: roll() < 0.15,
    busy: roll() < 0.1,
    hops: 1 + Math.floor(roll() * 5),
    cached_seconds: number % 13 === 5 ? 40 * (at + 1) : null,
    indexed: number % 7 === 2,
    browsable: at === 0,
  }));
}

/** The row `number` (from 1) of the answer to `text`. */
export function resultRow(search, number, text) {
  const roll = dice(number + text.length * 7919);
  const kind = kinds[Math.floor(roll() ** 1.6 * kinds.length)];
  const ending = endings[kind][Math.floor(roll() * endings[kind].length)];
  const subject = subjects[Math.floor(roll() * subjects.length)];
  let name = `${subject} – ${text} ${String(number).padStart(5, '0')}.${ending}`;
  if (number === 3) name = `<img src=x onerror="document.title='broken in'"> ${text}.png`;
  if (number === 7) name = `${text} ${'with a name that goes on and on '.repeat(7)}.${ending}`;
  const urn = number % 29 === 0 ? '' : urnOf(number);
  const size = Math.floor(10 ** (3 + roll() * 6.3));
  return {
    id: `${search}-${number}`,
    name,
    urn,
    magnet: urn ? `magnet:?xt=${urn}&xl=${size}&dn=${encodeURIComponent(name)}` : '',
    kind,
    size_bytes: size,
    revision: 0,
    sources: sourcesOf(number, roll),
    cached: number % 13 === 5,
    in_library: number % 11 === 4,
    download: '',
  };
}

export const strategies = [
  { name: 'auto', explanation: 'Picks one of the others.', heeds: ['ttl', 'walkers', 'check_every', 'max_steps', 'state', 'results_wanted'] },
  { name: 'flood', explanation: 'Asks everybody within a few hops at once: the fastest, and the one that costs the network the most messages.', heeds: ['ttl'] },
  { name: 'random-walk', explanation: 'Walkers wander from node to node and ask whether to go on: cheap, but slower.', heeds: ['walkers', 'check_every', 'max_steps', 'state', 'results_wanted'] },
  { name: 'index', explanation: 'Asks the index server this node is signed in to: one question, one answer.', heeds: ['results_wanted'] },
  { name: 'hybrid', explanation: 'Asks the index server first, and the overlay when the index knows too little.', heeds: ['ttl', 'results_wanted'] },
];

/** A node that is signed in to one of three index servers. */
export const indexState = {
  configured: true, server: '192.0.2.7:6350', stand_by: '192.0.2.8:6350', round_trip_milliseconds: 1.8, servers_known: 3, fail_overs: 0,
  replicas: 3, members: 3, published: true, publisher: 'ab'.repeat(32), group_key: 'cd'.repeat(32), problem: '',
};

/** What a search with these rows has cost. */
export function price(rows, seconds, asksIndex = false) {
  const hops = new Map();
  for (const row of rows.slice(0, 500)) for (const source of row.sources) hops.set(source.hops, (hops.get(source.hops) ?? 0) + 1);
  return {
    messages: rows.length > 0 ? 31 : 4, bytes: rows.length > 0 ? 2790 : 360, origins: Math.min(rows.length, 40), origins_at_least: false,
    reach_about: 220, estimates: ['reach_about'], cached_hits: rows.slice(0, 500).filter((row) => row.cached).length,
    hidden_hits: 0, excluded_hits: 0,
    hits_by_hops: [...hops].sort((a, b) => a[0] - b[0]).map(([at, hits]) => ({ hops: at, hits })),
    first_result_seconds: rows.length > 0 ? 0.12 : null, tenth_result_seconds: rows.length > 9 ? Math.min(seconds, 0.5) : null,
    index: asksIndex ? { messages: 2, bytes: 3120, milliseconds: 2.4, files: rows.length, more: rows.length > 200, problem: '' } : null,
  };
}

/** Of a search to which the index server alone knew enough. */
export const indexPrice = {
  ...price([], 1, true), messages: 0, bytes: 0, origins: 0, reach_about: 0, hits_by_hops: [{ hops: 0, hits: 7 }],
};

/** Of a search that no index server could be asked. */
export const deadIndexPrice = { ...indexPrice, hits_by_hops: [], index: { messages: 0, bytes: 0, milliseconds: 8, files: 0, more: false, problem: '' } };

export const pastSearch = (id, text, more = {}) => ({
  id, text, strategy: 'flood', parameters: {}, started_at: 1_790_000_000 + id * 5000, lasted_seconds: 180, interrupted: false, rows: 12 * id, hits: 20 * id, dropped: 0,
  saved_search: 0, price: price([], 1), ...more,
});

export const savedSearch = (id, wanted, more = {}) => ({
  id, parameters: {}, strategy: 'flood', messages_per_run: 0, messages_per_day: 0, ...wanted, created_at: 1_790_000_000, next_at: 1_790_003_600, last_at: 0, runs: 0, skips: 0, last_skip: '',
  messages_today: 0, results_known: 0, new_results: 0, search: 0, ...more,
});

export function download(id, name, state, part, more = {}) {
  const size = more.size_bytes ?? 734003200;
  const groups = 120;
  const full = Math.floor(groups * part);
  const roll = dice(full + 5);
  const map = Array.from({ length: groups }, (_, at) => {
    if (part >= 1 || at < full * 0.8) return '1';
    if (at < full * 1.35) return roll() < 0.5 ? '1' : '2';
    return '0';
  }).join('');
  const urn = urnOf(900000 + Number(id));
  return {
    id, name, urn,
    magnet: `magnet:?xt=${urn}&dn=${encodeURIComponent(name)}`,
    state, reason: '',
    size_bytes: size,
    received_bytes: Math.min(size, Math.floor(size * part + (part < 1 ? size * 0.02 : 0))),
    verified_bytes: Math.floor(size * part),
    bytes_per_second: state === 'downloading' ? 3_400_000 : 0,
    slice_bytes: 262144,
    verified_map: state === 'queued' ? '' : map,
    sources: sourcesOf(Number(id), dice(Number(id))),
    priority: 'normal', order: Number(id) || 100, queue_place: null, directory: '/home/you/.local/share/praline/downloads',
    group: '', group_name: '', below: '',
    path: state === 'completed' ? `/home/you/.local/share/praline/downloads/${name}` : '',
    size_known: true, stalled_seconds: null, next_try_seconds: null, source_details: [],
    ...more,
  };
}

const source = (address, state, more = {}) => ({
  address, vendor: 'PRLN', state, received_bytes: 0, verified_bytes: 0, failed_bytes: 0, bytes_per_second: 0, latency_ms: null, next_try_seconds: null, trouble: '', ...more,
});

export const downloadSources = () => [
  source('192.0.2.10:6346', 'receiving', { received_bytes: 312_000_000, verified_bytes: 311_000_000, bytes_per_second: 2_100_000, latency_ms: 40 }),
  source('[2001:db8::17]:6346', 'receiving', { received_bytes: 240_000_000, verified_bytes: 239_500_000, bytes_per_second: 1_300_000, latency_ms: 95 }),
  source('198.51.100.4:6346', 'waiting', { next_try_seconds: 45, trouble: 'has us at place 3 of its queue' }),
  source('203.0.113.9:6346', 'dropped', { received_bytes: 1_048_576, failed_bytes: 1_048_576, trouble: 'sent bytes that are not of this file' }),
];

export const firstDownloads = () => [
  download('1', 'Sintel – open movie, 2048 × 872.mkv', 'downloading', 0.43, { size_bytes: 1288490188, source_details: downloadSources() }),
  download('2', 'Debian reference, all languages.tar.gz', 'paused', 0.71, { size_bytes: 88604672, reason: 'Paused by you.' }),
  download('3', 'Field recordings 2019.zip', 'waiting', 0.12, {
    size_bytes: 2254857830, reason: 'The disk is full: 1.9 GiB are needed, 212 MiB are free. It goes on when there is room.',
  }),
  download('4', 'Walnut cake recipes.pdf', 'completed', 1, { size_bytes: 4404019 }),
  download('5', 'Bread through the ages.epub', 'stalled', 0.3, {
    size_bytes: 7340032, stalled_seconds: 12, reason: '192.0.2.7:6346 has sent nothing for 12 seconds.',
  }),
  download('6', urnOf(900006), 'searching', 0, {
    size_known: false, size_bytes: 0, received_bytes: 0, verified_bytes: 0, slice_bytes: 0, verified_map: '', sources: [],
    reason: 'No source is known; looking for one.',
  }),
];

export const peers = () => [
  { kind: 'ultrapeer', direction: 'outgoing', user_agent: 'Praline/0.1', address: '127.0.0.1:6351' },
  { kind: 'ultrapeer', direction: 'outgoing', user_agent: 'gtk-gnutella/1.2.3 (2024-01-01; GTK2; Linux x86_64)', address: '192.0.2.18:6346' },
  { kind: 'leaf', direction: 'incoming', user_agent: 'Praline/0.1', address: '198.51.100.7:40122' },
  { kind: 'leaf', direction: 'incoming', user_agent: '', address: '[2001:db8::17]:6346' },
].map((peer, at) => ({
  id: at + 1, compressed: at !== 2, query_routing: true, connected_seconds: 47 * (at + 1) ** 4,
  bytes_in: 81920 * (at + 3), bytes_out: 204800 * (at + 1), messages_in: 1400 * (at + 1), messages_out: 2300, dropped_out: at, ...peer,
}));

export const uploads = () => [
  { address: '198.51.100.7:51234', user_agent: 'Praline/0.1', name: 'Botanical plates, volume 2.pdf', state: 'sending', sent_bytes: 7340032, range_bytes: 20971520, bytes_per_second: 910000 },
];

export const settings = () => [
  ['mode', 'auto', 'What this node is in the network: ultrapeer, leaf, or auto, which decides by itself.', 'default', true, ['auto', 'leaf', 'ultrapeer']],
  ['strategy', 'flood', 'How searches spread that name no strategy.', 'default', false, strategies.map((one) => one.name)],
  ['links_max', '32', 'Links to other ultrapeers, at most.', 'config', false],
  ['active_downloads', '50', 'Downloads that fetch at the same time, at most; the others wait for their turn.', 'default', false],
  ['upload_slots', '8', 'Files sent at the same time; others wait with a time to come back.', 'page', false],
  ['upload_limit', 'unlimited', 'Most that all uploads together send, such as 200 KiB/s, 1.5 MiB/s or 10 Mbit/s; or unlimited.', 'default', false],
  ['download_limit', 'unlimited', 'Most that all downloads together receive.', 'default', false],
  ['share', '', 'Folders to share. Nothing else is ever shared.', 'default', true],
  ['watch_folders', 'true', 'Follow changes in shared folders as they happen.', 'default', false],
  ['listen', '127.0.0.1:6346', 'Where other nodes reach this one.', 'flag', true],
  ['peers', ['node.example.org:6346'], 'Nodes to stay connected to, HOST:PORT.', 'config', true],
  ['downloads', '', 'Where finished files go.', 'default', true, [], 'The value "/proc/nope" that was set for downloads on the page is left out: The folder cannot be created. `praline config unset downloads` undoes it.'],
].map(([key, value, description, source, needs_restart, choices = [], problem = '']) => ({
  key, value: String(value), description, source, needs_restart, choices, list: Array.isArray(value), values: Array.isArray(value) ? value : [], problem,
}));

export const namedPeers = () => [
  { name: 'no-such-host.invalid:6346', address: '', state: 'unknown_name', problem: 'The name in no-such-host.invalid:6346 cannot be looked up: Host not found. The server keeps trying.' },
];

export const sharedFiles = Array.from({ length: 1234 }, (_, at) => {
  const row = resultRow(0, at + 20, 'shared');
  return { index: at + 1, path: `Music/${row.name}`, name: row.name, urn: row.urn, magnet: row.magnet, size_bytes: row.size_bytes };
});
