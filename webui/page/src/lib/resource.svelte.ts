/**
 * One thing the node knows, kept fresh: `refresh` may be called as often as events arrive, but at most one request is
 * under way and they start at least `gap_ms` apart.
 */
export class Resource<T> {
  value = $state.raw<T | undefined>(undefined);
  error = $state('');
  #load: () => Promise<T>;
  #gap_ms: number;
  #busy = false;
  #again = false;

  constructor(load: () => Promise<T>, gap_ms = 250) {
    this.#load = load;
    this.#gap_ms = gap_ms;
  }

  refresh = (): void => {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    void this.#run();
  };

  forget(): void {
    this.value = undefined;
    this.error = '';
  }

  async #run(): Promise<void> {
    do {
      this.#again = false;
      try {
        this.value = await this.#load();
        this.error = '';
      } catch (error) {
        this.error = error instanceof Error ? error.message : String(error);
      }
      await new Promise((resolve) => setTimeout(resolve, this.#gap_ms));
    } while (this.#again);
    this.#busy = false;
  }
}
