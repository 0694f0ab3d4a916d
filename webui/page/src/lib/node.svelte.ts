import { api, whenUnauthorised } from './api';
import { DownloadList } from './download_list';
import { listen } from './events';
import { Resource } from './resource.svelte';
import { searches } from './searches.svelte';
import type { Change, Download, Status } from './types';

/** How long the stream may be down before the page says so: a hiccup is not worth a word. */
const patienceMs = 1200;
/** Rates must fall to zero when nothing happens any more, and then no event says so. */
const statusEveryMs = 4000;

type Stage = 'starting' | 'login' | 'ready' | 'stopped';

/** The page's picture of the node. */
class Node {
  stage = $state<Stage>('starting');
  lost = $state(false);
  downRate = $state(0);
  upRate = $state(0);
  status = new Resource<Status>(async () => this.#measure(await api.status()), 400);
  peers = new Resource(api.peers);
  namedPeers = new Resource(api.namedPeers);
  downloads = new Resource(new DownloadList().load);
  uploads = new Resource(api.uploads);
  library = new Resource(api.library);
  settings = new Resource(api.settings);
  strategies = new Resource(api.strategies);
  saved = new Resource(api.savedSearches);
  /** Grows when the history may have changed. */
  historyTurn = $state(0);
  /** Grows when the list of shared files may have changed. */
  libraryTurn = $state(0);
  downloadOf = $derived(new Map<string, Download>((this.downloads.value ?? []).map((one) => [one.id, one])));
  /** Downloads that are not finished. */
  going = $derived((this.downloads.value ?? []).filter((one) => one.state !== 'completed').length);
  downloadOfUrn = $derived(new Map<string, Download>((this.downloads.value ?? []).map((one) => [one.urn, one])));

  #stream: ReturnType<typeof listen> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #last: Status | undefined;

  constructor() {
    whenUnauthorised(() => this.#end('login'));
    setInterval(() => {
      if (this.stage === 'ready' && !document.hidden) this.status.refresh();
    }, statusEveryMs);
  }

  async start(): Promise<void> {
    try {
      this.status.value = this.#measure(await api.status());
    } catch {
      if (this.stage === 'starting') {
        this.lost = true;
        setTimeout(() => void this.start(), 2000);
      }
      return;
    }
    this.lost = false;
    this.stage = 'ready';
    this.reloadAll();
    this.#stream?.close();
    this.#stream = listen({
      change: (change) => this.#changed(change),
      reset: () => this.reloadAll(),
      connected: (up) => this.#connected(up),
    });
  }

  async reopen(): Promise<void> {
    this.stage = 'starting';
    await this.start();
  }

  retry(): void {
    if (this.#stream) this.#stream.retry();
    else void this.start();
  }

  async shutDown(): Promise<void> {
    await api.shutDown();
    this.#end('stopped');
  }

  reloadAll(): void {
    const all = [
      this.status, this.peers, this.namedPeers, this.downloads, this.uploads, this.library, this.settings, this.strategies, this.saved,
    ];
    for (const one of all) one.refresh();
    this.libraryTurn += 1;
    this.historyTurn += 1;
    void searches.load().catch(() => {});
  }

  #changed(change: Change): void {
    if (change.topic === 'search') searches.changed(change.id);
    else if (change.topic === 'history') this.historyTurn += 1;
    else this[change.topic]?.refresh();
    if (change.topic === 'library') this.libraryTurn += 1;
    if (change.topic === 'peers') this.namedPeers.refresh();
    if (change.topic === 'settings') this.status.refresh();  // what is wrong with a setting stands there
  }

  #connected(up: boolean): void {
    if (up) {
      clearTimeout(this.#patience);
      this.#patience = undefined;
      this.lost = false;
      return;
    }
    this.status.refresh();  // a session that is over shows as 401 here, and nowhere in the stream
    this.#patience ??= setTimeout(() => (this.lost = true), patienceMs);  // each failed retry comes here again
  }

  #end(stage: Stage): void {
    this.#stream?.close();
    this.#stream = undefined;
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.lost = false;
    this.stage = stage;
    searches.forget();
  }

  #measure(now: Status): Status {
    const before = this.#last;
    const seconds = before ? now.uptime_seconds - before.uptime_seconds : 0;
    if (before && seconds > 0.5 && now.bytes_downloaded >= before.bytes_downloaded) {
      this.downRate = (now.bytes_downloaded - before.bytes_downloaded) / seconds;
      this.upRate = Math.max(0, now.bytes_uploaded - before.bytes_uploaded) / seconds;
    }
    if (!before || seconds > 0.5 || seconds < 0) this.#last = now;
    return now;
  }
}

export const node = new Node();
