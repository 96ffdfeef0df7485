// The routing rules at a desk: read in plain words, drafted rule by rule with names to choose from
// and with what is wrong at its rule, rehearsed with a result that can be read, switched on or
// planned, taken back; and on a matter's page, why this unit has it.
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { checkPage, openBrowser, password, person, startCity } from './people.mjs'

let city, browser, boss
before(async () => {
  [city, browser] = await Promise.all([startCity(200), openBrowser()])
  await fetch(`${city.base}/api/reports`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ text: '夜里音响太吵', category: '0602', grid: '320508018023001' }),
  })
  boss = await person(browser, city.base, { on: 'desk' })
  await boss.page.goto('/desk/')
  await boss.page.fill('#login-name', 'supervisor2')
  await boss.page.fill('#login-word', password)
  await boss.page.keyboard.press('Enter')
  await boss.page.locator('.whoami').waitFor()
})
after(async () => {
  await browser?.close()
  await city?.stop()
})

const desk = { width: 1440, height: 900 }
const phone = { width: 390, height: 800 }
const seen = text => boss.page.getByText(text).filter({ visible: true }).first()
const shows = text => seen(text).waitFor()
const press = (name, role = 'button') => boss.page.getByRole(role, { name }).first().click()
const accept = () => boss.page.once('dialog', d => d.accept())
const rule = name => boss.page.locator('.rule-cards > li').filter({ hasText: name }).first()
const get = async path => (await boss.page.request.get(path)).json()

/** The page as it is at a desk and on a phone, without faults in either. */
async function look(name) {
  for (const [width, size] of [['desk', desk], ['phone', phone]]) {
    await boss.page.setViewportSize(size)
    await checkPage(boss, `${name}, ${width}`)
    if (process.env.PICTURES)
      await boss.page.screenshot({ path: `${process.env.PICTURES}/${name}-${width}.png`, fullPage: true })
  }
  await boss.page.setViewportSize(desk)
}
async function inEnglish(what) {
  await press('EN')
  try {
    await what()
  } finally {
    await press('中文')
  }
}
async function choose(label, letters, name) {
  await boss.page.getByRole('combobox', { name: label, exact: true }).click()
  await boss.page.keyboard.type(letters)
  await boss.page.getByRole('option', { name }).filter({ visible: true }).first().click()
}
async function begin(name) {
  await boss.page.goto('/desk/rules')
  await boss.page.fill('#draft-name', name)
  await press(/^以第 \d+ 版起草$/)
  await boss.page.waitForURL('**/desk/rules/draft/**')
  await shows('编辑规则')
}

test('rules are read in plain words, in both languages', async () => {
  await press('派单规则', 'link')
  await shows('县级部门职责不下推')
  await shows('其余所有事项')
  await shows('第 1 版 · 现行')
  await look('rules-zh')
  await inEnglish(async () => {
    await shows('Version 1 · in force')
    await shows('Passed up by grid workers')
    assert.doesNotMatch(await boss.page.locator('#main').innerText(), /\p{Ll}\d+in force|Version \d+in/u)
    await look('rules-en')
  })
})

test('a draft is edited rule by rule, by names; what is wrong stands at its rule', async () => {
  await begin('噪声先到社区')
  await rule('生活噪声').waitFor()
  assert.match(await rule('生活噪声').innerText(), /生活噪声\s+→\s+镇（街道）：辖区派出所/)
  const last = boss.page.locator('.rule-cards > li').last()
  await last.getByRole('button', { name: /^上移第 32 条/ }).click()
  await shows('有改动没有保存')
  await press('保存并检查')
  await shows('有 1 处需要改正')
  await shows(/规则“网格先办”已经包括这一种情况/)
  assert.ok(await boss.page.getByRole('button', { name: '开始预演' }).isDisabled())
  await look('draft-fault-zh')
  await boss.page.getByRole('button', { name: /^下移第 31 条/ }).click()

  await rule('生活噪声').getByRole('button', { expanded: false }).first().click()
  await choose('派到哪一级', 'community', /社区（村）/)
  await choose('职能', '综治', /综治中心或居委会/)
  await choose('时间', '夜', /夜间/)
  await choose('区域', '姑苏', /姑苏区/)
  assert.match(await rule('生活噪声').innerText(),
    /夜间（22 点至 6 点） · 生活噪声 · 姑苏区\s+→\s+社区（村）：综治中心或居委会/)
  await look('draft-open-zh')
  await inEnglish(async () => {
    await shows('Neighbourhood noise')
    await shows(/at night \(22:00 to 6:00\) · Neighbourhood noise/)
    await look('draft-open-en')
  })
  await press('保存并检查')
  await shows('已保存，没有问题')
})

test('a table that takes not all matters says so before it is switched on', async () => {
  await begin('没有兜底')
  accept()
  await boss.page.locator('.rule-cards > li').last().getByRole('button', { name: /^删去/ }).click()
  await press('保存并检查')
  await shows(/没有兜底的规则/)
  await look('draft-advice-zh')
  await inEnglish(async () => {
    await shows('Please consider (it may be switched on so)')
    await shows(/Add a rule without any condition/)
    await look('draft-advice-en')
  })
  let asked = ''
  boss.page.once('dialog', d => {
    asked = d.message()
    return d.dismiss()
  })
  await press('启用这份规则')
  assert.match(asked, /没有兜底的规则/)
  accept()
  await press('删除草案')
  await boss.page.waitForURL('**/desk/rules')
})

test('it is rehearsed, and the result can be read and fetched as a table', async () => {
  await press('噪声先到社区', 'link')
  await press('开始预演')
  await shows(/件事项中有 \d+ 件会改由别的单位先办/)
  const bars = boss.page.getByRole('region', { name: '各单位收到的件数' })
  await bars.getByText(/派出所/).first().waitFor()
  await boss.page.getByRole('region', { name: '改派' }).getByText(/派出所/).first().waitFor()
  const mine = boss.page.getByRole('region', { name: '这份草案的预演' })
  await mine.getByText('完成').waitFor()
  const { rehearsals: [last] } = await get('/api/rehearsals')
  assert.ok(last.matters > 0)
  await mine.getByText(`看了 ${last.matters} 件`).waitFor()
  const [file] = await Promise.all([boss.page.waitForEvent('download'), press('下载表格', 'link')])
  assert.equal(file.suggestedFilename(), 'rehearsal.csv')
  await look('rehearsal-zh')
  await inEnglish(async () => {
    await shows(/Of \d+ matters? \d+ would go/)
    await look('rehearsal-en')
  })
})

test('a rehearsal that failed says why in the list', async () => {
  const { id } = await (await boss.page.request.post('/api/drafts', {
    headers: { 'X-CSRF': (await get('/api/me')).csrf },
    data: { kind: 'rule', name: '错的', body: 'code,tier_min,level,function,why,why_en\na,0,nowhere,desk,x,x\n' },
  })).json()
  const db = new DatabaseSync(city.db)
  db.exec(`UPDATE draft SET faults = 0 WHERE id = ${id}`) // as if its faults had come later
  db.close()
  await boss.page.request.post('/api/rehearsals', {
    headers: { 'X-CSRF': (await get('/api/me')).csrf }, data: { draft: id },
  })
  await boss.page.goto(`/desk/rules/draft/${id}`)
  const mine = boss.page.getByRole('region', { name: '这份草案的预演' })
  await mine.getByText('失败').waitFor()
  await mine.getByText('草案还有问题，改正后才能演练').waitFor()
})

test('it is switched on, and is to be read from then on', async () => {
  await boss.page.goto('/desk/rules')
  await press('噪声先到社区', 'link')
  accept()
  await press('启用这份规则')
  await shows(/^现行第 2 版，自 20\d\d-\d\d-\d\d \d\d:\d\d 起启用$/)
  for (const name of ['保存并检查', '删除草案', '启用这份规则', '开始预演'])
    assert.equal(await boss.page.getByRole('button', { name }).count(), 0, name)
  await look('in-force-zh')
  await inEnglish(async () => {
    await shows(/^In force as version 2 from 20/)
    await look('in-force-en')
  })
  for (let i = 0; i < 100 && (await get('/api/rules')).version !== 2; i++) await boss.page.waitForTimeout(100)
  await boss.page.goto('/desk/rules')
  await shows('第 2 版 · 现行')
})

test('what is planned says so, and is taken back with a reason', async () => {
  await begin('以后再说')
  await boss.page.fill('#draft-from', '2020-01-01 08:00:00')
  await boss.page.keyboard.press('Enter')
  accept()
  await press('启用这份规则')
  await shows(/启用时间已经过去：已派出的事项仍按当时的规则/)
  assert.match(boss.faults.join(), /^[^,]* 422 [^,]*$/, 'the browser reports what was refused')
  boss.faults.length = 0
  await boss.page.fill('#draft-from', '2050-01-01 08:00:00')
  await boss.page.keyboard.press('Enter')
  accept()
  await press('启用这份规则')
  await shows(/^第 3 版，待生效，自 2050-01-01 08:00 起启用$/)
  await look('planned-zh')
  await begin('更早的')
  await shows(/第 3 版已定于 2050-01-01 08:00/)
  await boss.page.goto('/desk/rules')
  const versions = boss.page.getByRole('region', { name: '版本', exact: true })
  const row = versions.getByRole('row').filter({ hasText: '第 3 版' })
  await row.getByText('待生效').waitFor()
  await row.getByRole('button', { name: '撤回第 3 版' }).click()
  await boss.page.getByLabel('为什么撤回').fill('表弄错了')
  await look('take-back-zh')
  await row.getByRole('button', { name: '撤回第 3 版' }).click()
  await row.getByText('已撤回').waitFor()
  await row.getByText(/表弄错了/).waitFor()
  await inEnglish(async () => {
    await shows('taken back')
    await look('taken-back-en')
  })
  await press('以后再说', 'link')
  await boss.page.getByRole('button', { name: '保存并检查' }).waitFor()
})

test('versions of boundaries are listed below their drafts', async () => {
  await boss.page.goto('/desk/map/boundary?layer=grid')
  await boss.page.getByRole('heading', { name: /^边界的版本/ }).waitFor()
  await look('boundary-zh')
  await inEnglish(async () => {
    await boss.page.getByRole('heading', { name: /^Versions of the boundaries/ }).waitFor()
    await look('boundary-en')
  })
})

test('a matter says why this unit has it', async () => {
  const list = await get('/api/matters?view=region&limit=1')
  await boss.page.goto(`/desk/matter/${list.items[0].number}`)
  await boss.page.getByText('为什么由这个单位办理').click()
  await shows('其他规则为什么没有用上')
  await shows('当时的情况')
  await shows('类别不符')
  await look('why-zh')
})
