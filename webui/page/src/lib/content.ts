/** What a browser can do with a file, as the node decides it by the ending of the name. */
const endings: Record<'audio' | 'video' | 'page', string> = {
  audio: 'aac flac m4a mp3 oga ogg opus wav',
  video: 'avi m4v mkv mov mp4 mpeg mpg ogv webm',
  page: 'avif bmp gif jpeg jpg md pdf png txt webp',
};

/** `page`: in a tab of its own. Undefined: it can only be saved. */
export function shownAs(name: string): 'audio' | 'video' | 'page' | undefined {
  const dot = name.lastIndexOf('.');
  const end = dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
  return end ? (['audio', 'video', 'page'] as const).find((kind) => endings[kind].split(' ').includes(end)) : undefined;
}

/** Saves what the page holds. */
export function saveBlob(blob: Blob, name: string): void {
  const link = URL.createObjectURL(blob);
  follow(link, name);
  setTimeout(() => URL.revokeObjectURL(link), 60_000);
}

/** Opens a link in a new tab, or saves what it leads to under a name. */
export function follow(link: string, saveAs = ''): void {
  const anchor = document.createElement('a');
  anchor.href = link;
  if (saveAs) anchor.download = saveAs;
  else anchor.target = '_blank';
  anchor.rel = 'noopener';
  anchor.click();
}

const programs = new Set('apk app appimage bat cmd com command deb desktop dll dmg exe hta jar js jse lnk msi pif ps1 reg rpm run scr sh vbe vbs wsf'.split(' '));

/** Whether opening it would run it. */
export function runs(name: string): boolean {
  const dot = name.lastIndexOf('.');
  return dot > 0 && programs.has(name.slice(dot + 1).toLowerCase());
}
