import type { Download, DownloadSource } from './types';

export const stateWords: Record<Download['state'], string> = {
  queued: 'Queued', searching: 'Looking for sources', connecting: 'Connecting', downloading: 'Downloading', stalled: 'Stalled',
  verifying: 'Verifying', paused: 'Paused', waiting: 'Waiting', completed: 'Completed', failed: 'Failed',
};

export const sourceWords: Record<DownloadSource['state'], string> = {
  waiting: 'waiting', connecting: 'connecting', idle: 'idle', asked: 'asked', receiving: 'sending', stalled: 'stalled', dropped: 'dropped',
};

export function toneOf(download: Download): string {
  if (download.state === 'completed') return 'good';
  if (download.state === 'failed') return 'bad';
  return download.state === 'paused' ? '' : 'warm';
}

export const filters = ['all', 'going', 'waiting', 'troubled', 'finished'] as const;
export type DownloadFilter = (typeof filters)[number];
export const filterWords: Record<DownloadFilter, string> = { all: 'All', going: 'Under way', waiting: 'Waiting', troubled: 'With trouble', finished: 'Finished' };

const groups: Record<Download['state'], DownloadFilter> = {
  queued: 'waiting', searching: 'troubled', connecting: 'going', downloading: 'going', stalled: 'troubled', verifying: 'going', paused: 'waiting',
  waiting: 'troubled', completed: 'finished', failed: 'troubled',
};

export const fits = (download: Download, filter: DownloadFilter): boolean => filter === 'all' || groups[download.state] === filter;

export const orders = ['turn', 'name', 'size', 'progress', 'speed'] as const;
export type DownloadOrder = (typeof orders)[number];
export const orderWords: Record<DownloadOrder, string> = { turn: 'In their turn', name: 'By name', size: 'Largest first', progress: 'Nearly done first', speed: 'Fastest first' };

const part = (one: Download) => (one.size_bytes > 0 ? one.verified_bytes / one.size_bytes : 0);
const comparisons: Record<Exclude<DownloadOrder, 'turn'>, (one: Download, other: Download) => number> = {
  name: (one, other) => one.name.localeCompare(other.name),
  size: (one, other) => other.size_bytes - one.size_bytes,
  progress: (one, other) => part(other) - part(one),
  speed: (one, other) => other.bytes_per_second - one.bytes_per_second,
};

export function sorted(downloads: Download[], order: DownloadOrder): Download[] {
  return order === 'turn' ? downloads : [...downloads].sort(comparisons[order]);
}
