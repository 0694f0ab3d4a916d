/** One event of a stream; `id` is where the reader stands after it. */
export interface StreamEvent {
  type: string;
  data: string;
}

/**
 * Reads the text of an event stream (HTML standard, server-sent events), in whatever pieces it comes, and hands over whole
 * events. `lastId` is what a reader that comes back sends as Last-Event-ID.
 */
export class EventStreamReader {
  lastId = '';
  #rest = '';
  #type = '';
  #data: string[] = [];

  constructor(readonly onEvent: (event: StreamEvent) => void) {}

  /** A new connection begins with a new line; what was half read is lost. */
  begin(): void {
    this.#rest = '';
    this.#type = '';
    this.#data = [];
  }

  take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line.endsWith('\r') ? line.slice(0, -1) : line);
  }

  #line(line: string): void {
    if (line === '') {
      if (this.#data.length > 0) this.onEvent({ type: this.#type || 'message', data: this.#data.join('\n') });
      this.#type = '';
      this.#data = [];
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;  // a comment: the stream is alive
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#type = value;
    else if (field === 'data') this.#data.push(value);
    else if (field === 'id') this.lastId = value;
  }
}
