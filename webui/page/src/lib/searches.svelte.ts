import { api, ApiError } from './api';
import { router } from './router.svelte';
import type { Result, ResultQuery, Search } from './types';

/** Rows asked for at a time. */
const block = 200;
/** So many blocks around what is in sight are kept; the others are asked for again when they come back into sight. */
const blocksMax = 20;
/** A search that grows is looked at so often at most. */
const gapMs = 200;
/** The node keeps what is open here for three minutes after each time we say so; tabs in the background are slowed down. */
const watchEveryMs = 30_000;
/** More of them than the node takes at once are not said. */
const watchedMax = 200;
const watchedKey = 'praline-open-searches';

export type SortKey = 'relevance' | 'name' | 'size' | 'sources' | 'kind';

/** One search, and the rows of it that are in sight: the node filters, sorts and cuts them. */
export class SearchTab {
  info = $state.raw<Search>() as Search;
  matching = $state(0);
  total = $state(0);
  kinds = $state.raw<[string, number][]>([]);
  loading = $state(true);
  filter = $state('');
  kind = $state('');
  fresh = $state(false);
  sort = $state<SortKey>('relevance');
  descending = $state(true);
  expanded = $state('');

  /** Being deleted: nothing more is asked about it. */
  closing = false;
  /** It was opened or looked at here, so the node is to keep it. */
  watched = false;
  /** When `info` was read. */
  taken = Date.now();

  #blocks = $state.raw(new Map<number, Result[]>());
  #first = 0;
  #last = block;
  #stale = new Set<number>();
  #busy = false;
  #again = false;
  /** Grows with every other choice or order of rows. */
  #turn = $state(0);

  constructor(info: Search) {
    this.info = info;
  }

  take(info: Search): void {
    this.taken = Date.now();
    this.info = info;
  }

  get turn(): number {
    return this.#turn;
  }

  /** The row at this place; nothing yet when it is still to come. */
  row(index: number): Result | undefined {
    return this.#blocks.get(Math.floor(index / block))?.[index % block];
  }

  /** Where a row is, if it is among those that are here. */
  place(id: string): number {
    if (!id) return -1;
    for (const [at, rows] of this.#blocks) {
      const found = rows.findIndex((row) => row.id === id);
      if (found >= 0) return at * block + found;
    }
    return -1;
  }

  /** The rows from `first` to before `last` are in sight. */
  show(first: number, last: number): void {
    this.#first = first;
    this.#last = Math.max(last, first + 1);
    if (this.#wanted().length > 0) this.#start();
  }

  /** Other rows or another order are wanted. */
  choose(change: Partial<Pick<SearchTab, 'filter' | 'kind' | 'fresh' | 'sort' | 'descending'>>): void {
    Object.assign(this, change);
    this.#turn += 1;
    this.#first = 0;
    this.#last = block;
    for (const at of this.#blocks.keys()) this.#stale.add(at);
    this.#start();
  }

  refresh = (): void => {
    for (const at of this.#blocks.keys()) this.#stale.add(at);
    this.#start();
  };

  #start(): void {
    if (this.closing) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    void this.#run();
  }

  /** Blocks in sight that are not here, or not as they are now. */
  #wanted(): number[] {
    const wanted = [];
    for (let at = Math.floor(this.#first / block); at * block < this.#last; at += 1) {
      if (!this.#blocks.has(at) || this.#stale.has(at)) wanted.push(at);
    }
    return wanted;
  }

  async #run(): Promise<void> {
    do {
      this.#again = false;
      const turn = this.#turn;
      try {
        this.take(await api.search(this.info.id));
        for (const at of this.#wanted()) {
          if (this.closing || turn !== this.#turn) break;
          await this.#fetch(at, turn);
        }
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) this.take({ ...this.info, open: false, state: 'closed' });
      }
      this.loading = false;
      // What the user asked for meanwhile is not kept waiting; what the network brings is.
      if (turn === this.#turn) await new Promise((resolve) => setTimeout(resolve, gapMs));
      else this.#again = true;
    } while (this.#again && !this.closing);
    this.#busy = false;
  }

  async #fetch(at: number, turn: number): Promise<void> {
    const query: ResultQuery = {
      filter: this.filter.trim(), kind: this.kind, sort: this.sort, descending: this.descending, fresh: this.fresh,
    };
    const page = await api.results(this.info.id, query, at * block, block);
    if (turn !== this.#turn) return;
    const blocks = new Map(this.#blocks);
    blocks.set(at, page.rows);
    this.#stale.delete(at);
    const middle = Math.floor(this.#first / block);
    const far = [...blocks.keys()].sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const one of far.slice(0, Math.max(0, far.length - blocksMax))) blocks.delete(one);
    for (const one of [...blocks.keys()]) if (one > 0 && one * block >= page.matching) blocks.delete(one);
    this.#blocks = blocks;
    this.matching = page.matching;
    this.total = page.total;
    this.kinds = Object.entries(page.kinds).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  }
}

/** The open searches and the one in front. */
class Searches {
  tabs = $state.raw<SearchTab[]>([]);
  current = $state(0);
  /** What the node has is known. */
  loaded = $state(false);
  #ignored = new Set<string>();
  /** Closed here, while the node may still list them: a list that was asked for before must not bring them back. */
  #closed = new Set<number>();

  constructor() {
    setInterval(() => this.#watch(), watchEveryMs);
  }

  get front(): SearchTab | undefined {
    return this.tabs.find((tab) => tab.info.id === this.current);
  }

  open(info: Search): void {
    this.#closed.delete(info.id);
    if (!this.tabs.some((tab) => tab.info.id === info.id)) this.tabs = [...this.tabs, new SearchTab(info)];
    this.show(info.id);
  }

  close(id: number): void {
    const at = this.tabs.findIndex((tab) => tab.info.id === id);
    this.tabs = this.tabs.filter((tab) => tab.info.id !== id);
    this.#closed.add(id);
    if (this.current === id) this.current = this.tabs[Math.max(0, at - 1)]?.info.id ?? 0;
  }

  /** Takes up what the node already has: after a reload, or from another window. */
  async load(): Promise<void> {
    // The runs of saved searches come and go by themselves; they become tabs when they are looked at.
    const shown = new Set(this.tabs.map((tab) => tab.info.id));
    const all = await api.searches();
    const infos = all.filter((info) => !this.#closed.has(info.id) && (!info.saved_search || shown.has(info.id)));
    for (const id of this.#closed) if (!all.some((info) => info.id === id)) this.#closed.delete(id);
    const kept = this.tabs.filter((tab) => infos.some((info) => info.id === tab.info.id));
    const fresh = infos.filter((info) => !kept.some((tab) => tab.info.id === info.id));
    this.tabs = [...kept, ...fresh.map((info) => new SearchTab(info))];
    const before = this.#remembered();
    for (const tab of this.tabs) tab.watched ||= before.has(tab.info.id);
    if (!this.front) this.current = this.#named() ?? this.tabs.at(-1)?.info.id ?? 0;
    this.loaded = true;
    this.front?.refresh();
  }

  /** The one that the address names, if it is here. */
  #named(): number | undefined {
    return this.tabs.find((tab) => String(tab.info.id) === router.place.id)?.info.id;
  }

  changed(id: string): void {
    const tab = this.tabs.find((one) => String(one.info.id) === id);
    if (!tab) this.#unknown(id);
    else if (tab.info.id === this.current) tab.refresh();
    else void this.#glance(tab);
  }

  /** Runs of saved searches are not shown, so news of them need not lead to a reload each time. */
  #unknown(id: string): void {
    if (this.#ignored.has(id)) return;
    this.#ignored.add(id);
    void this.load()
      .then(() => {
        if (this.tabs.some((tab) => String(tab.info.id) === id)) this.#ignored.delete(id);
      })
      .catch(() => this.#ignored.delete(id));
  }

  /** A tab behind another only needs its numbers; its rows are fetched when it comes to the front. */
  async #glance(tab: SearchTab): Promise<void> {
    if (tab.closing) return;
    try {
      tab.take(await api.search(tab.info.id));
    } catch {
      // It was closed meanwhile; the next load takes it away.
    }
  }

  show(id: number): void {
    this.current = id;
    const tab = this.front;
    if (!tab) return;
    tab.refresh();
    if (tab.watched) return;
    tab.watched = true;
    this.#watch();
  }

  /** Those that a script has begun are left to the node to evict; those that are open here are not. */
  #watch(): void {
    const ids = this.tabs.filter((tab) => (tab.watched || tab === this.front) && !tab.closing).map((tab) => tab.info.id).slice(-watchedMax);
    if (ids.length === 0) return;
    try {
      sessionStorage.setItem(watchedKey, JSON.stringify(ids));
    } catch {
      // Storage may be off: then a reload forgets which ones were open.
    }
    void api.searches(ids).catch(() => {});
  }

  /** What was open here before a reload. */
  #remembered(): Set<number> {
    try {
      const ids: unknown = JSON.parse(sessionStorage.getItem(watchedKey) ?? '[]');
      return new Set(Array.isArray(ids) ? ids.filter((id): id is number => typeof id === 'number') : []);
    } catch {
      return new Set();
    }
  }

  forget(): void {
    this.tabs = [];
    this.current = 0;
    this.loaded = false;
  }
}

export const searches = new Searches();
