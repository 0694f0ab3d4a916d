/** Settings that were changed here since the page was loaded; some wait for the next start. */
class Changed {
  keys = $state.raw<string[]>([]);

  note(key: string): void {
    if (!this.keys.includes(key)) this.keys = [...this.keys, key];
  }
}

export const changed = new Changed();
