// The time that the dossier of a dispute takes through HTTP, from the press of the button to the last
// byte; of a dispute of the demo city with as many sessions as make 40 pages:
//   node --experimental-strip-types tests/bench/dossier.mjs [RUNS]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { grids, startCity } from '../api/city.mjs'

const runs = Number(process.argv[2] ?? 9)
const folder = mkdtempSync(join(tmpdir(), 'fengqiao-bench-dossier-'))
const text = '双方因共用水管的维修费用分担发生争执，经村民小组多次劝说未果，申请人要求恢复供水。'.repeat(40)
const city = await startCity('--no-limits')
try {
  const who = await city.signIn('mediator1')
  const { number } = await who.write('/api/disputes', { source: 'apply', kind: '0201', grid: grids.ours,
    text: '两家合用水管', parties: [{ side: 'applicant', name: '甪昇喆堃' },
      { side: 'respondent', name: '㛃䶮𬭎𠅤' }] })
  const step = (action, more) => who.write(`/api/matters/${number}/step`, { action, ...more })
  for (const party of [1, 2]) {
    await step('consent', { party, how: 'phone' })
    await step('tell_rights', { party, how: 'phone' })
  }
  await step('accept')
  await step('name_mediator', { mediator: who.me.account, how: 'parties' })
  const file = join(folder, 'dossier.pdf')
  const print = async () => {
    const answer = await who.post(`/api/disputes/${number}/papers/dossier`)
    if (answer.status !== 200) throw new Error(answer.text)
    writeFileSync(file, answer.bytes)
  }
  const pages = () => Number(spawnSync('pdfinfo', [file]).stdout.toString().match(/^Pages:\s+(\d+)/m)[1])
  do {
    for (let i = 0; i < 4; i++) await step('sitting', { text: text.slice(0, 1900), result: 'continue' })
    await print()
  } while (pages() < 40)
  const times = []
  for (let i = 0; i < runs; i++) {
    const from = performance.now()
    await print()
    times.push(performance.now() - from)
  }
  times.sort((a, b) => a - b)
  console.log(`${pages()} pages: median ${times[runs >> 1].toFixed(0)} ms, most ${times[runs - 1].toFixed(0)} ms`)
} finally {
  await city.stop()
  rmSync(folder, { recursive: true, force: true })
}
