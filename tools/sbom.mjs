// sbom.mjs: the bill of materials of the package, in CycloneDX 1.5: the Debian packages of the shared
// libraries that its programs load, and the npm packages that its pages were built from (those that
// only helped to build are marked "excluded").
//   sbom.mjs --root DIR --out FILE      DIR: the installed tree; SOURCE_DATE_EPOCH says when
//   sbom.mjs --check FILE               what is wrong with it, if anything
// The same input gives the same bytes.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = fileURLToPath(new URL('..', import.meta.url));
const run = (command, ...args) => execFileSync(command, args, { encoding: 'utf8', maxBuffer: 64 << 20 });
const byRef = (a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1);

function programs(root) {
  const helpers = join(root, 'usr/libexec/fengqiao');
  return [join(root, 'usr/bin/fengqiao'), ...readdirSync(helpers).sort().map((name) => join(helpers, name))]
    .filter((path) => readFileSync(path).subarray(0, 4).toString('latin1') === '\x7fELF');
}

/** The package of each library that the dynamic linker would load. */
function debianPackages(files) {
  const libraries = new Set(files.flatMap((file) =>
    [...run('ldd', file).matchAll(/=> (\/\S+)/g)].map(([, path]) => realpathSync(path))));
  const owners = new Set([...libraries].map((path) => {
    // dpkg knows a library below /lib or /usr/lib, whichever its package says
    for (const name of [path, path.replace(/^\/usr/, '')]) {
      try {
        return run('dpkg-query', '-S', name).match(/^(\S+): /m)[1];
      } catch { /* the other name */ }
    }
    throw new Error(`no package holds ${path}`);
  }));
  return [...owners].map((owner) => {
    const [name, version, arch, source] = run('dpkg-query', '-W', '-f',
      '${Package}\n${Version}\n${Architecture}\n${source:Package}', owner).split('\n');
    const purl = `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${arch}&distro=bookworm`;
    return { type: 'library', 'bom-ref': purl, name, version, scope: 'required', purl,
      properties: [{ name: 'debian:source', value: source }] };
  }).sort(byRef);
}

function npmPackages(lock) {
  const all = Object.entries(lock.packages).filter(([path, p]) => path && !p.link && p.version);
  const parts = all.map(([path, p]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 13);
    const purl = `pkg:npm/${name.replace('@', '%40')}@${p.version}`;
    const [algorithm, digest] = (p.integrity ?? '').split('-');
    return { type: 'library', 'bom-ref': purl, name, version: p.version,
      scope: p.dev || p.optional ? 'excluded' : 'required', purl,
      ...(algorithm === 'sha512' ? { hashes: [{ alg: 'SHA-512',
        content: Buffer.from(digest, 'base64').toString('hex') }] } : {}),
      ...(p.license ? { licenses: [/ |\(/.test(p.license) ? { expression: p.license }
        : { license: { id: p.license } }] } : {}) };
  });
  return [...new Map(parts.map((part) => [part['bom-ref'], part])).values()].sort(byRef);
}

export function bom({ root, epoch }) {
  const version = readFileSync(join(here, 'meson.build'), 'utf8').match(/^project\(.*?, version: '([^']+)'/m)[1];
  const lock = JSON.parse(readFileSync(join(here, 'web/package-lock.json'), 'utf8'));
  const components = [...debianPackages(programs(root)), ...npmPackages(lock)];
  const purl = `pkg:generic/fengqiao@${version}`;
  const self = { type: 'application', 'bom-ref': purl, name: 'fengqiao', version,
    licenses: [{ license: { id: 'Apache-2.0' } }], purl };
  const metadata = { timestamp: new Date(epoch * 1000).toISOString(), component: self };
  const body = { metadata, components,
    dependencies: [{ ref: self['bom-ref'], dependsOn: components.filter((c) => c.scope === 'required')
      .map((c) => c['bom-ref']) }] };
  const h = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  const serial = `${h.slice(0, 8)}-${h.slice(8, 12)}-5${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
  return { bomFormat: 'CycloneDX', specVersion: '1.5', serialNumber: `urn:uuid:${serial}`, version: 1, ...body };
}

/** What CycloneDX 1.5 demands and a reader relies on; none: good. */
export function faults(b) {
  const found = [];
  const need = (good, what) => { if (!good) found.push(what); };
  need(b.bomFormat === 'CycloneDX', 'bomFormat');
  need(b.specVersion === '1.5', 'specVersion');
  need(Number.isInteger(b.version) && b.version >= 1, 'version');
  need(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(b.serialNumber), 'serialNumber');
  need(!Number.isNaN(Date.parse(b.metadata?.timestamp)), 'metadata.timestamp');
  const parts = [b.metadata?.component, ...(b.components ?? [])], refs = parts.map((c) => c?.['bom-ref']);
  need(b.components?.length > 0, 'components');
  need(new Set(refs).size === refs.length, 'bom-ref: used twice');
  for (const c of parts) {
    const name = c?.['bom-ref'] ?? JSON.stringify(c);
    need(['application', 'library'].includes(c?.type), `${name}: type`);
    need(c?.name && c.version, `${name}: name and version`);
    need(/^pkg:(deb|npm|generic)\/[^@]+@[^@]+$/.test(c?.purl), `${name}: purl`);
    need([undefined, 'required', 'optional', 'excluded'].includes(c?.scope), `${name}: scope`);
    for (const { alg, content } of c?.hashes ?? [])
      need(alg === 'SHA-512' && /^[0-9a-f]{128}$/.test(content), `${name}: hashes`);
    for (const l of c?.licenses ?? []) need(l.expression || l.license?.id, `${name}: licenses`);
  }
  for (const { ref, dependsOn } of b.dependencies ?? [])
    for (const one of [ref, ...(dependsOn ?? [])]) need(refs.includes(one), `dependencies: ${one}`);
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { root: { type: 'string' }, out: { type: 'string' },
    check: { type: 'string' } } });
  const made = values.check ? JSON.parse(readFileSync(values.check, 'utf8'))
    : bom({ root: values.root, epoch: Number(process.env.SOURCE_DATE_EPOCH ?? 0) });
  const wrong = faults(made);
  if (wrong.length) {
    console.error(`sbom: ${wrong.join('; ')}`);
    process.exit(1);
  }
  if (!values.check) writeFileSync(values.out, `${JSON.stringify(made, null, 1)}\n`);
}
