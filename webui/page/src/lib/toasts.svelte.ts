/** Short answers to what the user just did; they leave by themselves. */
export interface Toast {
  id: number;
  text: string;
  bad: boolean;
}

const shownMs = 6000;
const shownMax = 4;
let next = 1;

class Toasts {
  list = $state<Toast[]>([]);

  say(text: string, bad = false): void {
    const id = next++;
    this.list = [...this.list.slice(-(shownMax - 1)), { id, text, bad }];
    setTimeout(() => this.drop(id), shownMs);
  }

  drop(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();

/** Runs what the user asked for; a refusal becomes a sentence on the screen. @return whether it went well. */
export async function attempt(action: () => Promise<unknown>, done = ''): Promise<boolean> {
  try {
    await action();
    if (done) toasts.say(done);
    return true;
  } catch (error) {
    toasts.say(error instanceof Error ? error.message : String(error), true);
    return false;
  }
}

export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toasts.say(`${what} copied.`);
  } catch {
    toasts.say('The browser did not allow copying; the text can be selected by hand.', true);
  }
}
