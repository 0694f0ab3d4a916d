import type { IndexPrice, Price } from './types';

/** Numbers as people read them. Sizes count in 1024s, as file managers do, with the honest unit names. */

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function bytes(count: number): string {
  let value = Math.max(0, count);
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

export function rate(perSecond: number): string {
  return `${bytes(perSecond)}/s`;
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** With one digit behind the point, if it is not a 0. */
export function decimal(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

export function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(2) : decimal(value)} ms`;
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** What asking an index server cost, both ways. */
export function indexCost(price: IndexPrice): string {
  const took = price.milliseconds === null ? '' : `, ${price.milliseconds.toFixed(1)} ms`;
  return `${plural(price.messages, 'message')}, ${bytes(price.bytes)}${took}`;
}

/** Whether other nodes were asked, or have answered: not so of a search to which the index knew enough. */
export function askedOverlay(price: Price): boolean {
  return price.index === null || price.messages > 0 || price.origins > 0;
}

export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  const m = Math.floor(s / 60);
  if (m < 60) return `${m} min ${s % 60} s`;
  const h = Math.floor(m / 60);
  if (h < 48) return `${h} h ${m % 60} min`;
  return `${Math.floor(h / 24)} days`;
}

/** "2:05": what is left of a short time. */
export function countdown(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
}

/** Rounded down, so that 100 means all of it. */
export function percent(part: number, whole: number): number {
  if (whole <= 0) return 0;
  return Math.min(100, Math.floor((part / whole) * 100));
}

/** The name's ending without its dot, for a second glance; empty when there is none worth showing. */
export function extension(name: string): string {
  const dot = name.lastIndexOf('.');
  const end = dot > 0 ? name.slice(dot + 1) : '';
  return end.length > 0 && end.length <= 5 ? end.toUpperCase() : '';
}

/** A short time, as precise as it is of use. */
export function time(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(seconds < 1 ? 2 : 1)} s` : duration(seconds);
}

/** A moment, in seconds since 1970, as it is written here. */
export function when(unixSeconds: number): string {
  if (unixSeconds <= 0) return 'never';
  const moment = new Date(unixSeconds * 1000);
  const today = new Date().toDateString() === moment.toDateString();
  const clock = moment.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return today ? `today ${clock}` : `${moment.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })} ${clock}`;
}

/** "every 2 hours" */
export function interval(seconds: number): string {
  for (const [length, name] of [[86400, 'day'], [3600, 'hour'], [60, 'minute']] as const) {
    if (seconds >= length && seconds % length === 0) {
      const many = seconds / length;
      return many === 1 ? `every ${name}` : `every ${many} ${name}s`;
    }
  }
  return `every ${plural(seconds, 'second')}`;
}
