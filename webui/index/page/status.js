'use strict';
// The status of one index server, asked for again and again. Text goes in as text, never as HTML.
const refreshEveryMs = 2000;
/** The half of the session that is no cookie: cookies go to every port of this machine, this only to ours. */
const keyName = 'praline-key';
const ask = (method, url, body) => fetch(url, {
  method, body, cache: 'no-store',
  headers: { Accept: 'application/json', 'X-Praline': '1', 'X-Praline-Key': localStorage.getItem(keyName) ?? '', ...(body ? { 'Content-Type': 'application/json' } : {}) },
});
const at = (id) => document.getElementById(id);
const number = new Intl.NumberFormat('en');
const rate = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (value >= 1024 && unit + 1 < units.length) { value /= 1024; ++unit; }
  return `${rate.format(value)} ${units[unit]}`;
}
function time(seconds) {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86400)} days`;
}
const milliseconds = (value) => (value < 10 ? `${value.toFixed(2)} ms` : `${rate.format(value)} ms`);

function element(name, text, kind) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}
function row(cells) {
  const made = element('tr');
  for (const cell of cells) {
    const place = element('td', undefined, cell.number ? 'number' : '');
    place.append(cell.node ?? cell.text ?? String(cell));
    made.append(place);
  }
  return made;
}
function pairs(list, entries) {
  list.replaceChildren(...entries.flatMap(([name, value]) => [element('dt', name), element('dd', value)]));
}

function way(member, byId) {
  if (member.direct) return element('span', 'direct', 'badge good');
  if (member.by_way_of) return element('span', `by way of ${byId.get(member.by_way_of) ?? member.by_way_of}`, 'badge warm');
  return element('span', 'no way', 'badge bad');
}
function comparison(member) {
  if (member.same) return element('span', 'the same', 'badge good');
  if (member.differing > 0) return element('span', `${number.format(member.differing)} publishers differ`, 'badge warm');
  return element('span', 'not compared yet', 'badge');
}

function show(status) {
  at('all').hidden = false;
  at('drain').hidden = status.draining;
  const state = at('state');
  const young = !status.answers_alone;
  state.textContent = status.draining ? 'draining' : young ? 'young: another server is asked too' : 'complete';
  state.className = `badge ${status.draining || young ? 'warm' : 'good'}`;
  at('problem').hidden = !status.problem;
  at('problem').textContent = status.problem;

  at('publishers-here').textContent = number.format(status.publishers_here);
  at('publishers').textContent = `of ${number.format(status.publishers)} in the group`;
  at('entries').textContent = number.format(status.catalogue.entries);
  at('files').textContent = `${number.format(status.catalogue.files)} different files, ${bytes(status.catalogue.disk_bytes)}`;
  at('search-rate').textContent = rate.format(status.searches.per_second);
  at('search-count').textContent = `${number.format(status.searches.count)} since the start`;
  at('write-rate').textContent = rate.format(status.writes.per_second);
  at('write-count').textContent = `${number.format(status.catalogue.waiting)} wait to be written`;
  at('load').textContent = `${Math.round(status.load / 2.55)} %`;
  at('sessions').textContent = `${number.format(status.sessions)} connections`;

  const byId = new Map(status.members.map((member) => [member.id, member.address]));
  at('members').replaceChildren(...status.members.map((member) => row([
    member.address,
    { node: way(member, byId) },
    { node: member.suspected ? element('span', `${time(member.silent_seconds)} ago, suspected`, 'badge bad') : element('span', `${time(member.silent_seconds)} ago`) },
    { number: true, text: number.format(member.writes_missing) },
    { number: true, text: number.format(member.acks_missing) },
    { node: comparison(member) },
    { number: true, text: `${Math.round(member.load / 2.55)} %` },
  ])));
  at('alone').hidden = status.members.length > 0;

  at('latencies').replaceChildren(...[['searches', status.searches], ['changes', status.writes]].map(([name, latency]) => row([
    name, ...['p50_ms', 'p90_ms', 'p99_ms', 'max_ms'].map((key) => ({ number: true, text: latency.count ? milliseconds(latency[key]) : '–' })),
  ])));

  const counters = status.counters;
  pairs(at('repair'), [
    ['comparisons', number.format(counters.comparisons ?? 0)],
    ['publishers repaired', number.format(counters.publishers_repaired ?? 0)],
    ['lists copied', `${number.format(counters.copies ?? 0)}, ${number.format(counters.copied_entries ?? 0)} entries; ${number.format(counters.copies_failed ?? 0)} failed`],
    ['digest', status.digest],
  ]);
  pairs(at('about'), [
    ['address', status.address], ['id', status.server], ['key of the group', status.group_key],
    ['version', status.version], ['up', time(status.uptime_seconds)],
  ]);
  pairs(at('counters'), Object.entries(counters).map(([name, value]) => [name.replaceAll('_', ' '), number.format(value)]));
}

function lost(sentence) {
  at('state').textContent = sentence;
  at('state').className = 'badge bad';
}

async function refresh() {
  try {
    const answer = await ask('GET', '/api/v1/index/status');
    at('login').hidden = answer.status !== 401;
    if (answer.status === 401) {
      at('all').hidden = true;
      lost('not logged in');
    } else if (answer.ok) {
      show(await answer.json());
    } else {
      lost(`it answers with status ${answer.status}`);
    }
  } catch {
    lost('it does not answer');
  }
}

at('login').addEventListener('submit', async (event) => {
  event.preventDefault();
  const answer = await ask('POST', '/login', JSON.stringify({ token: at('token').value }));
  const said = await answer.json();
  at('login-problem').textContent = answer.ok ? '' : said.error.message;
  if (answer.ok) localStorage.setItem(keyName, said.key);
  at('token').value = '';
  await refresh();
});
at('drain').addEventListener('click', async () => {
  if (!confirm('Send all nodes to other servers, and stop this one?')) return;
  await ask('POST', '/api/v1/index/drain');
  await refresh();
});

window.addEventListener('storage', refresh);
refresh();
setInterval(() => { if (!document.hidden) refresh(); }, refreshEveryMs);
document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
