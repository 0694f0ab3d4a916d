import { api, ApiError } from './api';
import type { Result, Search } from './types';

/** The most the API gives at a time. */
const batch = 1000;
const rowsMax = 100_000;
/** Rows are shown in gulps: sorting 100,000 of them for each small batch would make typing stutter. */
const publishMs = 200;

/** One search and the rows that came so far. */
export class SearchTab {
  info = $state.raw<Search>() as Search;
  /** The rows, in order of arrival. A new array at each gulp; an unchanged row keeps its object. */
  rows = $state.raw<Result[]>([]);
  loading = $state(true);
  filter = $state('');
  kind = $state('');
  sort = $state<'sources' | 'name' | 'size'>('sources');
  descending = $state(true);
  expanded = $state('');

  /** Being deleted: nothing more is asked about it. */
  closing = false;

  #place = new Map<string, number>();
  #pending: Result[] = [];
  #revision = 0;
  #busy = false;
  #again = false;
  #published = 0;

  constructor(info: Search) {
    this.info = info;
  }

  refresh = (): void => {
    if (this.closing) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    void this.#run();
  };

  async #run(): Promise<void> {
    do {
      this.#again = false;
      try {
        const info = await api.search(this.info.id);
        await this.#drain(info.revision);
        this.info = info;
      } catch (trouble) {
        if (trouble instanceof ApiError && trouble.status === 404) this.info = { ...this.info, open: false };
      }
      this.#publish(true);
      this.loading = false;
      await new Promise((resolve) => setTimeout(resolve, publishMs));
    } while (this.#again && !this.closing);
    this.#busy = false;
  }

  /** Rows come in order of revision; an answer that does not get further is the last one. */
  async #drain(goal: number): Promise<void> {
    while (this.#revision < goal && !this.closing) {
      const page = await api.results(this.info.id, this.#revision, batch);
      for (const row of page.rows) this.#take(row);
      if (page.revision <= this.#revision) return;
      this.#revision = page.revision;
      this.#publish(false);
    }
  }

  #take(row: Result): void {
    const known = this.#place.get(row.id);
    if (known !== undefined) {
      this.#pending[known] = row;
    } else if (this.#pending.length < rowsMax) {
      this.#place.set(row.id, this.#pending.length);
      this.#pending.push(row);
    }
  }

  #publish(now: boolean): void {
    const time = performance.now();
    if (!now && time - this.#published < publishMs) return;
    this.#published = time;
    this.rows = this.#pending.slice();
  }
}

/** The open searches and the one in front. */
class Searches {
  tabs = $state.raw<SearchTab[]>([]);
  current = $state(0);

  get front(): SearchTab | undefined {
    return this.tabs.find((tab) => tab.info.id === this.current);
  }

  open(info: Search): void {
    if (!this.tabs.some((tab) => tab.info.id === info.id)) this.tabs = [...this.tabs, new SearchTab(info)];
    this.current = info.id;
    this.front?.refresh();
  }

  close(id: number): void {
    const at = this.tabs.findIndex((tab) => tab.info.id === id);
    this.tabs = this.tabs.filter((tab) => tab.info.id !== id);
    if (this.current === id) this.current = this.tabs[Math.max(0, at - 1)]?.info.id ?? 0;
  }

  /** Takes up what the node already has: after a reload, or from another window. */
  async load(): Promise<void> {
    const infos = await api.searches();
    const kept = this.tabs.filter((tab) => infos.some((info) => info.id === tab.info.id));
    const fresh = infos.filter((info) => !kept.some((tab) => tab.info.id === info.id));
    this.tabs = [...kept, ...fresh.map((info) => new SearchTab(info))];
    if (!this.front) this.current = this.tabs.at(-1)?.info.id ?? 0;
    this.front?.refresh();
  }

  changed(id: string): void {
    const tab = this.tabs.find((one) => String(one.info.id) === id);
    if (!tab) void this.load().catch(() => {});
    else if (tab.info.id === this.current) tab.refresh();
    else void this.#glance(tab);
  }

  /** A tab behind another only needs its numbers; its rows are fetched when it comes to the front. */
  async #glance(tab: SearchTab): Promise<void> {
    if (tab.closing) return;
    try {
      tab.info = await api.search(tab.info.id);
    } catch {
      // It was closed meanwhile; the next load takes it away.
    }
  }

  show(id: number): void {
    this.current = id;
    this.front?.refresh();
  }

  forget(): void {
    this.tabs = [];
    this.current = 0;
  }
}

export const searches = new Searches();
