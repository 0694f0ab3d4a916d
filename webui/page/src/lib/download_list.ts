import { api } from './api';
import type { Download, Downloads } from './types';

const priorities: Download['priority'][] = ['high', 'normal', 'low'];

/** All downloads in the order of their turn. With a thousand of them only what has changed is asked for. */
export class DownloadList {
  #revision = 0;
  #known = new Map<string, Download>();

  load = async (): Promise<Download[]> => this.take(await api.downloads(this.#revision));

  take(answer: Downloads): Download[] {
    if (answer.complete) this.#known.clear();
    for (const one of answer.downloads) this.#known.set(one.id, one);
    for (const id of answer.removed) this.#known.delete(id);
    this.#revision = answer.revision;
    return [...this.#known.values()].sort(
      (one, other) => priorities.indexOf(one.priority) - priorities.indexOf(other.priority) || one.order - other.order,
    );
  }
}

/** A download of its own, or the files of a folder at the place of the first. */
export interface DownloadEntry {
  key: string;
  files: Download[];
}

export function entriesOf(downloads: Download[]): DownloadEntry[] {
  const entries = new Map<string, DownloadEntry>();
  for (const one of downloads) {
    const key = one.group || one.id;
    const entry = entries.get(key);
    if (entry) entry.files.push(one);
    else entries.set(key, { key, files: [one] });
  }
  return [...entries.values()];
}

/** Place of each that waits for its turn: those in front of it may have begun since the node told of it. */
export function placesOf(downloads: Download[]): Map<string, number> {
  const waiting = downloads.filter((one) => one.state === 'queued' && one.queue_place !== null);
  return new Map(waiting.map((one, at) => [one.id, at + 1]));
}
