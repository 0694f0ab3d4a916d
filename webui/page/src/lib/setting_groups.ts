import type { Setting } from './types';

/** Where a person looks for a setting; what is not named here is in the last group. */
const groups: [string, string[]][] = [
  ['Transfers', ['downloads', 'active_downloads', 'upload_slots', 'upload_limit', 'download_limit', 'overlay_limit', 'bandwidth_schedule', 'capacity', 'url_ca_file']],
  ['Sharing', ['share', 'watch_folders', 'share_partial_files', 'browse_host']],
  ['Search', ['strategy', 'index', 'hit_cache']],
  ['Network', ['network', 'mode', 'listen', 'firewalled', 'peers', 'seek', 'udp_host_caches', 'gwebcaches', 'max_ultrapeers', 'max_leaves', 'queries_per_link', 'query_routing', 'pong_cache']],
  ['Access', ['api', 'log_level']],
  ['Other', []],
];

export interface SettingGroup {
  name: string;
  settings: Setting[];
}

export function grouped(settings: Setting[]): SettingGroup[] {
  const of = (keys: string[]): Setting[] =>
    keys.length > 0
      ? keys.flatMap((key) => settings.find((one) => one.key === key) ?? [])
      : settings.filter((one) => !groups.some(([, all]) => all.includes(one.key)));
  return groups.map(([name, keys]) => ({ name, settings: of(keys) })).filter((group) => group.settings.length > 0);
}

const names: Record<string, string> = {
  api: 'Page and API', listen: 'Address for peers', udp_host_caches: 'Host caches over UDP', gwebcaches: 'Host caches on the web', seek: 'Look for peers',
  max_ultrapeers: 'Links to ultrapeers', max_leaves: 'Links to leaves', index: 'Index servers', downloads: 'Folder for downloads', peers: 'Peers',
};

export function nameOf(key: string): string {
  const words = names[key] ?? key.replace(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
