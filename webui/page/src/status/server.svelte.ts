import { ApiError, get, post, whenUnauthorised } from '../lib/api';
import { Resource } from '../lib/resource.svelte';
import type { ServerStatus } from './types';

const refreshEveryMs = 2000;

type Stage = 'starting' | 'login' | 'ready';

/** The page's picture of the index server, which has no event stream: it is asked again and again while the page is seen. */
class Server {
  stage = $state<Stage>('starting');
  status = new Resource<ServerStatus>(() => this.#load());

  constructor() {
    whenUnauthorised(() => (this.stage = 'login'));
    setInterval(() => this.#ask(), refreshEveryMs);
    document.addEventListener('visibilitychange', () => this.#ask());
    this.#ask();
  }

  open = async (): Promise<void> => {
    this.stage = 'starting';
    this.status.refresh();
  };

  async drain(): Promise<void> {
    await post('/index/drain');
    this.status.refresh();
  }

  #ask(): void {
    if (!document.hidden && this.stage !== 'login') this.status.refresh();
  }

  async #load(): Promise<ServerStatus> {
    try {
      const status = (await get('/index/status')) as ServerStatus;
      this.stage = 'ready';
      return status;
    } catch (error) {
      if (error instanceof ApiError && error.status === 0) throw new Error('The index server does not answer. Is it still running?');
      throw error;
    }
  }
}

export const server = new Server();
