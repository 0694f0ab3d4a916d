// What the tests of the page against the mock node share: a page that is logged in, and what is asked of it.
import assert from 'node:assert/strict';
import { Report, openPage, withBrowser } from './harness.mjs';
import { startMock } from './mock_server.mjs';

export const report = new Report();
export const deadline = Number(process.env.PRALINE_DEADLINE_S ?? 20) * 1000;
export const views = ['search', 'downloads', 'uploads', 'library', 'history', 'peers', 'settings'];
/** The browser itself reports a refused request; the first visit without a session is one. */
export const loginIsMissing = (text) => text.includes('401 (Unauthorized)');
/** And it reports each failed attempt to reach the event stream that a test has cut. */
export const streamIsCut = (text) => text.includes('ERR_') && text.includes('console:');

/** A search that was just closed may be asked for once more: it is not found, and the page leaves it at that. */
const isGone = (text) => text.includes('status of 404');

/** A test with its own node and browser; any complaint of the browser fails it. */
export async function onPage(name, { context: options = {}, mock: kind = {}, tolerated = () => false, login = true }, body) {
  await report.test(name, async () => {
    const mock = await startMock(kind);
    try {
      await withBrowser({ colorScheme: 'light', ...options }, async (context) => {
        context.setDefaultTimeout(deadline);
        const { page, complaints } = await openPage(context, mock.url, (text) => tolerated(text) || isGone(text) || (!login && loginIsMissing(text)));
        const see = (id) => page.getByTestId(id);
        await page.goto(login ? mock.loginLink : mock.url);
        if (login) await see('search-input').waitFor();
        await body({ page, mock, see, context });
        assert.deepEqual(complaints, [], 'the browser complained');
        assert.deepEqual(mock.problems, [], 'the mock answered what no node would');
      });
    } finally {
      await mock.stop();
    }
  });
}

export async function search({ page, see }, text) {
  await see('search-input').fill(text);
  await see('search-button').click();
  await page.getByTestId('result-row').first().waitFor();
}

/** Waits until `question` (run in the page) holds. */
export const until = (page, question, argument) => page.waitForFunction(question, argument, { timeout: deadline });
export const shownCount = (page, many) => until(page, (text) => document.querySelector('[data-testid=result-count]')?.textContent?.startsWith(text), many);

export async function fitsWidth(page, what) {
  const wide = await page.evaluate(() => {
    const parts = [document.documentElement, ...document.querySelectorAll('main, header, nav')];
    return parts.filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.tagName);
  });
  assert.deepEqual(wide, [], `${what} is wider than the screen`);
}
