/** Line icons on a 24 × 24 grid; drawn for Praline. */
export const icons = {
  search: 'M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13M15.5 15.5L20.5 20.5',
  downloads: 'M12 4v11M7 10.5l5 5 5-5M5 20h14',
  uploads: 'M12 15.5v-11M7 9l5-5 5 5M5 20h14',
  library: 'M3.5 7a1.5 1.5 0 0 1 1.5-1.5h4.2l2 2.5H19a1.5 1.5 0 0 1 1.5 1.5V17a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 17z',
  peers: 'M12 4.2a2.3 2.3 0 1 1 0 4.6a2.3 2.3 0 0 1 0-4.6M5.5 15.2a2.3 2.3 0 1 1 0 4.6a2.3 2.3 0 0 1 0-4.6M18.5 15.2a2.3 2.3 0 1 1 0 4.6a2.3 2.3 0 0 1 0-4.6M10.8 8.6l-4 6.8M13.2 8.6l4 6.8M7.8 17.5h8.4',
  history: 'M12 4a8 8 0 1 1-7.6 5.5M4 4.5v5h5M12 8v4.5l3 2',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.8a2.2 2.2 0 1 1 0 4.4a2.2 2.2 0 0 1 0-4.4M9 14.8a2.2 2.2 0 1 1 0 4.4a2.2 2.2 0 0 1 0-4.4',
  audio: 'M9 17.5V6l10-2v11.5M6.5 15a2.5 2.5 0 1 1 0 5a2.5 2.5 0 0 1 0-5M16.5 13a2.5 2.5 0 1 1 0 5a2.5 2.5 0 0 1 0-5',
  video: 'M4 6.5h16v11H4zM8 6.5v11M16 6.5v11M4 10h4M4 14h4M16 10h4M16 14h4',
  image: 'M4 5h16v14H4zM4 16l4.5-4.5 4 4L15 13l5 5M15.5 8a1.4 1.4 0 1 1 0 2.8a1.4 1.4 0 0 1 0-2.8',
  document: 'M6.5 3.5h7.5l4 4v13h-11.5zM14 3.5v4h4M9.5 12h5.5M9.5 15.5h5.5',
  archive: 'M4 5h16v4H4zM5.5 9v10.5h13V9M10 12.5h4',
  program: 'M4 5h16v14H4zM4 9h16M8 12.5l2.5 2-2.5 2M13 16.5h3',
  other: 'M7 3.5h10v17H7zM10.5 16.5h3',
  close: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  stop: 'M7 7h10v10H7z',
  chevron: 'M8.5 5.5l6.5 6.5-6.5 6.5',
  copy: 'M8.5 8.5h11v11h-11zM15.5 8.5v-4h-11v11h4',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  pause: 'M8.5 5.5v13M15.5 5.5v13',
  play: 'M8 5.5v13l11-6.5z',
  open: 'M13.5 4.5h6v6M19.5 4.5l-8 8M10 6H5v13h13v-5',
  trash: 'M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7',
  plus: 'M12 5v14M5 12h14',
  refresh: 'M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 3.5v4h-4',
  up: 'M12 19V6M7 10.5l5-5 5 5',
  down: 'M12 5v13M7 13.5l5 5 5-5',
  sliders: 'M4 8h3M11 8h9M9 6v4M4 16h9M17 16h3M15 14v4',
  repeat: 'M5 11V9.5A2.5 2.5 0 0 1 7.5 7H19M16 4l3 3-3 3M19 13v1.5a2.5 2.5 0 0 1-2.5 2.5H5M8 20l-3-3 3-3',
  gauge: 'M5.2 18a8.5 8.5 0 1 1 13.6 0M12 14.5l4-5M12 13.2a1.4 1.4 0 1 1 0 2.8a1.4 1.4 0 0 1 0-2.8',
  rows: 'M4 6h16M4 10h16M4 14h16M4 18h16',
  list: 'M4 7h16M4 12h16M4 17h16',
  more: 'M6 12h.01M12 12h.01M18 12h.01',
  filter: 'M4 6h16l-6 7v5l-4 2v-7z',
  warning: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1',
} as const;

export type IconName = keyof typeof icons;

export function kindIcon(kind: string): IconName {
  return kind in icons ? (kind as IconName) : 'other';
}

const endings: [IconName, string][] = [
  ['audio', 'aac flac m4a mid mp3 oga ogg opus wav wma'], ['video', 'avi flv m4v mkv mov mp4 mpeg mpg ogv ts webm wmv'], ['image', 'avif bmp gif jpeg jpg png svg tif tiff webp'],
  ['archive', '7z bz2 gz iso rar tar tgz xz zip zst'], ['document', 'csv doc docx epub htm html md odt pdf ps rtf tex txt xls xlsx'],
];

/** For an icon beside a name; the node says it of results. */
export function kindOfName(name: string): string {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return endings.find(([, all]) => all.split(' ').includes(ending))?.[0] ?? 'other';
}
