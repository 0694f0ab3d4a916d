import { api } from './api';
import { node } from './node.svelte';

type Limit = 'upload_limit' | 'download_limit';

/** What the limits were before they were turned down here: null: not set on the page. */
type Before = Record<Limit, string | null>;

const key = 'praline-speed-before';

/** The limits of bandwidth, and a switch that turns them down for a while. */
class Speed {
  readonly slowUp = '50 KiB/s';
  readonly slowDown = '250 KiB/s';
  busy = $state(false);
  problem = $state('');
  #before = $state.raw<Before | undefined>(this.#stored());

  ready = $derived(this.#setting('upload_limit') !== undefined && this.#setting('download_limit') !== undefined);
  upload = $derived(this.#setting('upload_limit')?.value ?? '');
  download = $derived(this.#setting('download_limit')?.value ?? '');
  limited = $derived(this.ready && (this.upload !== 'unlimited' || this.download !== 'unlimited'));
  /** Another browser, or the command line, may have lifted them meanwhile. */
  slow = $derived(this.#before !== undefined && this.#setting('upload_limit')?.source === 'page' && this.limited);

  async set(wanted: Partial<Record<Limit, string | null>>): Promise<boolean> {
    this.busy = true;
    this.problem = '';
    try {
      await api.changeSettings(wanted);
      return true;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      return false;
    } finally {
      this.busy = false;
      node.settings.refresh();
    }
  }

  async toggle(): Promise<void> {
    if (this.slow && this.#before) {
      if (await this.set(this.#before)) this.#keep(undefined);
      return;
    }
    const before = { upload_limit: this.#own('upload_limit'), download_limit: this.#own('download_limit') };
    if (await this.set({ upload_limit: this.slowUp, download_limit: this.slowDown })) this.#keep(before);
  }

  #setting(name: Limit) {
    return node.settings.value?.find((one) => one.key === name);
  }

  #own(name: Limit): string | null {
    const setting = this.#setting(name);
    return setting?.source === 'page' ? setting.value : null;
  }

  #keep(before: Before | undefined): void {
    this.#before = before;
    try {
      if (before) localStorage.setItem(key, JSON.stringify(before));
      else localStorage.removeItem(key);
    } catch {
      // Without storage the limits can still be lifted by hand.
    }
  }

  #stored(): Before | undefined {
    try {
      const before = JSON.parse(localStorage.getItem(key) ?? 'null') as Partial<Before> | null;
      return before ? { upload_limit: before.upload_limit ?? null, download_limit: before.download_limit ?? null } : undefined;
    } catch {
      return undefined;
    }
  }
}

export const speed = new Speed();
