// The page against the mock node, in headless chromium. One line a test; exit code 0 when all passed.
import assert from 'node:assert/strict';
import { openPage, screenshot, withBrowser } from './harness.mjs';
import { nodeRoutes } from './described.mjs';
import { download } from './mock_data.mjs';
import { startMock, token } from './mock_server.mjs';
import { deadline, fitsWidth, loginIsMissing, onPage, report, search, shownCount, streamIsCut, until, views } from './on_page.mjs';

await report.test('a breach of the content policy would be noticed by these tests', async () => {
  const mock = await startMock();
  await withBrowser({}, async (context) => {
    const { page, complaints } = await openPage(context, mock.url);
    await page.goto(mock.loginLink);
    await page.getByTestId('search-input').waitFor();
    const heard = page.waitForEvent('console', { predicate: (message) => message.type() === 'error', timeout: deadline });
    await page.evaluate(() => {
      document.body.insertAdjacentHTML('beforeend', '<p style="color: red">inline</p>');
    });
    await heard;
    assert.match(complaints.join(), /Content Security Policy/);
  });
  await mock.stop();
});

await report.test('the mock has the routes of a node, and each answers as openapi.json describes', async () => {
  const mock = await startMock({ open: true });
  assert.deepEqual([...mock.routes].sort(), [...nodeRoutes].sort());
  const search = mock.node.startSearch({ text: 'meadow' }).id;
  const download = [...mock.node.downloads.keys()][0];
  const bodies = {
    '/api/v1/peers': { address: '192.0.2.1:6346' }, '/api/v1/searches': { text: 'moon' }, '/api/v1/downloads': { what: 'urn:sha1:A' }, '/login': { token },
    '/api/v1/downloads/batch': { files: ['urn:sha1:B'] }, '/api/v1/downloads/{id}': { priority: 'high' },
    '/api/v1/saved-searches': { text: 'moon', repeat_seconds: 600 }, '/api/v1/library/folders': { path: '/music' }, '/api/v1/settings': { mode: 'leaf' }, '/api/v1/tokens': { name: 'backup' },
  };
  const idOf = (path) => (path.includes('/searches/') ? search : path.includes('/downloads/') ? download : 1);
  const order = ['GET', 'POST', 'PATCH', 'DELETE'];  // what is deleted last was there before
  for (const method of order) {
    for (const path of nodeRoutes.filter((one) => one.startsWith(`${method} `)).map((one) => one.split(' ')[1])) {
      if (path === '/api/v1/events' || (method === 'GET' && path === '/login')) continue;
      const target = path.replace('{id}', idOf(path)).replace('{name}', 'abcdefghjkmn.part') + (path.endsWith('/preview') ? '?path=%2Fmusic' : '');
      const answer = await fetch(mock.url + target, {
        method, headers: { 'X-Praline': '1' }, ...(method === 'GET' ? {} : { body: JSON.stringify(bodies[path] ?? {}) }),
      });
      assert.ok(answer.status < 300, `${method} ${target} answered ${answer.status}: ${await answer.text()}`);
    }
  }
  assert.equal((await fetch(`${mock.url}/api/v1/searches/99`)).status, 404);
  const changes = await (await fetch(`${mock.url}/api/v1/searches/${search + 1}/results?since=0`)).json();
  assert.equal(changes.total, undefined);
  assert.deepEqual(mock.problems, []);
  await mock.stop();
});

await onPage('a stranger sees the login screen, a wrong token is refused, the right one opens the page', { login: false }, async ({ page, see }) => {
  await see('login-screen').waitFor();
  await see('login-token').fill('wrong');
  await see('login-button').click();
  await page.getByText('This is not the token').waitFor();
  await see('login-token').fill(token);
  await see('login-button').click();
  await see('search-input').waitFor();
});

await onPage('a login leaves nothing in the address or the history, and both of its halves are needed', { tolerated: loginIsMissing }, async ({ page, mock, see, context }) => {
  assert.equal(page.url(), `${mock.url}/`);
  assert.equal(await page.evaluate(() => history.length), 2);  // the empty page before, and this one
  assert.equal(await page.evaluate(() => document.cookie), '');
  const key = await page.evaluate(() => localStorage.getItem('praline-key'));
  const [cookie] = await context.cookies();
  assert.ok(key && !page.url().includes(key) && !cookie.value.includes(key));
  assert.equal(await page.evaluate(async () => (await fetch('/api/v1/status')).status), 401);  // the cookie goes along, the key does not
  const other = await context.newPage();
  await other.goto(mock.url);
  await other.getByTestId('search-input').waitFor();  // another tab of the same address has both
  await page.evaluate(() => localStorage.removeItem('praline-key'));
  await page.reload();
  await see('login-screen').waitFor();
  await other.goto(mock.loginLink);
  await see('search-input').waitFor();  // a login in one tab opens the others
});

await onPage('a session that ends leads back to the login screen', { tolerated: (text) => loginIsMissing(text) || streamIsCut(text) }, async ({ mock, see }) => {
  mock.logOut();
  mock.cutStreams(false);
  await see('login-screen').waitFor();
});

await onPage('results stream in, are filtered, sorted and told apart by kind', {}, async (at) => {
  const { page, see } = at;
  await search(at, 'walnut');
  await shownCount(page, '64 results');
  assert.equal(await see('status-role').innerText(), 'Ultrapeer');
  await see('sort-size').click();
  await until(page, () => /GiB/.test(document.querySelector('[data-testid=result-row] .size')?.textContent ?? ''));
  await see('sort-name').click();
  await until(page, () => {
    const names = [...document.querySelectorAll('[data-testid=result-name]')].map((one) => one.textContent.toLowerCase());
    return names.length > 5 && names.every((name, at) => at === 0 || names[at - 1] <= name);
  });
  await see('kind-chip').first().click();
  await until(page, () => / of 64/.test(document.querySelector('[data-testid=result-count]')?.textContent ?? ''));
  await see('kind-chip').first().click();
  await see('result-filter').fill('00005');
  await shownCount(page, '1 of 64');
  await see('result-filter').fill('no such word');
  await page.getByText('No result matches the filter').waitFor();
});

await onPage('a file name with markup in it is text, not markup', {}, async (at) => {
  const { page, see } = at;
  await search(at, 'walnut');
  await see('result-filter').fill('onerror');
  await see('result-row').getByText('<img src=x').waitFor();
  assert.equal(await page.locator('[data-testid=result-row] img').count(), 0);
  assert.doesNotMatch(await page.title(), /broken in/);
});

await onPage('a row opens to its sources and closes again, by keyboard', {}, async (at) => {
  const { page, see } = at;
  await search(at, 'walnut');
  await shownCount(page, '64 results');
  const opener = page.locator('[data-testid=result-row] .open').first();
  await opener.focus();
  await page.keyboard.press('Enter');
  await see('result-details').getByText(/\d+ hops?/).first().waitFor();
  await page.keyboard.press('Enter');
  await see('result-details').waitFor({ state: 'detached' });
  await page.keyboard.press('ArrowDown');
  const focused = await page.evaluate(() => document.activeElement?.closest('[data-index]')?.getAttribute('data-index'));
  assert.equal(focused, '1');
});

await onPage('a download starts from its row, shows progress and strip, and completes', {}, async (at) => {
  const { page, see } = at;
  await search(at, 'walnut');
  await shownCount(page, '64 results');
  await see('result-filter').fill('00012');
  await shownCount(page, '1 of 64');
  const name = await see('result-name').first().innerText();
  await see('download-button').click();
  await see('download-link').waitFor();
  await see('nav-downloads').click();
  const row = see('download-row').filter({ hasText: name });
  await row.getByTestId('download-progress').waitFor();
  await row.locator('[data-state=completed]').waitFor();
  assert.match(await row.getByTestId('download-path').innerText(), /downloads\//);
});

await onPage('downloads are paused, resumed and removed; a bad magnet link gets a sentence', { tolerated: (text) => text.includes('400 (Bad Request)') }, async ({ page, see }) => {
  await see('nav-downloads').click();
  const row = page.locator('[data-testid=download-row][data-id="1"]');
  await row.getByTestId('download-pause').click();
  await row.locator('[data-state=paused]').waitFor();
  await row.getByTestId('download-resume').click();
  await row.locator('[data-state=downloading]').waitFor();
  await row.getByTestId('download-remove').click();
  await row.getByTestId('download-remove-sure').click();
  await row.waitFor({ state: 'detached' });
  await see('magnet-input').fill('gibberish');
  await see('magnet-button').click();
  await see('toast').getByText('neither a magnet link').waitFor();
  await see('magnet-input').fill('magnet:?xt=urn:sha1:LWQEDQDPJXWQH2SJ4V3IZF7G2MIBZKVO');
  await see('magnet-button').click();
  await see('download-row').filter({ hasText: 'From magnet' }).waitFor();
});

await onPage('several links are added at once, and what a Metalink or .torrent file names', {}, async ({ page, see }) => {
  await see('nav-downloads').click();
  await see('magnet-input').fill('magnet:?xt=urn:sha1:LWQEDQDPJXWQH2SJ4V3IZF7G2MIBZKVO');
  await see('magnet-input').press('Shift+Enter');
  await see('magnet-input').pressSequentially('magnet:?xt=urn:sha1:WORIP4DDYHTHSZZHEP4MVECDBWFA4QY2');
  await see('magnet-input').press('Enter');
  await see('toast').getByText('2 downloads added.').waitFor();
  assert.equal(await see('magnet-input').inputValue(), '');
  const file = { name: 'album.torrent', mimeType: 'application/x-bittorrent', buffer: Buffer.from('d4:infode') };
  await see('link-file').setInputFiles(file);
  await see('toast').getByText('1 of 2 downloads added. The file rest.bin shares pieces').waitFor();
  const dropped = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['<metalink/>'], 'one.meta4'));
    return data;
  });
  await page.locator('.page').dispatchEvent('drop', { dataTransfer: dropped });
  await see('toast').getByText('shares pieces').nth(1).waitFor();
});

await onPage('a thousand waiting downloads say their place, a hundred are drawn, and one goes to the front', {}, async ({ page, see, mock }) => {
  for (let at = 0; at < 1000; at += 1) {
    const one = download(String(1000 + at), `file ${at}`, 'queued', 0, { queue_place: at + 1, sources: [] });
    mock.node.downloads.set(one.id, one);
  }
  mock.node.changed('downloads', '');
  await see('nav-downloads').click();
  await see('downloads-more').waitFor();
  assert.ok((await see('download-row').count()) <= 101, 'a hundred unfinished ones, and one that is finished');
  const row = page.locator('[data-testid=download-row][data-id="1005"]');
  await row.getByText('Queued, place 6').waitFor();
  await row.getByTestId('download-open-details').click();
  await see('download-priority').selectOption('high');
  await row.getByText('Queued, place 1').waitFor();
  await see('downloads-more').click();
  await page.locator('[data-testid=download-row][data-id="1150"]').waitFor();
});

await onPage('a folder is one row that unfolds, and is paused as one', {}, async ({ page, see, mock }) => {
  for (const [id, name] of [['71', 'one.flac'], ['72', 'two.flac']]) {
    mock.node.downloads.set(id, download(id, name, 'queued', 0, { group: 'folder-a', group_name: 'Album', below: 'disc 1', directory: '/music/Album/disc 1' }));
  }
  mock.node.changed('downloads', '');
  await see('nav-downloads').click();
  const group = see('download-group');
  await group.getByText('2 files to come').waitFor();
  assert.equal(await page.locator('[data-testid=download-row][data-id="71"]').count(), 0);
  await see('download-group-open').click();
  await page.locator('[data-testid=download-row][data-id="71"]').getByText('disc 1/one.flac').waitFor();
  assert.equal(await group.getByTestId('download-folder-button').innerText(), '/music');
});

await onPage('a download shows what each source sends, and who was dropped for what', {}, async ({ page, see }) => {
  await see('nav-downloads').click();
  const row = page.locator('[data-testid=download-row][data-id="1"]');
  await row.getByTestId('download-open-details').click();
  await until(page, () => location.hash === '#/downloads/1');
  const details = see('download-details');
  assert.match(await details.getByTestId('verified-strip').getAttribute('aria-label'), /\d+ of 120 parts verified/);
  assert.match(await see('chunk-picture').innerText(), /verified.*received, not yet verified.*1.00 MiB failed/s);
  assert.match(await see('chunk-liar').innerText(), /203\.0\.113\.9:6346 sent 1.00 MiB in pieces that do not fit, and is not asked any more/);
  const sources = details.getByTestId('download-source');
  assert.equal(await sources.count(), 4);
  assert.match(await sources.first().innerText(), /192\.0\.2\.10:6346.*sending.*received.*verified/s);
  assert.match(await sources.nth(2).innerText(), /again in 0:45.*place 3 of its queue/s);
  assert.match(await sources.nth(3).innerText(), /dropped.*failed.*sent bytes that are not of this file/s);
});

await onPage('a download that stands still, or whose size nobody has said, says so', {}, async ({ page, see }) => {
  await see('nav-downloads').click();
  const stalled = page.locator('[data-testid=download-row][data-id="5"]');
  await stalled.locator('[data-state=stalled]').getByText('Stalled').waitFor();
  await stalled.getByTestId('download-reason').getByText('has sent nothing for 12 seconds').waitFor();
  const unknown = page.locator('[data-testid=download-row][data-id="6"]');
  await unknown.getByTestId('download-size-unknown').waitFor();
  assert.match(await unknown.getByTestId('download-name').innerText(), /^urn:/);
  assert.equal(await unknown.getByTestId('download-progress').getAttribute('aria-valuenow'), null);
  assert.doesNotMatch(await unknown.innerText(), /0 B of 0 B/);
});

await onPage('downloads are filtered and sorted, and many are paused or removed at once', {}, async ({ page, see, mock }) => {
  await see('nav-downloads').click();
  await see('downloads-finished').click();
  await until(page, () => document.querySelectorAll('[data-testid=download-row]').length === 1);
  await until(page, () => location.hash === '#/downloads?show=finished');
  await see('downloads-all').click();
  await see('downloads-order').selectOption('name');
  await until(page, () => document.querySelector('[data-testid=download-name]').textContent.startsWith('Bread'));
  await see('downloads-filter').fill('sintel');
  await until(page, () => document.querySelectorAll('[data-testid=download-row]').length === 1);
  await see('downloads-filter').fill('');
  for (const id of ['1', '5']) await page.locator(`[data-id="${id}"]`).getByTestId('download-select').check();
  await see('chosen-pause').click();
  await until(page, () => ['1', '5'].every((id) => document.querySelector(`[data-id="${id}"] [data-state=paused]`)));
  await see('chosen-priority').selectOption('low');
  await until(page, () => document.querySelectorAll('[data-testid=download-row]').length === 6);
  await see('chosen-remove').click();
  await see('chosen-remove-sure').click();
  await see('download-chosen').waitFor({ state: 'detached' });
  assert.deepEqual([...mock.node.downloads.keys()].sort(), ['2', '3', '4', '6']);
});

await onPage('100,000 rows scroll smoothly and only those in sight exist', {}, async (at) => {
  const { page, see } = at;
  await search(at, 'many');
  await shownCount(page, '100,000 results');
  const list = see('result-list');
  const measured = await list.evaluate(async (element) => {
    const frames = [];
    let before = performance.now();
    for (let step = 1; step <= 60; step += 1) {
      element.scrollTop = (element.scrollHeight * step) / 60;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = performance.now();
      frames.push(now - before);
      before = now;
    }
    return { median: frames.sort((a, b) => a - b)[30], rows: element.querySelectorAll('[data-index]').length };
  });
  assert.ok(measured.rows > 0 && measured.rows < 100, `${measured.rows} rows in the document`);
  await page.locator('[data-testid=result-row][aria-posinset="100000"]').waitFor();
  console.log(`# median frame while scrolling 100,000 rows: ${measured.median.toFixed(1)} ms, ${measured.rows} rows in the document`);
  await see('sort-name').click();
  await page.locator('[data-testid=result-row][aria-posinset="1"]').waitFor();
  const typed = await page.evaluate(async () => {
    const box = document.querySelector('[data-testid=result-filter]');
    const before = performance.now();
    box.value = '00777.';
    box.dispatchEvent(new Event('input', { bubbles: true }));
    while (!document.querySelector('[data-testid=result-row][aria-setsize="1"]')) await new Promise(requestAnimationFrame);
    return performance.now() - before;
  });
  console.log(`# filtering 100,000 rows: ${typed.toFixed(0)} ms until shown`);
  await page.getByText('00777.').waitFor();
  assert.ok(at.mock.node.largestPage <= 200, 'the page asks for what is in sight, not for all');
});

await onPage('a search that nobody could be asked says so and why, and is asked of the overlay instead', {}, async ({ page, see, mock }) => {
  mock.node.startSearch({ text: 'nobody home', strategy: 'index' });
  await page.reload();
  await page.getByText('No peer could be asked').waitFor();
  assert.match(await see('unasked').innerText(), /None of the index servers/);
  assert.equal(await page.getByText('Nothing found').count(), 0);
  await see('try-again').click();
  await until(page, () => location.hash === '#/search/2');
  await see('unasked').waitFor();
  await see('ask-overlay').click();
  await page.getByText('Nothing found').waitFor();
  assert.equal([...mock.node.searches.values()].at(-1).view.strategy, 'flood');
  assert.equal(await see('search-tab').count(), 0, 'it stands in the place of the other');
});

await onPage('the files of a source that lists them are opened beside the search, and a refusal is said', {}, async ({ page, see, mock }) => {
  mock.node.startSearch({ text: 'walnut' });
  await page.reload();
  await page.locator('[data-testid=result-row] .open').first().click();
  await see('browse').first().click();
  await page.getByText(/^Files of 192\.0\.2\./).first().waitFor();
  assert.equal(await see('search-tab').count(), 2);
  assert.equal(await see('search-save').count(), 0, 'a list is not repeated');
  mock.node.browse({ host: '192.0.2.9:6347', result: '1-1' });
  await page.reload();
  await page.getByText('Files of 192.0.2.9:6347').first().click();
  await page.getByText('192.0.2.9:6347 gives no list of its files.').waitFor();
  mock.node.browsed = [];
  const asked = page.waitForResponse((one) => one.url().endsWith('/api/v1/browse'));
  await see('try-again').click();
  await asked;
  assert.deepEqual(mock.node.browsed, [{ host: '192.0.2.9:6347', result: '1-1' }], 'as it was asked before');
  await page.getByText('192.0.2.9:6347 gives no list of its files.').waitFor();
});

await onPage('a search that everybody was asked without an answer says how long late ones are taken', {}, async ({ page, see }) => {
  await see('search-input').fill('late birds');
  await see('search-button').click();
  await page.getByText('No answers so far').waitFor();
  assert.match(await see('late').innerText(), /^2:\d\d$/);
  assert.equal(await page.getByText('Waiting for answers').count(), 0);
});

await onPage('what a search leaves out is shown beside its results, and what is open here is kept', {}, async (at) => {
  const { page, see, mock } = at;
  await search(at, 'walnut -battle size:>10M');
  assert.equal(await see('without').innerText(), 'without: battle');
  assert.equal((await see('conditions').innerText()).trim(), 'size:>10M');
  await see('price').click();
  await see('price-details').getByText('12 hits are left out as you asked').waitFor();
  const id = [...mock.node.searches.keys()].at(-1);
  await until(page, (open) => sessionStorage.getItem('praline-open-searches') === JSON.stringify([open]), id);
  assert.deepEqual(mock.node.watched, [id]);
  // A script's searches become tabs too, but are not kept.
  mock.node.startSearch({ text: 'from a script' });
  mock.node.changed('search', String(id + 1));
  await until(page, () => document.querySelectorAll('[data-testid=search-tab]').length === 2);
  await search(at, 'almond');
  await until(page, (open) => sessionStorage.getItem('praline-open-searches') === JSON.stringify([open, open + 2]), id);
});

await onPage('a search that asks the index first shows what that cost, and which sources the index named', {}, async (at) => {
  const { page, see } = at;
  await see('strategy').selectOption('hybrid');
  await see('strategy-explanation').getByText('the index knows too little').waitFor();
  await search(at, 'index first');
  await until(page, () => document.querySelector('[data-testid=price-index]')?.textContent?.includes('2.4'));
  assert.match(await see('price-index').innerText(), /2\s+messages/);
  await see('nav-peers').click();
  await see('index').getByText('192.0.2.7:6350').waitFor();
  assert.match(await see('index').innerText(), /192\.0\.2\.7:6350 \([\d.]+ ms away\).*3 of 3 servers/s);
});

await onPage('a strategy is chosen beside the search box, with its explanation and its own parameters', {}, async (at) => {
  const { page, see, mock } = at;
  await see('strategy-explanation').getByText('the most messages').waitFor();
  await see('strategy').selectOption('random-walk');
  await see('strategy-explanation').getByText('Walkers wander').waitFor();
  assert.equal(await see('strategy-options').count(), 0, 'parameters are folded away');
  await see('strategy-more').click();
  await see('parameter-walkers').fill('16');
  await see('parameter-state').uncheck();
  assert.equal(await see('parameter-ttl').count(), 0, 'a walk has no use for a TTL');
  await search(at, 'walnut');
  const { view } = mock.node.search(1);
  assert.equal(view.strategy, 'random-walk');
  assert.deepEqual(view.parameters, { walkers: 16, state: false });
  await shownCount(page, '64 results');
});

await onPage('parameters that the node refuses are said, and the words stay to be tried again', { tolerated: (text) => text.includes('400 (Bad Request)') }, async ({ see }) => {
  await see('strategy-more').click();
  await see('parameter-ttl').evaluate((box) => box.removeAttribute('max'));
  await see('parameter-ttl').fill('200');
  await see('search-input').fill('walnut');
  await see('search-button').click();
  await see('toast').getByText('ttl must be from 1 to 7').waitFor();
  assert.equal(await see('search-input').inputValue(), 'walnut');
});

await onPage('a search says what it costs while it goes, and what of it is an estimate', {}, async (at) => {
  const { page, see } = at;
  await search(at, 'walnut');
  await shownCount(page, '64 results');
  await until(page, () => document.querySelector('[data-testid=price-messages]')?.textContent === '31');
  assert.equal(await see('price-reach').innerText(), '220');
  await see('price').click();
  await see('price-details').getByText('estimate', { exact: true }).waitFor();
  await see('price-details').getByText(/hits by hops, \d+ of them from caches/).waitFor();
  assert.ok((await see('price-details').locator('rect').count()) >= 3, 'a bar for each distance');
  await see('price-details').getByText('a node knows its own links only').first().waitFor();
  await screenshot(page, 'price');
});

await onPage('what only caches say is marked and can be left out', {}, async (at) => {
  const { page, see } = at;
  await search(at, 'walnut');
  await shownCount(page, '64 results');
  await see('result-filter').fill('00005');
  await shownCount(page, '1 of 64');
  await see('cached-mark').waitFor();
  await page.locator('[data-testid=result-row] .open').first().click();
  await see('result-details').getByText('from a cache, 40 s old').waitFor();
  await see('fresh-chip').click();
  await page.getByText('No result matches the filter').waitFor();
});

await onPage('a search is repeated within a budget, found under history, run at once and removed', {}, async (at) => {
  const { page, see, mock } = at;
  await search(at, 'walnut');
  await see('search-save').click();
  await see('save-form').getByLabel('Messages a day').fill('500');
  await see('save-sure').click();
  await see('save-form').waitFor({ state: 'detached' });
  await see('nav-history').click();
  const row = see('saved-row').filter({ hasText: 'walnut' });
  await row.getByText('of 500 messages today').waitFor();
  await row.getByTestId('saved-run').click();
  await row.getByText('1 run ').waitFor();
  await row.getByTestId('saved-remove').click();
  await row.waitFor({ state: 'detached' });
  await see('saved-skip').getByText('There was no link').waitFor();
  assert.equal(mock.node.saved.length, 2);
});

await onPage('the history says what searches cost; one is begun again, one forgotten, all forgotten', {}, async ({ page, see }) => {
  await see('nav-history').click();
  await until(page, () => document.querySelectorAll('[data-testid=history-row]').length === 3);
  await see('history-row').first().getByText('of about 220').waitFor();
  const ofIndex = await see('history-row').last().innerText();
  assert.match(ofIndex, /index 2 messages, 3\.05 KiB, 2\.4 ms/);
  assert.doesNotMatch(ofIndex, /answered|0 messages/, 'nobody else was asked');
  await see('history-forget').first().click();
  await until(page, () => document.querySelectorAll('[data-testid=history-row]').length === 2);
  await see('history-again').first().click();
  await see('search-text').getByText('meadow at dawn').waitFor();
  await see('nav-history').click();
  await see('history-clear').click();
  await see('history-clear-sure').click();
  await page.getByText('No search has ended yet').waitFor();
});

await onPage('several searches are tabs, each keeps its rows, and a closed one is gone', {}, async (at) => {
  const { page, see } = at;
  await search(at, 'slow walnut');
  await search(at, 'hazel');
  await page.getByText('hazel 000').first().waitFor();
  await see('search-tab').filter({ hasText: 'walnut' }).locator('.name').click();
  await page.getByText('slow walnut 000').first().waitFor();
  await see('search-stop').click();
  await see('search-stop').waitFor({ state: 'detached' });
  await see('search-tab').filter({ hasText: 'walnut' }).locator('.close').click();
  await see('search-tab').first().waitFor({ state: 'detached' });  // one alone needs no tab
  await page.reload();
  await see('search-text').getByText('hazel').waitFor();
});

await onPage('a search closed here is not brought back by a list that was asked for before', {}, async (at) => {
  const { page, see, mock } = at;
  await search(at, 'hazel');
  let release, taken;
  const released = new Promise((resolve) => { release = resolve; });
  const listed = new Promise((resolve) => { taken = resolve; });
  await page.route(/\/api\/v1\/searches$/, async (route) => {
    if (route.request().method() !== 'GET') return route.fallback();
    const response = await route.fetch();
    taken();
    await released;
    await route.fulfill({ response });
  });
  mock.node.startSearch({ text: 'from a script' });
  mock.node.changed('search', String([...mock.node.searches.keys()].at(-1)));
  await listed;
  await see('search-close').click();
  await page.getByText('What are you looking for?').waitFor();
  release();
  await see('search-text').getByText('from a script').waitFor();
  assert.equal(await see('search-tab').count(), 0);
});

await onPage('empty views say what to do', { mock: { empty: true } }, async (at) => {
  const { page, see } = at;
  await page.getByText('Connect to a peer').waitFor();
  await see('search-input').fill('nothing');
  await see('search-button').click();
  await page.getByText('There is no link to another node yet').waitFor();
  await page.getByText('Nothing found').waitFor();
  for (const [view, words] of [['downloads', 'Nothing here yet'], ['library', 'You share nothing yet'], ['peers', 'No links yet']]) {
    await see(`nav-${view}`).click();
    await see('empty').getByText(words).waitFor();
  }
});

await onPage('folders are shared and unshared; files are filtered and paged', { tolerated: (text) => text.includes('400 (Bad Request)') }, async ({ page, see }) => {
  await see('nav-library').click();
  await see('library-scan').getByText('42 files waiting').waitFor();
  await see('library-path').fill('not a path');
  await see('library-add').click();
  await see('toast').getByText('full path').waitFor();
  await see('library-path').fill('/srv/pictures');
  await see('library-add').click();
  const folder = see('library-folder').filter({ hasText: '/srv/pictures' });
  await folder.getByRole('button').click();
  await folder.waitFor({ state: 'detached' });
  await until(page, () => document.querySelectorAll('[data-testid=library-file]').length === 50);
  await see('library-next').click();
  await page.getByText('51–100').waitFor();
  await see('library-filter').fill('00077.');
  await until(page, () => document.querySelectorAll('[data-testid=library-file]').length === 1);
});

await onPage('a shared file is played in the page, opened in a tab or saved', {}, async ({ page, see, context }) => {
  await see('nav-library').click();
  const rowOf = async (name) => {
    await see('library-filter').fill(name);
    await until(page, (wanted) => {
      const rows = [...document.querySelectorAll('[data-testid=library-file]')];
      return rows.length > 0 && rows.every((row) => row.textContent.toLowerCase().includes(wanted));
    }, name);
    return see('library-file').first();
  };
  const song = await rowOf('.ogg');
  await song.getByTestId('library-play').click();
  await until(page, () => document.querySelector('[data-testid=player]')?.duration > 0);
  await song.getByTestId('library-stop').click();
  await see('player').waitFor({ state: 'detached' });
  const saved = page.waitForEvent('download', { timeout: deadline });
  await song.getByTestId('library-save').click();
  assert.match((await saved).suggestedFilename(), /\.ogg$/);
  await song.getByTestId('library-more').click();
  for (const [made, ending] of [['metalink', /\.ogg\.meta4$/], ['torrent', /\.ogg\.torrent$/]]) {
    const kept = page.waitForEvent('download', { timeout: deadline });
    await song.getByTestId(`library-${made}`).click();
    assert.match((await kept).suggestedFilename(), ending);
  }
  const document = await rowOf('.pdf');
  const opened = context.waitForEvent('page', { timeout: deadline });
  await document.getByTestId('library-open').click();
  await (await opened).waitForURL(/content\?link=/);
  const archive = await rowOf('.zip');
  assert.equal(await archive.getByTestId('library-open').count() + await archive.getByTestId('library-play').count(), 0);
});

await onPage('a download is played while it comes, and saved when it is finished', {}, async ({ page, see }) => {
  await see('nav-downloads').click();
  const film = page.locator('[data-testid=download-row][data-id="1"]');
  await film.getByTestId('download-play').click();
  await until(page, () => document.querySelector('[data-testid=player]')?.duration > 0);
  await film.getByTestId('download-stop').click();
  await see('player').waitFor({ state: 'detached' });
  assert.equal(await film.getByTestId('download-save').count(), 0);
  const finished = see('download-row').filter({ has: page.locator('[data-state=completed]') }).first();
  const saved = page.waitForEvent('download', { timeout: deadline });
  await finished.getByTestId('download-save').click();
  await saved;
});

await onPage('a folder that its owner may not expect to be public is looked at first, and shared with a yes only', { tolerated: (text) => text.includes('409 (Conflict)') }, async ({ page, see, mock }) => {
  await see('nav-library').click();
  await see('library-path').fill('/etc');
  await see('library-add').click();
  await see('share-preview').getByText('a folder of the system').waitFor();
  await see('preview-files').getByText('380 files').waitFor();
  await see('preview-warning').getByText('keys').waitFor();
  assert.equal(await see('preview-name').count(), 50);
  await see('share-preview').getByText('and 330 more').waitFor();
  await see('preview-cancel').click();
  await see('share-preview').waitFor({ state: 'detached' });
  assert.equal(mock.node.folders.length, 2);
  await see('library-add').click();
  await see('preview-share').click();
  await see('library-folder').filter({ hasText: '/etc' }).waitFor();
  await see('share-preview').waitFor({ state: 'detached' });
});

await onPage('what is left out, what waits for a yes, and what cannot be remembered is said in the library', {}, async ({ see, mock }) => {
  mock.node.libraryProblem = 'Hashes cannot be remembered: the disk is full.';
  mock.node.folders = [...mock.node.folders, {
    path: 'file:///srv/Caf%E9', name: 'Caf_', problem: 'It is not shared until you have said yes.', files: 0, bytes: 0,
    from_config: true, needs_confirmation: true, left_out: [],
  }];
  mock.node.changed('library', '');
  await see('nav-library').click();
  await see('library-problem').getByText('the disk is full').waitFor();
  await see('left-out').getByText('2 left out').click();
  await see('left-out').getByText('.cache, .notes.txt').waitFor();
  const waiting = see('library-folder').filter({ hasText: 'file:///srv/Caf%E9' });
  await waiting.getByText('Listed in the setting share').waitFor();
  await waiting.getByTestId('folder-look').click();
  await see('share-preview').waitFor();
  await waiting.getByRole('button', { name: 'Stop sharing' }).click();
  await waiting.waitFor({ state: 'detached' });
});

await onPage('the settings say how much is shared, and lead to the library', {}, async ({ see }) => {
  await see('nav-settings').click();
  await see('share-summary').getByText('2 folders, 1,234 files').waitFor();
  await see('share-summary').click();
  await see('library-folder').first().waitFor();
});

await onPage('peers are connected and disconnected', {}, async ({ page, see }) => {
  await see('nav-peers').click();
  await see('peer-address').fill('203.0.113.9:6346');
  await see('peer-connect').click();
  const row = see('peers-row').filter({ hasText: '203.0.113.9' });
  await row.getByRole('button').click();
  await row.waitFor({ state: 'detached' });
  await until(page, () => document.querySelectorAll('[data-testid=peers-row]').length === 4);
});

await onPage('a setting is changed in place, and says that it needs a restart', {}, async ({ page, see, mock }) => {
  await see('nav-settings').click();
  const row = page.locator('[data-key=mode]');
  await row.getByText('needs a restart').waitFor();
  await row.getByRole('combobox').selectOption('leaf');
  await row.getByText('set here').waitFor();
  assert.equal(mock.node.settings[0].value, 'leaf');
  const listen = page.locator('[data-key=listen]');
  await listen.locator('input').fill('127.0.0.1:7000');
  await listen.getByRole('button', { name: 'Save' }).click();
  await listen.getByText('set here').waitFor();
  await page.locator('[data-key=watch_folders]').getByRole('switch').click();
  await until(page, () => document.querySelector('[data-key=watch_folders] [role=switch]')?.getAttribute('aria-checked') === 'false');
});

await onPage('settings stand in groups, and the page says which wait for a restart; colours are of this browser', {}, async ({ page, see }) => {
  await see('nav-settings').click();
  for (const group of ['Transfers', 'Sharing', 'Search', 'Network']) await page.getByRole('heading', { name: group, exact: true }).waitFor();
  await page.locator('[data-key=mode]').getByRole('combobox').selectOption('leaf');
  await see('settings-pending').getByText('Mode').waitFor();
  await see('theme-dark').click();
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await page.reload();
  await see('setting-row').first().waitFor();
  assert.equal(await ground(), dark);
  await see('theme-light').click();
  assert.notEqual(await ground(), dark);
});

await onPage('the end of a download is told by a notification to who asked for it, and the title counts', {}, async ({ page, see, mock, context }) => {
  await context.grantPermissions(['notifications']);
  await page.addInitScript(() => {
    window.told = [];
    const real = window.Notification;
    window.Notification = class {
      static permission = 'default';
      static requestPermission = async () => (window.Notification.permission = 'granted');
      constructor(title, { body }) { window.told.push(`${title}: ${body}`); }
    };
    if (!real) throw new Error('this browser has no notifications');
  });
  await page.reload();
  await see('nav-downloads').click();
  const going = mock.node.downloads.size - [...mock.node.downloads.values()].filter((one) => one.state === 'completed').length;
  await until(page, (many) => document.title === `(${many}) Downloads – Praline`, going);
  await see('magnet-input').fill('magnet:?xt=urn:sha1:QUIET');
  await see('magnet-button').click();
  await page.locator('[data-testid=download-row]').filter({ hasText: 'QUIET' }).locator('[data-state=completed]').waitFor();
  assert.deepEqual(await page.evaluate(() => window.told), []);  // nobody has asked for it
  await see('nav-settings').click();
  await see('notices').click();
  await page.locator('[data-testid=notices][aria-checked=true]').waitFor();
  await see('nav-downloads').click();
  await see('magnet-input').fill('magnet:?xt=urn:sha1:LOUD');
  await see('magnet-button').click();
  await until(page, () => window.told.length === 1 && /LOUD.*verified/.test(window.told[0]));
});

await onPage('the page is installed by its manifest, and takes magnet links that wait for a yes', {}, async ({ page, see, mock }) => {
  const manifest = await page.evaluate(async () => (await fetch(document.querySelector('link[rel=manifest]').href)).json());
  for (const { src } of manifest.icons) assert.match((await (await fetch(mock.url + src)).text()), /^<svg /);
  const before = mock.node.downloads.size;
  await see('nav-settings').click();
  await page.evaluate(() => (navigator.registerProtocolHandler = (scheme, url) => (window.handler = [scheme, url])));
  await see('take-magnets').click();
  const [scheme, address] = await page.evaluate(() => window.handler);
  assert.equal(scheme, 'magnet');
  await page.goto('about:blank');
  await page.goto(address.replace('%s', encodeURIComponent('magnet:?xt=urn:sha1:HANDED&dn=a b')));
  await until(page, () => document.querySelector('[data-testid=magnet-input]')?.value === 'magnet:?xt=urn:sha1:HANDED&dn=a b');
  assert.equal(mock.node.downloads.size, before);
  await see('magnet-button').click();
  await see('download-row').filter({ hasText: 'HANDED' }).waitFor();
});

await onPage('the filter and the order of downloads are kept when one comes back, and after a new visit', {}, async ({ page, see, mock }) => {
  await see('nav-downloads').click();
  await see('downloads-filter').fill('recordings');
  await until(page, () => location.hash === '#/downloads?q=recordings');
  await see('nav-library').click();
  await see('nav-downloads').click();
  await until(page, () => document.querySelector('[data-testid=downloads-filter]')?.value === 'recordings');
  await page.goto(`${mock.url}/#/search`);
  await page.reload();
  await see('nav-downloads').click();
  await until(page, () => document.querySelector('[data-testid=downloads-filter]')?.value === 'recordings');
  await see('nav-downloads').click();  // again: all of them
  await until(page, () => location.hash === '#/downloads');
});

await onPage('first steps are a list that is ticked off, and hidden by who wants no more of it', { mock: { empty: true } }, async ({ page, see }) => {
  await see('first-steps').getByText('0 of 3 done').waitFor();
  await see('first-steps').getByRole('link', { name: 'Share a folder' }).click();
  await see('library-path').fill('/srv/pictures');
  await see('library-add').click();
  await see('library-folder').first().waitFor();
  await see('nav-search').click();
  await see('first-steps').getByText('1 of 3 done').waitFor();
  await see('first-steps-hide').click();
  await see('first-steps').waitFor({ state: 'detached' });
  await page.reload();
  await see('search-input').waitFor();
  assert.equal(await see('first-steps').count(), 0);
});

await onPage('a list is edited one item a line, and a comma stays in its item', {}, async ({ page, see, mock }) => {
  await see('nav-settings').click();
  const row = page.locator('[data-key=peers]');
  await row.locator('textarea').fill('a.example:1\nb, c.example:2\n');
  await row.getByRole('button', { name: 'Save' }).click();
  await row.getByText('set here').waitFor();
  assert.deepEqual(mock.node.settings.find((one) => one.key === 'peers').values, ['a.example:1', 'b, c.example:2']);
});

await onPage('a stored value that was left out is said on its row, and undone there', {}, async ({ page, see, mock }) => {
  await see('nav-settings').click();
  const row = page.locator('[data-key=downloads]');
  await row.getByTestId('setting-problem').getByText('praline config unset downloads').waitFor();
  await row.getByTestId('setting-undo').click();
  await row.getByTestId('setting-problem').waitFor({ state: 'detached' });
  assert.equal(mock.node.settings.find((one) => one.key === 'downloads').source, 'default');
});

await onPage('a named peer that is not connected says why, and is forgotten when it is not wanted any more', {}, async ({ see, mock }) => {
  await see('nav-peers').click();
  await see('named-peer').getByText('cannot be looked up').waitFor();
  await see('named-peer-forget').click();
  await see('named-peer').waitFor({ state: 'detached' });
  assert.deepEqual(mock.node.named, []);
});

await onPage('what is wrong with the node is said above every view', {}, async ({ see, mock }) => {
  mock.node.problems = ['The disk of /data is full: downloads wait.'];
  await see('nav-library').click();
  await see('problems-banner').getByText('The disk of /data is full').waitFor();
});

await onPage('a broken event stream is said, and after it heals all is fresh again', { tolerated: streamIsCut }, async ({ mock, see }) => {
  mock.cutStreams();
  await see('lost-banner').waitFor();
  mock.node.peers = [];
  mock.healStreams();
  await see('lost-banner').waitFor({ state: 'detached' });
  await see('status-links').getByText('0', { exact: true }).waitFor();
});

await onPage('the node is stopped from the page only after a second question', {}, async ({ page, see }) => {
  await see('nav-settings').click();
  await see('shutdown').click();
  await see('shutdown-sure').click();
  await page.getByText('The node has been stopped').waitFor();
});

for (const [name, options] of [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['360 pixels', { viewport: { width: 360, height: 740 } }],
  ['900 pixels', { viewport: { width: 900, height: 700 } }],
]) {
  await onPage(`every view renders without a complaint and without sideways scrolling: ${name}`, { context: options }, async (at) => {
    const { page, see } = at;
    await search(at, 'walnut');
    await shownCount(page, '64 results');
    await page.locator('[data-testid=result-row] .open').nth(1).click();
    await see('result-details').waitFor();
    for (const view of views) {
      await see(`nav-${view}`).click();
      await page.locator(`[data-testid=nav-${view}][aria-current=page]`).waitFor();
      if (view !== 'search') await page.locator('main h1').waitFor();
      if (view === 'library') await see('library-file').first().waitFor();
      if (view === 'history') await see('history-row').first().waitFor();
      if (view === 'settings') await see('setting-row').first().waitFor();
      await fitsWidth(page, view);
      await screenshot(page, `${name.replace(' ', '-')}-${view}`);
    }
    const [ground, ink] = await page.evaluate(() => {
      const style = getComputedStyle(document.body);
      return [style.backgroundColor, style.color].map((color) => Number(/\d+/.exec(color)?.[0]));
    });
    assert.equal(ground < ink, name === 'dark', 'the colours follow the preference of the system');
  });
}

report.finish();
