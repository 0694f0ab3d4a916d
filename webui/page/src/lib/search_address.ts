import type { SearchTab, SortKey } from './searches.svelte';

const sorts: SortKey[] = ['relevance', 'name', 'size', 'sources', 'kind'];

/** What of a search is chosen, as it stands in the address; what is usual is left out. */
export function paramsOf(tab: SearchTab): URLSearchParams {
  const params = new URLSearchParams();
  if (tab.kind) params.set('kind', tab.kind);
  if (tab.filter.trim()) params.set('q', tab.filter.trim());
  if (tab.fresh) params.set('fresh', '1');
  if (tab.sort !== 'relevance') params.set('sort', tab.sort);
  if (tab.descending !== (tab.sort !== 'name')) params.set('order', tab.descending ? 'down' : 'up');
  if (tab.expanded) params.set('open', tab.expanded);
  return params;
}

/** Chooses what an address says. */
export function adopt(tab: SearchTab, params: URLSearchParams): void {
  if (params.toString() === paramsOf(tab).toString()) return;
  const sort = sorts.find((one) => one === params.get('sort')) ?? 'relevance';
  const order = params.get('order');
  const filter = params.get('q') ?? '';
  tab.choose({
    kind: params.get('kind') ?? '',
    filter: filter === tab.filter.trim() ? tab.filter : filter,
    fresh: params.has('fresh'),
    sort,
    descending: order ? order === 'down' : sort !== 'name',
  });
  tab.expanded = params.get('open') ?? '';
}
