import type { Search } from './types';

/** How long a search has been going, and how long it still takes late answers, when its state was read `since` seconds ago. */
export function ages(search: Search, since: number): { age: number; left: number } {
  return { age: search.age_seconds + since, left: Math.max(0, search.closes_in_seconds - since) };
}
