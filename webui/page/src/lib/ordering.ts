import type { Result } from './types';

export type SortKey = 'sources' | 'name' | 'size';

const folded = new WeakMap<Result, string>();

/** The name in one case, made once a row: comparing 100,000 names with a collator would take seconds. */
function fold(row: Result): string {
  let text = folded.get(row);
  if (text === undefined) {
    text = row.name.toLowerCase();
    folded.set(row, text);
  }
  return text;
}

function byName(a: Result, b: Result): number {
  const left = fold(a);
  const right = fold(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

const orders: Record<SortKey, (a: Result, b: Result) => number> = {
  name: byName,
  size: (a, b) => a.size_bytes - b.size_bytes,
  sources: (a, b) => a.sources.length - b.sources.length,
};

/** The rows to show, in order; equal rows keep the order in which they came. */
export function arrange(rows: Result[], filter: string, kind: string, key: SortKey, descending: boolean): Result[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = rows.filter((row) => {
    if (kind && row.kind !== kind) return false;
    return words.every((word) => fold(row).includes(word));
  });
  const order = orders[key];
  return kept.sort(descending ? (a, b) => order(b, a) : order);
}

/** How many rows there are of each kind, most frequent first. */
export function kindsOf(rows: Result[]): [string, number][] {
  const tally = new Map<string, number>();
  for (const row of rows) tally.set(row.kind, (tally.get(row.kind) ?? 0) + 1);
  return [...tally].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
