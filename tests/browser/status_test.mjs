// The status page of an index server against a mock of it, in headless chromium. One line a test; exit code 0 when all passed.
import assert from 'node:assert/strict';
import { Report, openPage, screenshot, withBrowser } from './harness.mjs';
import { startIndexMock } from './mock_index.mjs';
import { token } from './mock_server.mjs';

const report = new Report();
const deadline = 20_000;
/** The browser itself reports a refused request; a visit without a session is one. */
const loginIsMissing = (text) => text.includes('401 (Unauthorized)');
const serverIsGone = (text) => text.includes('ERR_CONNECTION_REFUSED');

/** A test with its own server and browser; any complaint of the browser fails it. */
async function onStatusPage(name, { context: options = {}, change = () => {}, tolerated = () => false, login = true }, body) {
  await report.test(name, async () => {
    const mock = await startIndexMock();
    change(mock.status);
    try {
      await withBrowser({ colorScheme: 'light', ...options }, async (context) => {
        context.setDefaultTimeout(deadline);
        const { page, complaints } = await openPage(context, mock.url, tolerated);
        const see = (id) => page.getByTestId(id);
        await page.goto(login ? mock.loginLink : mock.url);
        if (login) await see('tile').first().waitFor();
        await body({ page, mock, see });
        assert.deepEqual(complaints, [], 'the browser complained');
        assert.deepEqual(mock.problems, [], 'the mock answered what no index server would');
      });
    } finally {
      await mock.stop();
    }
  });
}

const textOf = async (part) => (await part.innerText()).replace(/\s+/g, ' ');

await onStatusPage('a login link shows what the server knows of itself, its group, its times and its repairs', {}, async ({ page, see }) => {
  assert.equal(await see('server-state').innerText(), 'complete');
  const tiles = await Promise.all((await see('tile').all()).map(textOf));
  assert.deepEqual(tiles, [
    'Publishers here 104 of 412 in the group', 'Entries 1,730,022 1,204,511 different files, 700 MiB', 'Searches a second 26.8 96,411 since the start',
    'Changes a second 1.4 none waiting to be written', 'Load 20 % 118 connections',
  ]);
  const members = await Promise.all((await see('member').all()).map(textOf));
  assert.deepEqual(members, [
    '198.51.100.1:6382 directly 1 s ago 0 0 the same 10 %',
    '198.51.100.2:6382 through 198.51.100.1:6382 1 s ago 12 3 2 publishers differ 20 %',
    '198.51.100.3:6382 not reached 41 s ago, suspected 0 1,204 not compared yet 29 %',
    '[2001:db8:5e1f:12:89ab:cdef:1234:5678]:6382 directly 1 s ago 0 0 the same 39 %',
  ]);
  const times = await Promise.all((await see('times').all()).map(textOf));
  assert.deepEqual(times, [
    'Searches from question to answer 0.84 ms 3.10 ms 12.4 ms 310.2 ms', 'Changes until every server has it 2.10 ms 9.70 ms 48.3 ms 1,204.8 ms',
  ]);
  const text = await textOf(page.locator('main'));
  for (const fact of ['Comparisons 31,204', 'Lists copied 5, 120,344 entries; 1 failed', 'Digest 9f3a6cb1e2044d07', 'Key of the group a1b2c3d4'])
    assert.ok(text.includes(fact), fact);
  await screenshot(page, 'status');
  await page.getByText('All counters').click();
  await page.getByText('publishers repaired', { exact: true }).waitFor();
});

await onStatusPage('a server alone, incomplete and with a problem says so', {
  change: (status) => Object.assign(status, { members: [], answers_alone: false, problem: 'The disk is full.' }),
}, async ({ page, see }) => {
  await see('alone').getByText('group.secret').waitFor();
  assert.equal(await see('server-state').innerText(), 'incomplete: another server is asked too');
  await see('problem').getByText('The disk is full.').waitFor();
  await screenshot(page, 'status-alone');
});

await onStatusPage('what changes is shown without being asked for', {}, async ({ mock, see }) => {
  mock.status = { ...mock.status, publishers_here: 7 };
  await see('tile').first().getByText('7', { exact: true }).waitFor();
});

await onStatusPage('draining is asked about first, and can be left', {}, async ({ page, mock, see }) => {
  await see('drain').click();
  await page.getByRole('button', { name: 'Keep it running' }).click();
  assert.equal(mock.drained, 0);
  await see('drain').click();
  await see('drain-sure').click();
  await see('server-state').getByText('draining').waitFor();
  assert.equal(mock.drained, 1);
  assert.equal(await see('drain').count(), 0);
});

await onStatusPage('a stranger sees the login screen, and the token opens the page', { login: false, tolerated: loginIsMissing }, async ({ page, see }) => {
  await see('login-screen').getByText('praline --data DIR index status --login-link').waitFor();
  await screenshot(page, 'status-login');
  await see('login-token').fill('wrong');
  await see('login-button').click();
  await page.getByText('not the token').waitFor();
  await see('login-token').fill(token);
  await see('login-button').click();
  await see('tile').first().waitFor();
});

await onStatusPage('a session that ends leads back to the login screen', { tolerated: loginIsMissing }, async ({ mock, see }) => {
  mock.logOut();
  await see('login-screen').waitFor();
});

await onStatusPage('a server that is gone is said to be gone, and what was known stays', { tolerated: serverIsGone }, async ({ page, mock, see }) => {
  await mock.stop();
  await see('lost-banner').getByText('does not answer').waitFor();
  assert.ok(await see('tile').first().isVisible());
  await screenshot(page, 'status-lost');
});

for (const [name, options] of Object.entries({
  dark: { colorScheme: 'dark' }, narrow: { viewport: { width: 390, height: 844 } }, tablet: { viewport: { width: 820, height: 1180 } },
})) {
  await onStatusPage(`nothing is wider than the screen: ${name}`, { context: options }, async ({ page, see }) => {
    await see('times').first().waitFor();
    const parts = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll('main, header, .table')]
      .filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.className || part.tagName));
    assert.deepEqual(parts, []);
    await screenshot(page, `status-${name}`);
    if (process.env.SCREENSHOT_DIR) {
      await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
      await screenshot(page, `status-${name}-end`);
    }
  });
}

report.finish();
