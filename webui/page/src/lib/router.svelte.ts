export const views = ['search', 'downloads', 'library', 'history', 'peers', 'settings'] as const;
export type View = (typeof views)[number];

function read(): View {
  const word = location.hash.replace(/^#\/?/, '');
  return views.find((view) => view === word) ?? 'search';
}

/** Which view is open; it lives in the address after '#', so that reload and the back button work. */
class Router {
  view = $state<View>(read());
  constructor() {
    addEventListener('hashchange', () => (this.view = read()));
  }
}

export const router = new Router();
