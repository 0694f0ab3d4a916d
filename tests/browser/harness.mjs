// What the browser tests share: a fresh chromium, a page that remembers its complaints, one line a test.
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** Runs `use(context)` in a chromium with a profile of its own, gone afterwards. */
export async function withBrowser(options, use) {
  const profile = await mkdtemp(join(tmpdir(), 'praline-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: flags,
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  try {
    return await use(context);
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}

/** A page whose console errors, exceptions, policy violations and requests to strangers are kept in `complaints`. */
export async function openPage(context, origin, tolerated = () => false) {
  const page = await context.newPage();
  const complaints = [];
  const complain = (text) => {
    if (!tolerated(text)) complaints.push(text);
  };
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complain(`console: ${message.text()}`);
  });
  page.on('pageerror', (trouble) => complain(`exception: ${trouble.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) complain(`request to a stranger: ${request.url()}`);
  });
  return { page, complaints };
}

export async function screenshot(page, name) {
  const folder = process.env.SCREENSHOT_DIR;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** Collects tests and their outcome; `finish` says the sum, as every test program does, and sets the exit code. */
export class Report {
  passed = 0;
  failed = 0;

  /** `ONLY=words` in the environment leaves out tests without these words in their name. */
  async test(name, body) {
    if (process.env.ONLY && !name.includes(process.env.ONLY)) return;
    try {
      await body();
      this.passed += 1;
      console.log(`ok - ${name}`);
    } catch (trouble) {
      this.failed += 1;
      console.log(`FAILED - ${name}`);
      console.log(String(trouble?.message ?? trouble).replace(/^/gm, '    '));
    }
  }

  finish() {
    console.log(`tests: ${this.passed} passed, ${this.failed} failed, 0 skipped`);
    process.exitCode = this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}
