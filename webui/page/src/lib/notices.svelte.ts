import { store, stored } from './stored';
import type { Download } from './types';

const key = 'praline-notices';
/** With more at once, one notice says how many. */
const mostAtOnce = 3;

/** Tells by notifications of the system that downloads have ended: off until somebody asks for it. */
class Notices {
  possible = 'Notification' in window;
  /** Wanted here, and allowed by the browser. */
  on = $state(this.possible && stored(key) === 'on' && Notification.permission === 'granted');
  /** The browser was told not to allow it. */
  refused = $state(this.possible && Notification.permission === 'denied');

  #before: Map<string, Download['state']> | undefined;

  async ask(): Promise<void> {
    if (!this.possible) return;
    const answer = await Notification.requestPermission();
    this.refused = answer === 'denied';
    this.on = answer === 'granted';
    store(key, this.on ? 'on' : '');
  }

  end(): void {
    this.on = false;
    store(key, '');
  }

  /** What has ended since the last list. The first list says nothing new. */
  look(downloads: Download[]): void {
    const before = this.#before;
    this.#before = new Map(downloads.map((one) => [one.id, one.state]));
    if (!before || !this.on) return;
    const ended = downloads.filter((one) => (one.state === 'completed' || one.state === 'failed') && before.has(one.id) && before.get(one.id) !== one.state);
    if (ended.length > mostAtOnce) this.#tell(`${ended.length} downloads have ended`, '', 'praline-many');
    else for (const one of ended) this.#tell(one.name, one.state === 'completed' ? 'Downloaded; every byte is verified.' : one.reason, `praline-${one.id}`);
  }

  #tell(title: string, body: string, tag: string): void {
    try {
      const notice = new Notification(title, { body, tag, icon: '/favicon.svg' });
      notice.onclick = () => {
        window.focus();
        location.hash = '#/downloads';
        notice.close();
      };
    } catch {
      // Some phones allow notifications of service workers only.
    }
  }
}

export const notices = new Notices();
