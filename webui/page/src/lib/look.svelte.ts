import { store, stored } from './stored';

/** How the page looks in this browser: no business of the node. */
export const themes = ['system', 'light', 'dark'] as const;
export const densities = ['comfortable', 'compact'] as const;
export type Theme = (typeof themes)[number];
export type Density = (typeof densities)[number];

const themeKey = 'praline-theme';
const densityKey = 'praline-density';

function kept<T extends string>(key: string, allowed: readonly T[], usual: T): T {
  return allowed.find((one) => one === stored(key)) ?? usual;
}

class Look {
  theme = $state<Theme>(kept(themeKey, themes, 'system'));
  density = $state<Density>(kept(densityKey, densities, 'comfortable'));
  /** Room for a panel beside a list. */
  wide = $state(false);
  /** One column, with large rows for fingers. */
  narrow = $state(false);
  compact = $derived(this.density === 'compact');

  constructor() {
    this.#follow('(min-width: 1100px)', (yes) => (this.wide = yes));
    this.#follow('(max-width: 640px)', (yes) => (this.narrow = yes));
    this.#show();
  }

  wear(theme: Theme): void {
    this.theme = theme;
    store(themeKey, theme);
    this.#show();
  }

  pack(density: Density): void {
    this.density = density;
    store(densityKey, density);
    this.#show();
  }

  #show(): void {
    document.documentElement.dataset.theme = this.theme;
    document.documentElement.dataset.density = this.density;
  }

  #follow(question: string, tell: (yes: boolean) => void): void {
    const media = matchMedia(question);
    tell(media.matches);
    media.addEventListener('change', () => tell(media.matches));
  }
}

export const look = new Look();
