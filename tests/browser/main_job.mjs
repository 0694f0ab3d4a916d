// The main job through the page of a running node: log in by link, search, download, wait until it is complete.
//   PRALINE_LOGIN_LINK   a login link of the node that has not been used yet
//   PRALINE_QUERY        the words to search for
//   PRALINE_EXPECT_NAME  the name the wanted row has
//   PRALINE_DEADLINE_S   for finding, and again for downloading; 120 when unset
//   SCREENSHOT_DIR       where pictures go, if anywhere
// Prints `path: …`, the finished file as the page shows it. Exit code 0: all passed; 1: a test failed; 2: called wrongly.
import assert from 'node:assert/strict';
import { Report, openPage, screenshot, withBrowser } from './harness.mjs';

const { PRALINE_LOGIN_LINK: link, PRALINE_QUERY: query, PRALINE_EXPECT_NAME: expected } = process.env;
if (!link || !query || !expected) {
  console.error('PRALINE_LOGIN_LINK, PRALINE_QUERY and PRALINE_EXPECT_NAME must be set.');
  process.exit(2);
}
const deadline = Number(process.env.PRALINE_DEADLINE_S ?? 120) * 1000;
const searchAgainMs = 10_000;
const report = new Report();

/** Asks again now and then: a search reaches only the nodes that are linked at that moment. */
async function find(page) {
  const row = page.getByTestId('result-row').filter({ has: page.getByTestId('result-name').getByText(expected, { exact: true }) });
  const end = Date.now() + deadline;
  for (;;) {
    await page.getByTestId('search-input').fill(query);
    await page.getByTestId('search-button').click();
    await page.getByTestId('result-filter').fill(expected);  // only rows in sight are in the document
    const patience = Math.min(searchAgainMs, end - Date.now());
    if (patience <= 0) throw new Error(`No row named “${expected}” appeared.`);
    const found = await row.first().waitFor({ timeout: patience }).then(() => true, () => false);
    if (found) return row.first();
  }
}

/** The state of the download with that name, once it is one that lasts. */
async function outcome(page, id) {
  const row = page.locator(`[data-testid=download-row][data-id="${id}"]`);
  const settled = row.locator('[data-testid=download-state]:is([data-state=completed], [data-state=failed])');
  await settled.waitFor({ timeout: deadline });
  const state = await settled.getAttribute('data-state');
  const reason = await row.getByTestId('download-reason').allInnerTexts();
  const path = await row.getByTestId('download-path').allInnerTexts();
  return { state, reason: reason.join(' '), path: path.join('') };
}

await withBrowser({}, async (context) => {
  context.setDefaultTimeout(deadline);
  const { page, complaints } = await openPage(context, new URL(link).origin);
  let ready = false;
  let started = '';

  await report.test('the login link opens the page', async () => {
    await page.goto(link);
    await page.getByTestId('search-input').waitFor();
    await page.getByTestId('status-role').waitFor();
    ready = true;
  });
  await report.test('a search finds the file and a click starts its download', async () => {
    assert.ok(ready, 'there is no page to search in');
    const row = await find(page);
    await screenshot(page, 'main-job-found');
    const answer = page.waitForResponse((one) => one.request().method() === 'POST' && one.url().endsWith('/api/v1/downloads'));
    await row.getByTestId('download-button').click();
    const response = await answer;
    assert.ok(response.ok(), `the node refused: ${await response.text()}`);
    started = (await response.json()).id;
    await row.getByTestId('download-link').waitFor();
  });
  await report.test('the download completes with every byte verified', async () => {
    assert.ok(started, 'no download has been started');
    await page.getByTestId('nav-downloads').click();
    await page.locator(`[data-testid=download-row][data-id="${started}"]`).waitFor();
    await screenshot(page, 'main-job-downloading');
    const { state, reason, path } = await outcome(page, started);
    await screenshot(page, 'main-job-end');
    assert.equal(state, 'completed', reason);
    assert.ok(path, 'the row shows no path');
    console.log(`path: ${path}`);
  });
  await report.test('the browser had nothing to complain about', async () => {
    assert.deepEqual(complaints, []);
  });
});

report.finish();
