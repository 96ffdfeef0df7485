// The whole story of a matter as the people in it live it: each with a device of their own, on a
// phone or at a desk, once in Chinese with every turn it can take and once in English straight
// through. What is asserted is what they read.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkPage, openBrowser, password, person, startCity, takePhoto, toDesk } from './people.mjs'

const grid = '320508018023001'          // one of worker1's grids
let city, browser, at, brown, green
const everybody = []

before(async () => {
  [city, browser] = await Promise.all([startCity(80), openBrowser()])
  const place = await (await fetch(`${city.base}/api/grids/${grid}`)).json()
  at = { longitude: place.lon, latitude: place.lat }
  brown = await takePhoto(browser, 'sienna')
  green = await takePhoto(browser, 'seagreen')
})
after(async () => {
  await browser?.close()
  await city?.stop()
})

async function somebody(device) {
  const p = await person(browser, city.base, device)
  everybody.push(p)
  return p
}
const shows = (p, text) => p.page.getByText(text).filter({ visible: true }).first().waitFor()
const press = (p, name, role = 'button') => p.page.getByRole(role, { name }).first().click()
const heading = (p, name) => p.page.getByRole('heading', { name, level: 1 }).waitFor()

/** The steps of a story hang together: after one has failed the others say so at once. */
function story(t) {
  let failed = ''
  return (name, run) => t.test(name, async () => {
    assert.equal(failed, '', 'a step before this one failed')
    try {
      await run()
    } catch (error) {
      failed = name
      await picture(name)
      throw error
    }
  })
}

/** What the people saw when a step failed, for whoever looks into it. */
async function picture(name) {
  const dir = process.env.PICTURES
  if (!dir) return
  for (const [i, p] of everybody.entries())
    if (!p.page.isClosed()) await p.page.screenshot({ path: `${dir}/${name.slice(0, 20)}-${i}.png` })
}

/** At a desk: sign in. */
async function signIn(username, lang) {
  const p = await somebody({ on: 'desk', lang })
  await toDesk(p, username)
  return p
}

/** At a desk: open a matter from a list, first beside the list, then as a page of its own. */
async function openMatter(p, view, number) {
  await p.page.goto(`/desk/queue/${view}`)
  await p.page.locator(`tr[data-number="${number}"] .title`).click()
  await p.page.locator('.side-panel .matter-title').waitFor()
  await p.page.locator('.panel-bar a').click()
  await p.page.waitForURL(`**/desk/matter/${number}`)
  await p.page.locator('.page .matter-title').waitFor()
}

/** At a desk: an action with its form; fields by their labels; a unit is looked up by name. */
async function act(p, name, { fields = {}, unit, photo, go, done }) {
  await p.page.locator('.action-buttons').getByRole('button', { name, exact: true }).click()
  const form = p.page.locator('.act-form')
  await form.waitFor()
  if (unit) {
    await form.getByRole('combobox').first().fill(unit)
    await p.page.locator('.el-select-dropdown__item:visible', { hasText: unit }).first().click()
  }
  for (const [label, value] of Object.entries(fields))
    await form.getByLabel(label).first().fill(value)
  if (photo) {
    await form.locator('input[type=file]').setInputFiles(photo)
    await form.locator('.upload img').waitFor()
  }
  await checkPage(p, `form: ${name}`)
  await form.getByRole('button', { name: go }).click()
  await shows(p, done)
}

/** On a phone: a worker signs in. */
async function workPhone(username, lang, words) {
  const p = await somebody({ on: 'phone', lang, at })
  await p.page.goto('/m/work')
  await p.page.getByLabel(words.username).fill(username)
  await p.page.getByLabel(words.password).fill(password)
  await checkPage(p, 'login on a phone')
  await p.page.getByRole('main').getByRole('button', { name: words.login }).click()
  await heading(p, words.tasks)
  await p.page.locator('.task').first().waitFor()
  return p
}

/** Dispatcher or supervisor: a check passed or a matter closed. */
const plainStep = (p, name, go, done) => act(p, name, { go, done })

test('the whole story in Chinese, as six people', async t => {
  const step = story(t)
  let code, number
  const resident = await somebody({ on: 'phone', at })
  const { page } = resident

  await step('a resident reports from a phone, with a photo, without an account', async () => {
    await page.goto('/m/')
    await shows(resident, '有事您说，件件有回音')
    await checkPage(resident, 'home')
    await press(resident, /我要报事/, 'link')
    await heading(resident, '什么事？')
    await checkPage(resident, 'what')
    await press(resident, '分不清类别？直接写')
    await heading(resident, '说清楚')
    await press(resident, '下一步')
    await shows(resident, '还有内容没填好')
    await checkPage(resident, 'describe, with a fault')
    await page.getByLabel('发生了什么').fill('菜场门口流动摊贩占道经营，行人只能走到马路上。')
    await page.locator('input[type=file]').setInputFiles(brown)
    await page.getByRole('img', { name: '第 1 张照片' }).waitFor()
    await press(resident, '占道经营')
    await checkPage(resident, 'describe')
    await press(resident, '下一步')
    await heading(resident, '在哪里？')
    await press(resident, '用我现在的位置')
    await shows(resident, /平江街道/)
    await page.getByLabel('门牌号或附近标志').fill('平江路 128 号菜场门口')
    await press(resident, '在地图上选')
    await page.locator('.leaflet-container').waitFor()
    await checkPage(resident, 'where, with the map')
    await press(resident, '下一步')
    await heading(resident, /核对并提交|是同一件事吗？/)
    if (await page.getByText('是同一件事吗？').count()) {
      await press(resident, '都不是，继续报事')
      await heading(resident, '核对并提交')
    }
    await page.getByLabel('手机或电话').fill('19900008888')
    await checkPage(resident, 'check')
    await press(resident, '提交')
    await heading(resident, '已收到')
    code = await page.locator('.big-code').innerText()
    assert.match(code, /^[0-9A-HJKMNP-TV-Z]{6}(-[0-9A-HJKMNP-TV-Z]{6}){2}$/)
    const receipt = await page.locator('.ticket').innerText()
    assert.match(receipt, /接下来/)
    assert.match(receipt, /平江街道/)
    number = /\d{6}-[\w-]+/.exec(receipt)?.[0]
    assert.ok(number, receipt)
    await checkPage(resident, 'receipt')
    await press(resident, '查看进度', 'link')
    await heading(resident, '占道经营')
    await shows(resident, '待派单')
    await page.getByRole('img', { name: '办理前' }).waitFor()
    await checkPage(resident, 'follow')
  })

  let dispatcher
  await step('the town’s dispatcher finds it at a desk and assigns it', async () => {
    dispatcher = await signIn('dispatcher1')
    await dispatcher.page.locator('.matters tbody tr').first().waitFor()
    await checkPage(dispatcher, 'queue')
    await openMatter(dispatcher, 'pool', number)
    await shows(dispatcher, '菜场门口流动摊贩占道经营，行人只能走到马路上。')
    await shows(dispatcher, /事件先属地/)
    await checkPage(dispatcher, 'matter')
    await act(dispatcher, '派单', { unit: '姑苏区城市管理局', go: '确认派单', done: '已完成：派单',
      fields: { 意见: '请到现场规范经营' } })
    await shows(dispatcher, /待签收/)
  })

  await step('words from the middle of the text find it', async () => {
    const { page: at } = dispatcher
    const row = at.locator(`tr[data-number="${number}"]`)
    await at.keyboard.press('Escape')
    await at.getByRole('textbox', { name: '检索事项' }).fill('流动摊贩')
    await at.keyboard.press('Enter')
    await row.waitFor()
    assert.equal(await row.locator('mark').innerText(), '流动摊贩')
    await checkPage(dispatcher, 'search')
    await at.goto(`/desk/matter/${number}`)
    await at.locator('.page .matter-title').waitFor()
  })

  let clerk
  await step('the department’s clerk takes it and asks for more time', async () => {
    clerk = await signIn('clerk1')
    await openMatter(clerk, 'pool', number)
    await press(clerk, '签收')
    await shows(clerk, '已完成：签收')
    await act(clerk, '申请延期', { go: '确认申请延期', done: '已完成：申请延期',
      fields: { 意见: '摊主要求换到周末疏导点，需要两天协调' } })
    await shows(clerk, '申请延期，待批')
    assert.equal(await clerk.page.locator('.action-buttons').getByText('同意').count(), 0,
      'nobody approves their own request')
  })

  await step('another person approves the extension', async () => {
    const supervisor = await signIn('supervisor1')
    await openMatter(supervisor, 'ask', number)
    await shows(supervisor, '陈立冬')
    await act(supervisor, '同意申请', { go: /^确认同意/, done: /^已完成：同意/ })
    await supervisor.close()
  })

  await step('the clerk answers with a photo, the dispatcher checks it', async () => {
    await clerk.page.reload()
    await clerk.page.locator('.matter-title').waitFor()
    await act(clerk, '答复', { go: '确认答复', done: '已完成：答复', photo: green,
      fields: { 给报事人的答复: '摊贩已引导到疏导点，门口恢复通行，每天上午安排巡查。' } })
    await shows(clerk, /待核查/)
    await clerk.close()
    await dispatcher.page.reload()
    await dispatcher.page.locator('.matter-title').waitFor()
    await plainStep(dispatcher, '核查通过', '确认核查通过', '已完成：核查通过')
  })

  await step('the resident follows with the code on another phone, rates and objects', async () => {
    await resident.close()
    const other = await somebody({ on: 'phone' })
    resident.page = other.page
    resident.faults = other.faults
    await other.page.goto('/m/track')
    await other.page.getByLabel('回执编码').fill(code.toLowerCase().slice(0, -1))
    await press(other, '查询')
    await shows(other, '编码位数不对，应为 18 位')
    await checkPage(other, 'code with a fault')
    await other.page.getByLabel('回执编码').fill(code.toLowerCase())
    await press(other, '查询')
    await heading(other, '占道经营')
    await shows(other, '摊贩已引导到疏导点，门口恢复通行，每天上午安排巡查。')
    await other.page.getByRole('img', { name: '办理后' }).waitFor()
    await other.page.getByRole('radio', { name: '不满意', exact: true }).click()
    await other.page.getByLabel('还想说的（可以不写）').fill('下午又摆出来了')
    await checkPage(other, 'rating')
    await press(other, '提交评价')
    await shows(other, /您已评价：2 分/)
    await press(other, '不认可，提异议')
    await other.page.getByLabel('哪里不认可？').fill('下午五点以后还是老样子，请安排下午也来看。')
    await checkPage(other, 'objection')
    await other.page.locator('form').filter({ hasText: '哪里不认可？' }).getByRole('button', { name: '不认可，提异议' }).click()
    await shows(other, '待派单')
    assert.equal(await other.page.getByRole('button', { name: '不认可，提异议' }).count(), 0,
      'an objection is possible once')
  })

  await step('the desk above decides on the objection and gives it to the community', async () => {
    const above = await signIn('dispatcher2')
    await openMatter(above, 'pool', number)
    await shows(above, '下午五点以后还是老样子，请安排下午也来看。')
    await act(above, '派单', { unit: '大儒巷社区', go: '确认派单', done: '已完成：派单' })
    await above.close()
  })

  let worker
  await step('the grid worker takes it on a phone and answers with a photo', async () => {
    worker = await workPhone('worker1', 'zh-CN',
      { username: '用户名', password: '密码', login: '登录', tasks: '我的任务' })
    await checkPage(worker, 'tasks')
    await worker.page.locator(`a[href$="${number}"]`).click()
    await heading(worker, '占道经营')
    await shows(worker, '菜场门口流动摊贩占道经营，行人只能走到马路上。')
    await checkPage(worker, 'task')
    await press(worker, '签收')
    await shows(worker, /签收 · 已送达/)
    await press(worker, '当场解决')
    await worker.page.getByLabel('答复内容').fill('下午五点到现场，摊位已全部撤离，网格每天下午再看一遍。')
    await worker.page.locator('form input[type=file]').first().setInputFiles(green)
    await worker.page.getByRole('img', { name: '第 1 张照片' }).waitFor()
    await checkPage(worker, 'solving')
    await press(worker, /^确定/)
    await shows(worker, /当场解决 · 已送达/)
    await checkPage(worker, 'task, answered')
  })

  await step('checked by another person and closed', async () => {
    await dispatcher.page.reload()
    await dispatcher.page.locator('.matter-title').waitFor()
    await plainStep(dispatcher, '核查通过', '确认核查通过', '已完成：核查通过')
    await plainStep(dispatcher, '结案', '确认结案', '已完成：结案')
    await shows(dispatcher, '已办结')
    await checkPage(dispatcher, 'closed matter')
  })

  await step('the resident reopens it; it is handled and closed again', async () => {
    await resident.page.reload()
    await shows(resident, '已办结')
    await press(resident, '问题还在，要求重办')
    await resident.page.getByLabel('现在是什么情况？').fill('今天傍晚又有三个摊位。')
    await resident.page.locator('form').filter({ hasText: '现在是什么情况？' }).getByRole('button', { name: '问题还在，要求重办' }).click()
    await shows(resident, '待派单')
    await worker.page.reload()
    await shows(worker, '今天傍晚又有三个摊位。')
    await press(worker, '签收')
    await shows(worker, /签收 · 已送达/)
    await press(worker, '当场解决')
    await worker.page.getByLabel('答复内容').fill('傍晚增加一班巡看，三个摊位已劝离。')
    await press(worker, /^确定/)
    await shows(worker, /当场解决 · 已送达/)
    await dispatcher.page.reload()
    await dispatcher.page.locator('.matter-title').waitFor()
    await plainStep(dispatcher, '核查通过', '确认核查通过', '已完成：核查通过')
    await plainStep(dispatcher, '结案', '确认结案', '已完成：结案')
  })

  await step('at the end the resident reads all of it and verifies the receipt', async () => {
    await resident.page.reload()
    await shows(resident, '已办结')
    await shows(resident, '傍晚增加一班巡看，三个摊位已劝离。')
    const story = await resident.page.getByRole('main').innerText()
    for (const word of ['已上报', '派给承办单位', '承办单位已签收', '已答复', '当场解决并答复',
      '核查通过', '评价', '提出异议', '结案', '再次办理'])
      assert.ok(story.includes(word), `${word} in ${story}`)
    assert.ok(!/陈立冬|吴静怡|199\d{8}/.test(story), 'neither officers nor numbers are named')
    await resident.page.locator('summary', { hasText: '验证回执' }).click()
    await press(resident, '现在验证')
    await shows(resident, '全部通过：这份记录原样记在账本里。')
    await checkPage(resident, 'verified receipt')
  })
})

/** Something for the desk to do, sent as a phone sends it. */
async function reportQuietly(text) {
  const answer = await fetch(`${city.base}/api/reports`, { method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `quiet-report-${Date.now()}` },
    body: JSON.stringify({ text, category: '0703', grid }) })
  assert.equal(answer.status, 200, await answer.text())
}

test('the desk by keyboard alone: sign in, open the first matter, take an action', async () => {
  await reportQuietly('店门口摆摊，人行道走不通。')
  const p = await somebody({ on: 'desk' })
  const { page } = p
  const focused = () => page.evaluate(() => {
    const e = document.activeElement
    return `${e?.tagName} ${e?.id} ${e?.className} ${e?.textContent?.trim()}`
  })
  const tabTo = async wanted => {
    for (let i = 0; i < 80 && !wanted.test(await focused()); i++) await page.keyboard.press('Tab')
    assert.match(await focused(), wanted)
  }
  await page.goto('/desk/')
  await page.locator('#login-name').waitFor()
  await tabTo(/login-name/)
  await page.keyboard.type('dispatcher1')
  await tabTo(/login-word/)
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await page.locator('.matters tbody tr').first().waitFor()
  await tabTo(/^TR/)
  await page.keyboard.press('Enter')
  await page.locator('.side-panel .matter-title').waitFor()
  await tabTo(/^BUTTON .*内部记录$/)
  await page.keyboard.press('Enter')
  await page.locator('.act-form textarea').first().waitFor()
  await tabTo(/^TEXTAREA/)
  await page.keyboard.type('已电话核实')
  await page.keyboard.press('Control+Enter')
  await shows(p, '已完成：内部记录')
  await checkPage(p, 'panel after an action')
  await page.keyboard.press('Escape')
  await page.locator('.side-panel').waitFor({ state: 'detached' })
  assert.match(await focused(), /^TR/, 'the list has the focus again')
})

test('straight through in English, as three people', async t => {
  const step = story(t)
  let code, number
  const lang = 'en-GB'
  const resident = await somebody({ on: 'phone', lang, at })
  const { page } = resident
  await step('a resident reports', async () => {
    await page.goto('/m/?lang=en')
    await shows(resident, 'Say it, and you get an answer')
    await checkPage(resident, 'home')
    await press(resident, /Report a problem/, 'link')
    await heading(resident, 'What is it?')
    await press(resident, 'Not sure? Just write')
    await page.getByLabel('What happened').fill('Stalls block the pavement in front of the market.')
    await checkPage(resident, 'describe')
    await press(resident, 'Continue')
    await heading(resident, 'Where is it?')
    await press(resident, 'Use my position')
    await page.locator('.place').waitFor()
    await page.getByLabel('House number or landmark').fill('30 Ganjiang Road')
    await checkPage(resident, 'where')
    await press(resident, 'Continue')
    await heading(resident, /Check and send|Is it the same\?/)
    if (await page.getByText('Is it the same?').count()) {
      await checkPage(resident, 'nearby')
      await press(resident, 'None of these, go on')
      await heading(resident, 'Check and send')
    }
    await checkPage(resident, 'check')
    await press(resident, 'Send')
    await heading(resident, 'Received')
    code = await page.locator('.big-code').innerText()
    const receipt = await page.locator('.ticket').innerText()
    number = /\d{6}-[\w-]+/.exec(receipt)?.[0]
    assert.match(receipt, /What happens next/)
    const frame = receipt.split('\n').filter(line => !/^\p{Script=Han}/u.test(line)).join('\n')
    assert.ok(!/\p{Script=Han}/u.test(frame), `only names of places are Chinese: ${receipt}`)
    await checkPage(resident, 'receipt')
    await page.goto(`/m/matter#${code}`)
    await page.locator('.state .say').waitFor()
    await checkPage(resident, 'follow')
  })

  const dispatcher = await signIn('visitor1', lang)
  await step('a dispatcher assigns it', async () => {
    await dispatcher.page.locator('.matters tbody tr').first().waitFor()
    await checkPage(dispatcher, 'queue')
    await openMatter(dispatcher, 'pool', number)
    await shows(dispatcher, 'Stalls block the pavement in front of the market.')
    await checkPage(dispatcher, 'matter')
    await act(dispatcher, 'Assign', { unit: 'Daruxiang', go: /Assign/, done: /Assign$/ })
  })

  await step('a grid worker answers it', async () => {
    const worker = await workPhone('worker1', lang,
      { username: 'User name', password: 'Password', login: 'Log in', tasks: 'My tasks' })
    await checkPage(worker, 'tasks')
    await worker.page.locator(`a[href$="${number}"]`).click()
    await shows(worker, 'Stalls block the pavement in front of the market.')
    await press(worker, 'Solved on the spot')
    await worker.page.getByLabel('Answer', { exact: true }).fill('The stalls have moved; we look again every day.')
    await checkPage(worker, 'solving')
    await press(worker, /^Confirm/)
    await shows(worker, /Solved on the spot · Delivered/)
  })

  await step('it is checked, rated and closed', async () => {
    await dispatcher.page.reload()
    await dispatcher.page.locator('.matter-title').waitFor()
    await plainStep(dispatcher, 'Check passed', /Check passed/, /Check passed$/)
    await page.reload()
    await shows(resident, 'The stalls have moved; we look again every day.')
    await press(resident, 'Very good', 'radio')
    await press(resident, 'Send rating')
    await shows(resident, /Your rating: 5 of 5/)
    await dispatcher.page.reload()
    await dispatcher.page.locator('.matter-title').waitFor()
    await plainStep(dispatcher, 'Close', /Close/, /Close$/)
    await page.reload()
    await shows(resident, 'Closed')
    await checkPage(resident, 'closed')
    await checkPage(dispatcher, 'closed, at the desk')
  })
})

test('nothing went wrong on any page, and nothing left the origin', () => {
  assert.ok(everybody.length >= 9)
  assert.deepEqual(everybody.flatMap(p => p.faults), [])
})
