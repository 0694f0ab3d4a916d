import type { Search } from './types';

/** Why no peer could be asked so far, a sentence; empty: one was, or may still be. */
export function whyUnasked(search: Search, links: number): string {
  if (search.unasked !== undefined) return search.unasked;
  // A node that does not say it itself: its price tells.
  const { messages, origins, index } = search.price;
  if (messages > 0 || origins > 0) return '';
  if (index) return index.files === 0 ? index.problem : '';
  if (search.state === 'asking') return '';
  return links === 0 ? 'This node has no link to another node.' : 'None of the nodes that this node is linked to accepts queries at the moment.';
}

/** How long a search has been going, and how long it still takes late answers, when its state was read `since` seconds ago. */
export function ages(search: Search, since: number): { age: number; left: number } {
  const usual = 180;
  const left = search.closes_in_seconds ?? usual - search.age_seconds;
  return { age: search.age_seconds + since, left: Math.max(0, left - since) };
}
