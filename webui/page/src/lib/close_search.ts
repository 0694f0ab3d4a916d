import { api, ApiError } from './api';
import { searches, type SearchTab } from './searches.svelte';
import { attempt } from './toasts.svelte';

/** Takes a search away, here and at the node; it may be gone there already. */
export async function closeSearch(tab: SearchTab): Promise<void> {
  tab.closing = true;
  const gone = await attempt(async () => {
    try {
      await api.deleteSearch(tab.info.id);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
    searches.close(tab.info.id);
  });
  if (!gone) tab.closing = false;
}
