// deb.test.mjs: what can be said of the package without building it: its units are fenced in, its
// version is the program's, and a bill of materials that lacks something is noticed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { faults } from '../../tools/sbom.mjs';

const units = ['fengqiao.service', 'fengqiao.fengqiao-backup.service'].map((name) => `packaging/debian/${name}`);
const skip = spawnSync('systemd-analyze', ['--version']).status !== 0 && 'systemd-analyze is not installed';

for (const unit of units) {
  test(`the exposure of ${unit} is at most 1.5`, { skip }, () => {
    const done = spawnSync('systemd-analyze', ['security', '--offline=yes', '--no-pager', '--threshold=15', unit],
      { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    assert.match(done.stdout, /Overall exposure level for .*: \d+\.\d/);
    assert.equal(done.status, 0, done.stdout.split('\n').slice(-3).join('\n'));
  });
}

test('both units are fenced in alike', () => {
  const fence = (unit) => readFileSync(unit, 'utf8').split('\n')
    .filter((line) => /^(No|Cap|Amb|Protect|Private|Device|Restrict[A-Z]|Remove|Lock|Memory|Keyring|IPAddress|System)/.test(line)
      && !line.startsWith('RestartSec'));
  assert.ok(fence(units[0]).length > 25);
  assert.deepEqual(fence(units[1]), fence(units[0]));
});

test('the package has the version of the program', () => {
  const version = readFileSync('meson.build', 'utf8').match(/^project\(.*?, version: '([^']+)'/m)[1];
  assert.equal(readFileSync('packaging/debian/changelog', 'utf8').match(/\((.*?)\)/)[1], version);
});

test('an upgrade stops nothing that it does not start again', () => {
  const calls = readFileSync('packaging/debian/rules', 'utf8').match(/^\tdh_installsystemd .*$/gm);
  assert.equal(calls.length, 2);
  for (const call of calls) assert.match(call, / --no-start --no-stop-on-upgrade /);
  assert.match(readFileSync('packaging/debian/fengqiao.postinst', 'utf8'), /try-restart fengqiao\.service/);
});

test('every library that is built against is a build dependency of the package', () => {
  const section = readFileSync('tools/packages.txt', 'utf8').split('\n[')[1];
  const libraries = [...section.matchAll(/^(lib\S+-dev)/gm)].map(([, name]) => name);
  const control = readFileSync('packaging/debian/control', 'utf8');
  assert.ok(libraries.length > 10);
  for (const name of libraries.filter((name) => name !== 'libc6-dev'))
    assert.match(control, new RegExp(`^ ${name.replace('.', '\\.')},$`, 'm'));
});

test('a bill of materials that lacks something is noticed', () => {
  const part = (name) => ({ type: 'library', 'bom-ref': `pkg:npm/${name}@1.0`, name, version: '1.0',
    scope: 'required', purl: `pkg:npm/${name}@1.0` });
  const good = () => ({ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1,
    serialNumber: 'urn:uuid:01234567-89ab-5cde-a123-0123456789ab',
    metadata: { timestamp: '2026-11-26T04:00:00.000Z', component: { ...part('self'), type: 'application' } },
    components: [part('vue'), part('leaflet')],
    dependencies: [{ ref: 'pkg:npm/self@1.0', dependsOn: ['pkg:npm/vue@1.0'] }] });
  assert.deepEqual(faults(good()), []);
  for (const [change, found] of [
    [(b) => { b.bomFormat = 'SPDX'; }, /bomFormat/],
    [(b) => { delete b.serialNumber; }, /serialNumber/],
    [(b) => { b.metadata.timestamp = 'yesterday'; }, /timestamp/],
    [(b) => { b.components = []; }, /components/],
    [(b) => { delete b.components[0].version; }, /name and version/],
    [(b) => { b.components[0].purl = 'vue'; }, /purl/],
    [(b) => { b.components[0].type = 'thing'; }, /type/],
    [(b) => { b.components[0].hashes = [{ alg: 'SHA-512', content: 'short' }]; }, /hashes/],
    [(b) => { b.components[1] = b.components[0]; }, /used twice/],
    [(b) => { b.dependencies[0].dependsOn = ['pkg:npm/gone@1.0']; }, /dependencies: pkg:npm\/gone/],
  ]) {
    const b = good();
    change(b);
    assert.match(faults(b).join('; '), found);
  }
});
