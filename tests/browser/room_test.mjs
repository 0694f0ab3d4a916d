// Room, keyboard and addresses: what stands in the way of work with the page, against the mock node.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { screenshot } from './harness.mjs';
import { fitsWidth, onPage, report, search, shownCount, until, views } from './on_page.mjs';

const axe = readFileSync(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
/** Width, height, and the whole rows of results that a person sees there at least. */
const sizes = [[320, 640, 5], [360, 640, 6], [720, 450, 3], [1280, 720, 9], [1440, 900, 14], [1920, 1080, 18]];

const wholeRows = (page) => page.evaluate(() => {
  const list = document.querySelector('[data-testid=result-list]').getBoundingClientRect();
  return [...document.querySelectorAll('[data-testid=result-row]')].filter((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return top >= list.top - 1 && bottom <= Math.min(list.bottom, innerHeight) + 1;
  }).length;
});

async function show(page, see, view) {
  await see(`nav-${view}`).click();
  await page.locator(`[data-testid=nav-${view}][aria-current=page]`).waitFor();
  await page.locator('main h1').first().waitFor({ state: 'attached' });
  const parts = { search: 'result-row', downloads: 'download-row', library: 'library-file', history: 'history-row', settings: 'setting-row', peers: 'peers-row', uploads: 'upload-row' };
  await see(parts[view]).first().waitFor();
}

const focused = (page) => page.evaluate(() => document.activeElement?.tagName);
const violations = async (page) => {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const found = await window.axe.run(document, { resultTypes: ['violations'] });
    return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(' | ')}`);
  });
};

await onPage('results have room, and no view is wider than the screen, at six sizes', {}, async (at) => {
  const { page, see } = at;
  await search(at, 'walnut');
  await shownCount(page, '64 results');
  for (const [width, height, rows] of sizes) {
    await page.setViewportSize({ width, height });
    for (const view of views) {
      await show(page, see, view);
      await fitsWidth(page, `${view} at ${width}`);
      if (view === 'search') {
        const seen = await wholeRows(page);
        console.log(`# ${width}x${height}: ${seen} whole rows`);
        assert.ok(seen >= rows, `${seen} whole rows at ${width}x${height}, not ${rows}`);
        // What a search cost never takes room from the list.
        await see('price').click();
        assert.equal(await wholeRows(page), seen);
        await see('price-panel-close').click();
      }
      await screenshot(page, `${width}-${view}`);
    }
  }
  await page.setViewportSize({ width: 1280, height: 720 });
  await show(page, see, 'search');
  const roomy = await wholeRows(page);
  await see('density').click();
  await until(page, () => document.querySelector('[data-testid=result-row] .row').clientHeight < 34);
  assert.ok((await wholeRows(page)) > roomy, 'compact rows are more rows');
});

await onPage('the details of a row stand beside the list, and in it where there is no room', {}, async (at) => {
  const { page, see } = at;
  await search(at, 'walnut');
  await shownCount(page, '64 results');
  const seen = await wholeRows(page);
  await page.locator('[data-testid=result-row] .open').nth(1).click();
  await see('result-panel').getByTestId('result-details').waitFor();
  assert.equal(await wholeRows(page), seen);
  await page.keyboard.press('Escape');
  await see('result-panel').waitFor({ state: 'detached' });
  await page.setViewportSize({ width: 800, height: 700 });
  await page.locator('[data-testid=result-row] .open').nth(1).click();
  await see('result-list').getByTestId('result-details').waitFor();
});

await onPage('the main job by keyboard alone: search, look, download, see it come; the focus is never lost', {}, async (at) => {
  const { page, see } = at;
  const press = async (...keys) => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await until(page, () => document.activeElement !== document.body);
    }
  };
  await until(page, () => document.activeElement?.id === 'search');  // where the page begins
  await page.keyboard.type('walnut');
  await press('Enter');
  await shownCount(page, '64 results');
  await see('result-row').first().waitFor();
  for (let tabs = 0; tabs < 40; tabs += 1) {
    await press('Tab');
    if (await page.evaluate(() => document.activeElement?.closest('[data-index]'))) break;
  }
  const index = () => page.evaluate(() => Number(document.activeElement?.closest('[data-index]')?.dataset.index));
  assert.equal(await index(), 0);
  await press('ArrowDown', 'ArrowDown');
  assert.equal(await index(), 2);
  await press('End');
  await until(page, () => document.activeElement?.closest('[data-index]')?.dataset.index === '63');
  await press('PageUp');
  await until(page, () => Number(document.activeElement?.closest('[data-index]')?.dataset.index) < 60);
  await press('Home');
  await until(page, () => document.activeElement?.closest('[data-index]')?.dataset.index === '0');
  await press('Enter');
  await see('result-panel').waitFor();
  await press('Escape');
  await see('result-panel').waitFor({ state: 'detached' });
  await page.keyboard.press('d');
  await see('download-link').first().waitFor();
  await press('?');
  await see('shortcuts').waitFor();
  await press('Escape', 'g', 'd');
  await see('download-row').first().waitFor();
  assert.notEqual(await focused(page), undefined);
  await press('/');
  await until(page, () => document.activeElement?.id === 'search');
});

await onPage('the address says what is shown: it can be kept, and Back leads to what was shown before', {}, async (at) => {
  const { page, see } = at;
  await search(at, 'walnut');
  await shownCount(page, '64 results');
  await see('kind-chip').filter({ hasText: 'audio' }).click();
  await see('sort-size').click();
  await see('result-filter').fill('walnut');
  await until(page, () => location.hash === '#/search/1?kind=audio&q=walnut&sort=size');
  await search(at, 'hazel');
  await until(page, () => location.hash === '#/search/2');
  await page.goBack();
  await until(page, () => document.querySelector('[data-testid=result-filter]')?.value === 'walnut');
  await page.reload();
  await until(page, () => document.querySelector('[data-testid=result-filter]')?.value === 'walnut');
  await see('kind-chip').and(page.locator('[aria-pressed=true]')).getByText('audio').waitFor();
  await page.locator('[data-testid=sort-size][aria-pressed=true]').waitFor();
  await page.locator('[data-testid=result-row] .open').first().click();
  await until(page, () => /open=1-\d+/.test(location.hash));
  await see('nav-downloads').click();
  await see('nav-search').click();
  await see('result-panel').waitFor();
});

await onPage('the main job on a phone', { context: { viewport: { width: 360, height: 640 }, hasTouch: true } }, async (at) => {
  const { page, see } = at;
  await search(at, 'walnut');
  await shownCount(page, '64 results');
  await see('filter-open').click();
  await see('result-filter').fill('00012');
  await shownCount(page, '1 of 64');
  await page.locator('[data-testid=result-row] .open').first().click();
  await see('result-details').waitFor();
  await fitsWidth(page, 'an open row');
  await see('download-button').click();
  await see('download-link').click();
  await page.locator('[data-testid=download-row] [data-state=completed]').first().waitFor();
  await fitsWidth(page, 'downloads');
});

await onPage('speed is limited from every view, and slowed down for a while', {}, async ({ page, see, mock }) => {
  const value = (key) => mock.node.settings.find((one) => one.key === key).value;
  await see('nav-library').click();
  await see('speed').click();
  await see('speed-upload').fill('300 KiB/s');
  await see('speed-save').click();
  await until(page, () => document.querySelector('[data-testid=speed]')?.getAttribute('aria-label')?.includes('limited'));
  assert.equal(value('upload_limit'), '300 KiB/s');
  await see('speed-slow').click();
  await see('speed-slow').getByText('Back to full speed').waitFor();
  assert.equal(value('download_limit'), '250 KiB/s');
  await see('speed-slow').click();
  await see('speed-slow').getByText('Slow down for now').waitFor();
  assert.equal(value('upload_limit'), '300 KiB/s');
  assert.equal(mock.node.settings.find((one) => one.key === 'download_limit').source, 'default');
});

for (const colorScheme of ['light', 'dark']) {
  await onPage(`every view and state is free of what axe-core finds, ${colorScheme}`, { context: { colorScheme } }, async (at) => {
    const { page, see } = at;
    const clean = async (what) => assert.deepEqual(await violations(page), [], what);
    await clean('the first page');
    await see('strategy-more').click();
    await clean('options of a search');
    await search(at, 'slow walnut');
    await shownCount(page, '64 results');
    await page.locator('[data-testid=result-row] .open').nth(1).click();
    await see('result-panel').waitFor();
    await clean('results with a row open');
    await screenshot(page, `${colorScheme}-row-open`);
    await see('price').click();
    await see('price-panel').waitFor();
    await clean('what a search cost');
    await screenshot(page, `${colorScheme}-price`);
    for (const view of views.slice(1)) {
      await show(page, see, view);
      await clean(view);
      await screenshot(page, `${colorScheme}-${view}`);
    }
    await see('speed').click();
    await clean('limits of speed');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await see('shortcuts').waitFor();
    await clean('the keys');
    await screenshot(page, `${colorScheme}-keys`);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 360, height: 640 });
    for (const view of views) {
      await show(page, see, view);
      await clean(`${view} on a phone`);
    }
  });
}

report.finish();
