import { store, stored } from './stored';

export const views = ['search', 'downloads', 'uploads', 'library', 'history', 'peers', 'settings'] as const;
export type View = (typeof views)[number];

/** An address after '#': `#/search/47?kind=audio&sort=size`. */
export interface Place {
  view: View;
  /** What of the view is shown; empty: the view decides. */
  id: string;
  /** How it is shown. */
  params: URLSearchParams;
}

export function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [word, id = ''] = path.split('/', 2);
  return { view: views.find((view) => view === word) ?? 'search', id, params: new URLSearchParams(query) };
}

export function hashOf({ view, id, params }: Place): string {
  const query = params.toString();
  return `#/${view}${id ? `/${id}` : ''}${query ? `?${query}` : ''}`;
}

/** Views whose filter and order are kept, also for the next visit. */
const remembered: View[] = ['downloads', 'library'];
const keyOf = (view: View): string => `praline-${view}`;

/** What is shown lives in the address after '#', so that reload, bookmarks and the back button work. */
class Router {
  place = $state.raw<Place>(placeOf(location.hash));
  view = $derived(this.place.view);

  /** By view, what its address ended with when it was last shown. */
  #last = $state.raw<Partial<Record<View, string>>>(Object.fromEntries(remembered.map((view) => [view, stored(keyOf(view))])));

  constructor() {
    addEventListener('hashchange', () => {
      this.place = placeOf(location.hash);
      this.#remember();
    });
  }

  /** Where a view was left; the open view itself as it begins. */
  hrefOf(view: View): string {
    const last = view === this.view ? '' : this.#last[view];
    return `#/${view}${last ? `?${last}` : ''}`;
  }

  #remember(): void {
    const { view, params } = this.place;
    if (!remembered.includes(view)) return;
    const kept = new URLSearchParams(params);
    kept.delete('add');  // a link that was handed over once
    this.#last = { ...this.#last, [view]: kept.toString() };
    store(keyOf(view), kept.toString());
  }

  /** What is shown has changed; `step`: Back returns to what was shown before. */
  tell(place: Place, step: boolean): void {
    const hash = hashOf(place);
    // The address itself may be ahead of us: Back changes it before it is told.
    if (hash === hashOf(this.place)) return;
    if (step) history.pushState(null, '', hash);
    else history.replaceState(null, '', hash);
    this.place = place;
    this.#remember();
  }
}

export const router = new Router();
