import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';

// Where `npm run dev` finds the API: the mock of tests/browser, or a running node.
const api = process.env.PRALINE_API ?? 'http://127.0.0.1:8970';

/** Nodes send what is compressed here; smaller files fit a packet anyway. */
const leastBytes = 1024;
const compressed = {
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir }, bundle) {
    for (const name of Object.keys(bundle)) {
      const bytes = readFileSync(join(dir, name));
      if (bytes.length < leastBytes) continue;
      writeFileSync(join(dir, `${name}.br`), brotliCompressSync(bytes));
      writeFileSync(join(dir, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    }
  },
};

export default defineConfig({
  plugins: [svelte(), compressed],
  build: {
    target: 'es2022',
    emptyOutDir: true,
    // The server's policy is default-src 'self': a data: URL or an inline script would be refused.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The page of a node, and the status page of an index server: both are made of the same parts.
    rollupOptions: { input: ['index.html', 'status.html'] },
  },
  server: {
    proxy: {
      '/api': { target: api, changeOrigin: true, headers: { origin: api } },
      '/login': { target: api, changeOrigin: true, headers: { origin: api } },
    },
  },
});
