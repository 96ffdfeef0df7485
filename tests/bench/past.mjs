// past.mjs: another system's table of matters, made up, imported into a demo city on either database.
//   node tests/bench/past.mjs [ROWS]      PostgreSQL too: node tests/tools/postgres.mjs node tests/bench/past.mjs
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const rows = Number(process.argv[2] ?? 100_000);
const folder = mkdtempSync(join(tmpdir(), 'fengqiao-past-'));
const program = process.env.FENGQIAO ?? 'build/fengqiao';
const columns = { number: '工单编号', text: '诉求内容', reported: '受理时间', place: '地址', lon: '经度',
  lat: '纬度', state: '状态', ended: '办结时间', reply: '办理结果' };

function run(...args) {
  const begun = performance.now();
  const done = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, LANG: 'en' } });
  if (done.status !== 0) throw new Error(`${args[0]}: ${done.stdout}${done.stderr}`);
  return { seconds: (performance.now() - begun) / 1000, said: done.stdout };
}

/** Every twentieth is still open. */
function row(i) {
  const day = `2025-${String(1 + (i % 12)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`;
  const open = i % 20 === 0;
  const at = [120.6 + (i % 997) / 25_000, 31.29 + (i % 991) / 33_000].map((v) => v.toFixed(6));
  return [`N-${i}`, `小区第 ${i} 号楼下垃圾堆放多日无人清理，请尽快处理`, `${day} 08:05`, `人民路 ${i % 400} 号`, ...at,
    open ? '在办' : '已归档', open ? '' : `${day} 18:00`, open ? '' : '已清理完毕，现场恢复整洁，欢迎监督'].join(',');
}

const table = join(folder, 'past.csv');
const map = join(folder, 'map.json');
writeFileSync(table, `${[Object.values(columns).join(','), ...Array.from({ length: rows }, (_, i) => row(i))].join('\n')}\n`);
writeFileSync(map, JSON.stringify({ source: 'bench', columns, states: { 在办: 'open', 已归档: 'closed' } }));
const places = [['SQLite', ['--db', join(folder, 'town.db')]]];
if (process.env.PGHOST?.startsWith('/')) {
  const name = `past_${randomBytes(6).toString('hex')}`;
  spawnSync('psql', ['-X', '-q', '-d', 'postgres', '-c', `CREATE DATABASE ${name}`]);
  places.push(['PostgreSQL', ['--db', `postgres:///${name}`, '--data', join(folder, name)]]);
}
for (const [name, where] of places) {
  run('demo', '--only-make', '--matters', '0', ...where);
  const { seconds } = run('import', 'matters', table, '--map', map, ...where);
  console.log(`${name}: ${rows} matters imported in ${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} a second`);
  console.log(`  ${run('verify', ...where).said.trim().split('\n').slice(-2).join('; ')}`);
}
rmSync(folder, { recursive: true, force: true });
