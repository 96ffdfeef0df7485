// The deployer's tables at the city's desk, in both languages: looked at, a row edited with a fault
// told at its field, a file uploaded as spreadsheets write it, put in force, and taken back.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkPage, inLanguages, openBrowser, person, startCity, toDesk } from './people.mjs'

let city, browser
before(async () => {
  [city, browser] = await Promise.all([startCity(40), openBrowser()])
})
after(async () => {
  await browser?.close()
  await city?.stop()
})

const words = {
  'zh-CN': { names: ['类别', '时限', '工作日历', '答复模板', '代为裁定人', '以案定补标准', '单位'], add: '添加一行', check: '检查', publish: '生效',
    faults: /有 1 处问题/, done: /已存为第 \d+ 版/, loaded: /已读入/, date: '日期', work: '是否上班', name: '名称', back: '撤回',
    cells: ['派单', '工作日'], usual: /以下为程序默认的期限/, asCame: /没有在这里改过/, known: /节假日已知到 20\d\d 年底/ },
  en: { names: ['Categories', 'Limits', 'Calendar', 'Reply templates', 'Deputies', 'Subsidy rates', 'Units'], add: 'Add a row', check: 'Check',
    publish: 'Put in force', faults: /1 faults/, done: /Stored as version \d+/, loaded: /was read/, date: 'Day', work: 'Working day', name: 'Name',
    back: 'Take back', cells: ['dispatching', 'working days'], usual: /usual terms of the program/, asCame: /not changed here/,
    known: /Holidays are known up to the end of 20\d\d/ },
}
const shows = (p, text) => p.page.getByText(text).filter({ visible: true }).first().waitFor()

for (const [i, lang] of Object.keys(words).entries()) {
  const w = words[lang]
  test(`a holiday is added and a template comes from a file (${lang})`, async () => {
    const p = await person(browser, city.base, { on: i ? 'phone' : 'desk', lang })
    if (i) await p.page.setViewportSize({ width: 360, height: 740 })
    await toDesk(p, 'admin1')
    await p.page.goto('/desk/tables')
    for (const name of w.names) {
      await p.page.locator('.table-names a', { hasText: name }).first().click()
      await p.page.locator('.table-rows tbody tr').first().waitFor()
    }
    await shows(p, w.asCame)
    await checkPage(p, 'tables, units')
    await p.page.goto('/desk/tables/keeping')
    await shows(p, w.usual)
    await p.page.goto('/desk/tables/limit')
    for (const name of w.cells)
      await p.page.getByRole('cell', { name, exact: true }).first().waitFor()
    assert.equal(await p.page.getByRole('cell', { name: 'dispatch', exact: true }).count(), 0)
    await p.page.goto('/desk/tables/calendar')
    await p.page.locator('.table-rows tbody tr').first().waitFor()
    await shows(p, w.known)
    await p.page.getByRole('button', { name: w.add, exact: true }).first().click()
    const form = p.page.locator('.table-form')
    await form.getByLabel(w.date, { exact: true }).fill('2027-02-30')
    await form.getByLabel(w.work, { exact: true }).selectOption('false')
    await form.getByLabel(w.name, { exact: true }).fill('测试假日')
    await p.page.getByRole('button', { name: w.check, exact: true }).click()
    await shows(p, w.faults)
    await form.locator('.field-wrong').waitFor()
    assert.match(await p.page.locator('.table-publish .wrong li').first().innerText(), new RegExp(` · ${w.date}`))
    await checkPage(p, 'tables, a fault')
    await form.getByLabel(w.date, { exact: true }).fill(`2027-02-0${i + 1}`)
    await p.page.getByRole('button', { name: w.publish, exact: true }).click()
    await shows(p, w.done)
    await checkPage(p, 'tables, put in force')

    await p.page.goto('/desk/tables/template')
    await p.page.locator('.table-rows tbody tr').first().waitFor()
    const table = await (await p.page.request.get('/api/tables/template')).json()
    const file = Buffer.from(`\ufeff${table.csv.trimEnd()}\r\nnew${i},,新模板${i},New ${i},您好，已收到。\r\n`)
    await p.page.setInputFiles('#table-file', { name: 'template.csv', mimeType: 'text/csv', buffer: file })
    await shows(p, w.loaded)
    await p.page.locator('.table-publish input[type=date]').fill('2027-06-01')
    await p.page.getByRole('button', { name: w.publish, exact: true }).click()
    await shows(p, w.done)
    await p.page.getByRole('button', { name: w.back }).first().waitFor()
    await checkPage(p, 'tables, planned')
    await p.close?.()
  })
}

test('who is not of the city\'s desk has no such page', async () => {
  const p = await person(browser, city.base, { on: 'desk', lang: 'zh-CN' })
  await toDesk(p, 'dispatcher1')
  assert.equal(await p.page.locator('a[href="/desk/tables"]').count(), 0)
})
