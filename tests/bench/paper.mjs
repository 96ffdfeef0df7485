// The time that a dossier of 40 pages takes, from facts to PDF, with the program's own start:
//   node tests/bench/paper.mjs [RUNS]
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const runs = Number(process.argv[2] ?? 9), build = process.env.BUILD ?? 'build'
const folder = mkdtempSync(join(tmpdir(), 'fengqiao-bench-paper-'))
const text = Array(8).fill('双方因共用水管的维修费用分担发生争执，经村民小组多次劝说未果，申请人要求恢复供水。'.repeat(3)).join('\n')
const party = (name, side) => ({ name, side, sex: '女', age: '41', address: '甪直镇某村三组' })
const applicants = [party('甪昇喆堃', '申请人')], respondents = [party('㛃䶮𬭎𠅤', '被申请人')]
const facts = sessions => ({ file_title: '相邻用水纠纷', source: 'applied', agreements: [{ form: 'written' }], applicants,
  respondents, parties: [...applicants, ...respondents], dispute_facts: text, summary: text,
  sessions: Array(sessions).fill({ time: '2026年6月20日', place: '村委会', record: text, result: 'agreed' }) })
const [input, output] = [join(folder, 'facts.json'), join(folder, 'dossier.pdf')]
const print = () => execFileSync(`${build}/fengqiao`,
  ['paper', 'preview', 'dossier', '--facts', input, '--out', output])
const pages = () => Number(execFileSync('pdfinfo', [output]).toString().match(/^Pages:\s+(\d+)/m)[1])
try {
  for (let sessions = 1; ; sessions++) {
    writeFileSync(input, JSON.stringify(facts(sessions)))
    print()
    if (pages() >= 40) break
  }
  const times = Array.from({ length: runs }, () => {
    const from = performance.now()
    print()
    return performance.now() - from
  }).sort((a, b) => a - b)
  console.log(`${pages()} pages: median ${times[runs >> 1].toFixed(0)} ms, most ${times[runs - 1].toFixed(0)} ms`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
