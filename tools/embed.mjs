// embed.mjs: writes the C file that carries the built web pages inside the program.
//   node tools/embed.mjs MANIFEST OUT.c
// The bytes come in by the assembler's .incbin; the tables are those of src/http/web_files.h.
// Each entity tag stands in the C text, so that changed pages are compiled anew. Without a
// manifest the tables are empty, and an OUT that would not change is left alone.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const [manifestPath, out] = process.argv.slice(2);
const folder = dirname(resolve(manifestPath));
const manifest = existsSync(manifestPath)
  ? JSON.parse(readFileSync(manifestPath, 'utf8'))
  : { headers: {}, fallbacks: [], files: [] };
const quoted = (text) => JSON.stringify(text);      // ASCII in our manifests, so also C

const blobs = new Map();                            // file -> symbol
function blobOf(file) {
  if (!file) return '{ "", 0 }';
  if (!blobs.has(file)) blobs.set(file, `web_blob_${blobs.size}`);
  return `{ ${blobs.get(file)}, ${statSync(resolve(folder, file)).size} }`;
}

function byPath(a, b) {
  return Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
}

const files = [...manifest.files].sort(byPath);
const rows = files.map((f) => `    { ${[f.path, f.type, f.etag, f.cache].map(quoted).join(', ')},
        ${[f.file, f.br, f.gz].map(blobOf).join(', ')} },\n`);
const fallbacks = [...manifest.fallbacks].sort((a, b) => b.prefix.length - a.prefix.length)
  .map(({ prefix, file }) => ({ prefix, at: files.findIndex((f) => f.file === file) }))
  .filter(({ at }) => at >= 0)
  .map(({ prefix, at }) => `    { ${quoted(prefix)}, &web_files[${at}] },\n`);
const incbins = [...blobs].map(([file, symbol]) => `__asm__(".section .rodata\\n" \
"${symbol}: .incbin ${quoted(quoted(resolve(folder, file))).slice(1, -1)}\\n.byte 0\\n.previous");
extern const char ${symbol}[] __attribute__((visibility("hidden")));\n`);

const text = `/* Written by tools/embed.mjs; do not edit. */
#include "http/web_files.h"

${incbins.join('')}
const struct web_file web_files[] = {
${rows.join('') || '    { "", "", "", "", { "", 0 }, { "", 0 }, { "", 0 } },\n'}};
const size_t web_files_n = ${files.length};
const struct web_fallback web_fallbacks[] = {
${fallbacks.join('') || '    { "", &web_files[0] },\n'}};
const size_t web_fallbacks_n = ${fallbacks.length};
const char *const web_policy = ${quoted(manifest.headers['Content-Security-Policy'] ?? "default-src 'none'")};
`;
if (!existsSync(out) || readFileSync(out, 'utf8') !== text) writeFileSync(out, text);
