// People's mediation as the people in it live it: wages at a bonded-zone company, water between
// neighbours, a plot of land; at the mediators' desks, at those of police and labour, and on the
// parties' own phones. What is asserted is what they read.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { DatabaseSync } from 'node:sqlite'
import { checkPage, openBrowser, person, startCity, toDesk } from './people.mjs'

const grid = '320508018023001'
const dayMs = 24 * 3600_000
const day = n => new Date(Date.now() + n * dayMs + 8 * 3600_000).toISOString().slice(0, 10)
const folder = process.env.PAPERS ?? mkdtempSync(join(tmpdir(), 'fengqiao-papers-'))
let city, browser
const everybody = []

before(async () => {
  [city, browser] = await Promise.all([startCity(20), openBrowser()])
})
after(async () => {
  for (const p of everybody) await p.close()
  await browser?.close()
  await city?.stop()
  if (!process.env.PAPERS) rmSync(folder, { recursive: true, force: true })
})

async function somebody(device) {
  const p = await person(browser, city.base, device)
  everybody.push(p)
  return p
}
async function desk(username) {
  const p = await somebody({ on: 'desk' })
  await toDesk(p, username)
  return p
}
/** A party's own page on a phone. */
async function phone(code, lang = 'zh-CN') {
  const p = await somebody({ on: 'phone', lang })
  await p.page.setViewportSize({ width: 360, height: 740 })
  await p.page.goto(`/m/matter?lang=${lang}#${code}`)
  await p.page.locator('.stages').waitFor()
  return p
}

/** Pixels between the words of stages that stand side by side, where they are closest. */
const between = page => page.locator('.stages li').evaluateAll(items => {
  const words = items.map(li => {
    const range = globalThis.document.createRange()
    range.selectNode([...li.childNodes].find(n => n.nodeType === 3 && n.data.trim()))
    return range.getBoundingClientRect()
  })
  return Math.min(...words.slice(1).map((r, i) => r.left - words[i].right))
})

/** The code of a party, which the committee looks up to give it to the party. */
async function codeOf(page, n) {
  if (!(await page.locator('.people').isVisible())) await page.getByText('姓名、电话和编码已加密').click()
  const person = page.locator('.people > li').nth(n - 1)
  await person.getByRole('button', { name: `查看第 ${n} 方的联系方式和编码` }).click()
  await person.getByRole('button', { name: '把编码交给本人' }).click()
  await person.getByRole('button', { name: '显示联系方式' }).click()
  return await person.locator('.med-code').textContent()
}
async function choose(page, id, text) {
  await page.locator('.el-select', { has: page.locator(`#${id}`) }).click()
  await page.locator('.el-select-dropdown__item:visible', { hasText: text }).first().click()
}
/** Presses a step of the dispute's page, fills its form, sends it, and waits until it is done. */
async function step(page, name, fillIn = async () => {}) {
  await opened(page, name)
  await send(page, name, fillIn)
}
async function opened(page, name) {
  const box = page.locator('.actions')
  const button = box.getByRole('button', { name, exact: true })
  if (!await button.isVisible()) await box.locator('summary', { hasText: '其他可以做的' }).click()
  await button.click()
}
async function send(page, name, fillIn = async () => {}) {
  const form = page.getByRole('form', { name, exact: true })
  await form.waitFor()
  await fillIn(form)
  await form.getByRole('button', { name: `确认${name}`, exact: true }).click()
  await page.locator('.ok-line', { hasText: `已完成：${name}` }).waitFor()
}
/** The button beside a party, in the order of their numbers. */
async function ofParty(page, no, name, fillIn) {
  await page.locator('.med-table').first().locator('tbody tr').nth(no - 1)
    .getByRole('button', { name: new RegExp(`^${name}`) }).click()
  await send(page, name, fillIn)
}

async function register(page, { kind, text, names, source, more }) {
  await page.goto('/desk/mediation/new')
  await page.locator('#in-kind').click()
  await page.locator('#in-kind').fill(kind)
  await page.locator('.el-select-dropdown__item:visible', { hasText: kind }).first().click()
  await page.fill('#in-text', text)
  await page.getByLabel(/^申请人 1 姓名/).fill(names[0])
  await page.getByLabel(/^被申请人 2 姓名/).fill(names[1])
  await page.getByLabel(/^被申请人 2 电话/).fill('19900001002')
  await page.fill('#in-grid', grid)
  if (source) await choose(page, 'in-source', source)
  await more?.()
}
async function registered(page, n = 2) {
  await page.locator('.receipt').waitFor()
  const codes = await page.locator('.med-code').allTextContents()
  assert.equal(codes.length, n, 'one code for each party, for the committee only')
  const number = /\d{6,}[-\w]*/.exec(await page.locator('.receipt p').first().textContent())[0]
  return { codes, number }
}

const written = async (form, promise) => {
  await form.locator('#step-agree_written-text').fill(promise.text)
  await form.locator('.med-who').first().click()
  await form.page().locator('.el-select-dropdown__item:visible').nth(promise.by - 1).click()
  await form.getByLabel('做什么、付什么 1').fill(promise.what)
  if (promise.amount) await form.getByLabel(/^金额.* 1$/).fill(promise.amount)
  await form.getByLabel('最晚哪一天 1').fill(promise.day)
  await form.getByLabel(/^怎么履行 1$/).fill(promise.way)
}
/** Everybody signs; it binds from the last signature or seal. */
async function signed(page) {
  await ofParty(page, 1, '当事人签署')
  await ofParty(page, 2, '当事人签署')
  await step(page, '调解员签名')
  assert.equal(await page.getByText('最后一个签名或盖章后生效').count(), 1, 'not before the seal')
  await step(page, '调委会盖章')
  await page.getByText('起生效').first().waitFor()
}

/** Presses a button that opens a document in a tab, and reads it: its pages, and its text without
 *  spaces. This browser has no viewer of documents and saves them. */
async function document(page, button, name) {
  const path = join(folder, `${name}.pdf`)
  const [saved] = await Promise.all([page.waitForEvent('download'), button.click()])
  assert.match(saved.url(), /^blob:/)
  await saved.saveAs(path)
  const info = spawnSync('pdfinfo', [path], { encoding: 'utf8' })
  assert.equal(info.status, 0, info.stderr)
  const text = spawnSync('pdftotext', [path, '-'], { encoding: 'utf8' }).stdout.replace(/\s/g, '')
  return { pages: Number(info.stdout.match(/^Pages:\s+(\d+)/m)[1]), text }
}
const dossierOf = (page, name) => document(page, page.getByRole('button', { name: '整卷 PDF' }), name)
/** Says of each party how its identity was checked. */
async function identified(page) {
  const box = page.getByRole('region', { name: '文书与卷宗' })
  await box.locator('summary', { hasText: '附上扫描件' }).click()
  for (const [i, side] of ['申请人', '被申请人'].entries()) {
    await choose(page, 'scan-paper', '当事人身份证明')
    await page.locator('.el-select', { has: page.locator('#scan-party') }).click()
    await page.locator('.el-select-dropdown__item:visible', { hasText: new RegExp(`^\\s*${side}\\d`) }).click()
    await page.fill('#scan-caption', '证件原件已核验')
    await box.getByRole('button', { name: '附上', exact: true }).click()
    await page.waitForFunction(n => [...globalThis.document.querySelectorAll('.med-list small')]
      .filter(e => e.textContent.includes('证件原件已核验')).length > n, i)
  }
}

test('water between neighbours: settled on the spot, in one form, and called back', async () => {
  const p = await desk('mediator3')
  const { page } = p
  await page.getByRole('link', { name: '人民调解', exact: true }).click()
  await page.getByRole('button', { name: '登记纠纷' }).click()
  await checkPage(p, 'register')
  await page.getByRole('button', { name: '登记', exact: true }).click()
  await page.getByText('请选择属于哪一类').waitFor()
  assert.equal(await page.getByText('请在“在哪个网格”和“地点”中填一项').count(), 2, 'said at both fields')
  await checkPage(p, 'register, with what is lacking')
  await register(page, { kind: '用水排水', text: '两家共用水管，楼上漏水到楼下', names: ['顾阿大', '沈小妹'],
    more: async () => {
      await page.getByText('已当场谈成').click()
      await page.fill('#in-agreed', '楼上三天内修好水管，楼下不再追究')
    } })
  await page.getByRole('button', { name: '登记并记下口头协议' }).click()
  await page.getByText('请核对后打勾').waitFor()
  await page.getByText('双方当面同意调解').click()
  await page.getByRole('button', { name: '登记并记下口头协议' }).click()
  await page.getByText('口头协议已记下').waitFor()
  const { codes } = await registered(page)
  assert.deepEqual(await page.locator('.receipt dt').allTextContents(), ['顾阿大 (申请人)', '沈小妹 (被申请人)'],
    'whose code is whose')
  await checkPage(p, 'settled on the spot')

  const neighbour = await phone(codes[1])
  assert.ok(await between(neighbour.page) >= 4, 'the words of the stages stand apart')
  assert.match(await neighbour.page.locator('.line').last().textContent(), /已登记/)
  assert.equal(await neighbour.page.getByText(/已上报|报事/).count(), 0, 'nobody reported anything')
  await neighbour.page.getByText('约定的都已履行').waitFor()
  await neighbour.page.getByText('楼上三天内修好水管').first().waitFor()
  assert.equal(await neighbour.page.getByText('顾阿大').count(), 0, 'no name of the other side')
  await checkPage(neighbour, 'own page, settled')

  await page.getByRole('button', { name: '打开' }).click()
  await page.locator('.mini', { hasText: '口头协议' }).waitFor()
  await page.locator('p', { hasText: '口头协议不能申请司法确认' }).waitFor()
  await checkPage(p, 'dispute, settled orally')
  await step(page, '回访结案', form => form.locator('textarea').fill('水管已修好，两家都满意'))
  await page.locator('.matter-marks .state', { hasText: '已办结' }).waitFor()
  await neighbour.page.reload()
  await neighbour.page.getByText('水管已修好，两家都满意').first().waitFor()

  const { pages, text } = await dossierOf(page, 'water')
  assert.ok(pages >= 7 && pages < 15, `${pages} pages`)
  for (const words of ['顾阿大与沈小妹邻里纠纷', '人民调解口头协议登记表', '楼上三天内修好水管', '两家都满意'])
    assert.ok(text.includes(words), words)
  const own = await document(neighbour.page,
    neighbour.page.getByRole('button', { name: '人民调解口头协议登记表' }), 'water-own')
  assert.ok(own.text.includes('沈小妹') && own.text.includes('顾阿大'))
  await checkPage(neighbour, 'own page, with documents')
  await page.getByText('必备文书齐全').waitFor()
  await page.getByRole('button', { name: '归档', exact: true }).click()
  await page.getByText(/归档，保管期限：长期/).waitFor()
  await checkPage(p, 'dispute, filed')
  await page.goto('/desk/mediation/archive')
  await page.getByRole('link', { name: /两家共用水管/ }).waitFor()
  await page.fill('#archive-q', '不存在')
  await page.getByRole('button', { name: '查找' }).click()
  await page.getByText('没有符合条件的卷宗').waitFor()
  await checkPage(p, 'archive')
})

test('wages: police, labour, committee, instalments, a breach, mediated again, performed', async () => {
  const police = await desk('clerk5')
  await police.page.getByRole('link', { name: '移送往来' }).click()
  await checkPage(police, 'hand-overs, none')
  await register(police.page, { kind: '福利待遇', text: '综保区电子公司拖欠三十天加班工资六千元',
    names: ['周阿根', '明远电子有限公司'],
    more: async () => {
      await police.page.fill('#in-document', '平公调移7号')
      await police.page.fill('#in-reason', '报警后双方愿意调解')
    } })
  await police.page.getByRole('button', { name: '登记', exact: true }).click()
  const { number } = await registered(police.page, 0)
  await police.page.getByText('在“移送往来”里看').waitFor()

  const p = await desk('mediator3')
  const { page } = p
  await page.getByRole('link', { name: '人民调解', exact: true }).click()
  await page.getByText('还差 2 方同意').waitFor()
  await checkPage(p, 'the mediator’s desk')
  await page.getByRole('link', { name: /综保区电子公司/ }).first().click()
  await page.getByText('平公调移7号').waitFor()
  await page.getByText('公安移送（警调）').first().waitFor()
  await checkPage(p, 'dispute, registered')

  const codes = [await codeOf(page, 1), await codeOf(page, 2)]
  const people = await page.locator('.people').textContent()
  assert.match(people, /申请人1[^]*被申请人1/)
  assert.doesNotMatch(people, /待答复|报事|保密/, 'words of reports')
  const worker = await phone(codes[0])
  await worker.page.getByRole('button', { name: '同意调解' }).click()
  await worker.page.getByText('正等其他各方表示').waitFor()
  const company = await phone(codes[1], 'en')
  await company.page.getByRole('button', { name: 'I agree to mediation' }).waitFor()
  await checkPage(company, 'own page, asked, in English')
  await company.page.getByRole('button', { name: 'I agree to mediation' }).click()
  await company.page.getByText('the committee is to accept it').waitFor()

  await page.reload()
  await page.getByText('劳动仲裁').first().waitFor()
  await ofParty(page, 1, '告知权利义务')
  await ofParty(page, 2, '告知权利义务')
  await step(page, '移送、委托', async form => {
    await form.locator('#step-refer-unit').fill('人力资源')
    await page.locator('.el-select-dropdown__item:visible').first().click()
    for (let i = 0; i < 2; i++) {
      await form.locator('[data-need=consents] .el-select').nth(i).click()
      await page.locator('.el-select-dropdown__item:visible', { hasText: '当面' }).first().click()
      await page.locator('.el-select-dropdown__item:visible').first().waitFor({ state: 'detached' })
    }
    await form.locator('#step-refer-note').fill('请劳动监察核实加班工时')
  })
  await step(page, '受理')
  await step(page, '确定调解员')
  const labour = await desk('clerk3')
  await labour.page.getByRole('link', { name: '移送往来' }).click()
  await labour.page.getByRole('button', { name: '接受 / 退回' }).click()
  await labour.page.getByRole('button', { name: '接受', exact: true }).click()
  await labour.page.getByRole('button', { name: '反馈结果' }).click()
  await labour.page.locator('textarea').fill('核实欠付六千元')
  await checkPage(labour, 'hand-overs, answering')
  await labour.page.getByRole('button', { name: '反馈结果' }).click()
  await labour.page.getByText('结果：核实欠付六千元').waitFor()

  await page.reload()
  await page.getByText('结果：核实欠付六千元').waitFor()
  await step(page, '安排调解', async form => {
    await form.locator('#step-plan_sitting-at_ms').fill(`${day(1)}T09:30`)
    await form.locator('#step-plan_sitting-place').fill('社区调解室')
  })
  await worker.page.reload()
  await worker.page.getByText('社区调解室').first().waitFor()
  await checkPage(worker, 'own page, a session planned')
  await step(page, '记录单独谈话', async form => {
    await choose(page, 'step-caucus-party', '被申请人')
    await form.locator('#step-caucus-text').fill('公司愿意分两期')
  })
  assert.equal(await page.locator('.tl-note', { hasText: '公司愿意分两期' }).count(), 0, 'not before it is asked for')
  await page.getByRole('button', { name: /查看记录/ }).click()
  await page.locator('.tl-note', { hasText: '公司愿意分两期' }).waitFor()
  await step(page, '记录调解', async form => {
    await form.locator('#step-sitting-text').fill('双方对六千元没有争议')
    await choose(page, 'step-sitting-result', '达成一致')
  })
  await step(page, '达成书面协议', async form => {
    await written(form, { text: '欠付六千元，分两期付清', by: 2, what: '支付工资', amount: '6000', day: day(10),
      way: '转入工资卡' })
    await form.getByLabel('分几期').fill('2')
    await form.getByRole('button', { name: '平均分期' }).click()
    await form.getByLabel('做什么、付什么 2').waitFor()
    await page.evaluate(() => scrollTo(0, 0))
    await checkPage(p, 'agreement being written')
  })
  await signed(page)
  await page.getByText(/双方可在 .* 前共同申请/).waitFor()
  await checkPage(p, 'dispute, agreed')
  assert.equal(await company.page.getByText('公司愿意分两期').count(), 0, 'a talk with one side stays there')
  await worker.page.reload()
  await worker.page.getByText('3000 元').first().waitFor()
  await checkPage(worker, 'own page, promises')

  // the first instalment is let pass
  const db = new DatabaseSync(city.db ?? process.env.CITY_DB)
  db.exec(`PRAGMA busy_timeout = 5000;
    UPDATE promise SET due_ms = ${Date.now() - dayMs} WHERE no = 1;
    UPDATE dispute SET effective_ms = effective_ms - ${dayMs}
    WHERE matter IN (SELECT matter FROM promise WHERE no = 1 AND due_ms < effective_ms)`)
  db.close()
  await page.reload()
  await page.getByRole('button', { name: '记未履行 1' }).click()
  await send(page, '未履行', form => form.locator('#step-broken-note').fill('公司账户被冻结'))
  await page.locator('.state', { hasText: '没有履行' }).waitFor()
  await page.goto('/desk/mediation')
  await page.locator('.med-waits.hot', { hasText: '没有履行' }).waitFor()
  await page.getByRole('link', { name: /综保区电子公司/ }).first().click()
  await step(page, '再次调解', form => form.locator('#step-mediate_again-note').fill('商定改期'))
  await page.locator('.mini', { hasText: '第 2 轮' }).waitFor()
  await page.getByText(/^第 1 次协议，.*违约$/).waitFor()
  await page.getByText('欠付六千元，分两期付清').first().waitFor()
  await worker.page.reload()
  await worker.page.getByRole('heading', { name: '第 1 次协议' }).waitFor()
  await checkPage(worker, 'own page, an agreement that was not kept')
  await ofParty(page, 1, '记录同意调解')
  await ofParty(page, 2, '记录同意调解')
  await step(page, '受理')
  await step(page, '记录调解', async form => {
    await form.locator('#step-sitting-text').fill('公司提前一次付清')
    await choose(page, 'step-sitting-result', '达成一致')
  })
  await step(page, '达成书面协议', form => written(form, { text: '一次付清六千元', by: 2, what: '支付全部工资',
    amount: '6000', day: day(2), way: '转入工资卡' }))
  await signed(page)
  await page.getByRole('button', { name: '记已履行 1' }).click()
  await send(page, '已履行')
  await page.locator('.matter-marks .state', { hasText: '待回访' }).waitFor()
  await step(page, '反馈结果', form => form.locator('#step-feed_back-reply').fill('工资已付清'))
  await step(page, '回访结案', form => form.locator('textarea').fill('工资已到账'))
  await police.page.goto('/desk/mediation/transfers')
  await police.page.getByText(number).waitFor()
  await police.page.getByText('结果：工资已付清').waitFor()
  await checkPage(police, 'hand-overs, with the result')

  await page.reload()
  await page.getByText('还缺 1 份必备文书').waitFor()
  await identified(page)
  await page.getByText('必备文书齐全').waitFor()
  await checkPage(p, 'dispute, its documents')
  const { pages, text } = await dossierOf(page, 'wages')
  assert.ok(pages >= 14 && pages < 40, `${pages} pages`)
  for (const words of ['周阿根与明远电子有限公司', '平公调移7号', '分两期付清', '一次付清六千元', '陆仟元整', '工资已付清',
    '证件原件已核验', '记录未履行']) assert.ok(text.includes(words), words)
  assert.ok(!text.includes('公司愿意分两期'), 'a talk with one side stands in no document')
})

test('land: from the village to the county, and confirmed by the court', async () => {
  const village = await desk('mediator3')
  let { page } = village
  await register(page, { kind: '土地承包', text: '两户承包地的田埂归谁说不清', names: ['陆金根', '钱水生'] })
  await page.getByRole('button', { name: '登记', exact: true }).click()
  const { number, codes } = await registered(page)
  await page.getByRole('button', { name: '打开' }).click()
  await step(page, '提交上级调解组织', form => form.locator('#step-escalate-note').fill('涉及历史确权'))

  for (const [who, last] of [['mediator1', false], ['mediator2', true]]) {
    ({ page } = await desk(who))
    await page.goto(`/desk/matter/${number}`)
    await page.waitForURL(/\/desk\/dispute\//)
    await ofParty(page, 1, '记录同意调解')
    await ofParty(page, 2, '记录同意调解')
    if (!last) await step(page, '提交上级调解组织', form => form.locator('#step-escalate-note').fill('跨街道'))
  }
  await village.page.goto('/desk/mediation')
  await village.page.getByText('已提交上级', { exact: true }).click()
  const former = village.page.locator('.med-rows li', { hasText: '田埂归谁说不清' })
  assert.match(await former.textContent(), /姑苏区人民调解委员会.*提交上级 20\d\d-/)
  await checkPage(village, 'what was handed up')
  await ofParty(page, 1, '告知权利义务')
  await ofParty(page, 2, '告知权利义务')
  await step(page, '受理')
  await step(page, '确定调解员')
  await step(page, '记录调解', async form => {
    await form.locator('#step-sitting-text').fill('按确权图划界')
    await choose(page, 'step-sitting-result', '达成一致')
  })
  await step(page, '达成书面协议', form => written(form, { text: '以确权图为界，各退半米', by: 1, what: '移走界石',
    day: day(20), way: '双方在场' }))
  await signed(page)
  await ofParty(page, 1, '申请司法确认', () => choose(page, 'step-apply_confirm-ownership', '不确认归属'))
  const second = await phone(codes[1])
  await second.page.getByRole('button', { name: '不确认归属，申请司法确认' }).click()
  await second.page.getByText('已经申请，等法院裁定。').first().waitFor()
  await page.reload()
  await page.getByText('已申请，等裁定').waitFor()
  await step(page, '记录法院裁定', async () => choose(page, 'step-court_decided-result', '裁定有效'))
  await page.getByText('已裁定有效').waitFor()
  await checkPage(everybody.find(x => x.page === page), 'dispute, confirmed')
  const { pages, text } = await dossierOf(page, 'land')
  assert.ok(pages >= 10 && pages < 30, `${pages} pages`)
  for (const words of ['陆金根与钱水生', '司法确认申请书', '以确权图为界', '移走界石'])
    assert.ok(text.includes(words), words)
  const farmer = await phone(codes[0], 'en')
  await farmer.page.getByText('The court has confirmed the agreement').waitFor()
  await farmer.page.getByText(/^\(20\d\d\) .+人调字 No\. \d+$/).waitFor()
  await checkPage(farmer, 'own page, confirmed, in English')
})

test('a slip in a name changes nothing else, a committee without mediators is not to be chosen, and news are shown', async () => {
  const { page } = await desk('mediator3')
  await register(page, { kind: '用水排水', text: '屋檐水滴到邻居院里', names: ['章水根', '吕阿四'] })
  await page.getByRole('button', { name: '登记', exact: true }).click()
  const { number } = await registered(page)
  await page.getByRole('button', { name: '打开' }).click()
  await ofParty(page, 1, '记录同意调解')
  await step(page, '更正当事人信息', async form => {
    await choose(page, 'step-correct_party-party', '章')
    assert.equal(await form.locator('[data-need=reason]').count(), 0, 'no name is changed yet')
    await form.locator('#step-correct_party-name').fill('张水根')
    await form.locator('button[type=submit]').click()
    await form.getByText('请填写“哪里错了”').waitFor()
    await choose(page, 'step-correct_party-reason', '字写错了')
  })
  await page.locator('.med-table').first().locator('tbody tr').first().getByText('同意', { exact: true }).waitFor()

  await opened(page, '提交上级调解组织')
  await page.locator('.el-select', { has: page.locator('#step-escalate-unit') }).click()
  await page.locator('.el-select-dropdown__item.is-disabled:visible', { hasText: '还没有能登录的调解员' }).first().waitFor()
  if (process.env.PAPERS) await page.screenshot({ path: `${folder}/above.png` })
  await page.keyboard.press('Escape')

  await page.locator('#step-escalate-note').fill('涉及多户')
  const other = await desk('mediator3')
  await other.page.goto(`/desk/dispute/${number}`)
  await step(other.page, '记录不同意调解', async form => {
    await choose(other.page, 'step-consent_refused-party', '吕')
    await form.locator('#step-consent_refused-reply').fill('对方不愿调解，可以起诉')
  })
  await page.getByRole('button', { name: '确认提交上级调解组织' }).click()
  await page.getByText('已更新为最新，请再看一遍').waitFor()
  assert.equal(await page.locator('#step-escalate-note').count(), 0, 'the form that no longer fits is closed')
  if (process.env.PAPERS) await page.screenshot({ path: `${folder}/gone.png` })
})

test('a guardian is chosen by the name of the minor, when it is registered and later', async () => {
  const { page } = await desk('mediator3')
  const actsFor = async (no, name) => {
    const box = name => page.getByRole('combobox', { name, exact: true })
    await choose(page, await box(`身份 ${no}`).getAttribute('id'), '监护人')
    const who = page.locator('.el-select', { has: box(`代表谁 ${no}`) })
    if (!(await who.textContent()).includes(name)) {
      await who.click()
      await page.locator('.el-select-dropdown__item:visible', { hasText: `代表 ${name}` }).click()
    }
    assert.match(await who.textContent(), new RegExp(`代表 ${name}`))
  }
  await register(page, { kind: '用水排水', text: '孩子玩水弄坏了邻居的水表', names: ['顾小弟', '沈小妹'],
    more: async () => {
      await page.getByText('未成年').first().click()
      await page.getByRole('button', { name: '增加申请人' }).click()
      await page.getByLabel(/^申请人 3 姓名/).fill('顾阿大')
      await actsFor(3, '顾小弟')
    } })
  await page.getByRole('button', { name: '登记', exact: true }).click()
  await registered(page, 3)
  assert.ok((await page.locator('.receipt dt').allTextContents()).includes('顾阿大 (申请人 · 监护人)'))
  await page.getByRole('button', { name: '打开' }).click()
  await step(page, '增加当事人', async form => {
    await form.getByLabel(/^申请人 4 姓名/).fill('顾阿婆')
    assert.equal(await form.locator('legend').textContent(), '申请人 · 顾阿婆')
    await actsFor(4, '申请人1 顾*')
  })
  assert.match(await page.locator('.med-table').first().locator('tbody tr').nth(3).textContent(), /监护人 · 代表 1 号/)
})

test('a party refuses on the phone: it ends, and the other ways stand there', async () => {
  const p = await desk('mediator1')
  await register(p.page, { kind: '消费及服务', text: '健身卡退费，商家不退', names: ['尤佳怡', '动起来健身馆'] })
  await p.page.getByRole('button', { name: '登记', exact: true }).click()
  const { codes } = await registered(p.page)
  const shop = await phone(codes[1])
  await shop.page.getByRole('button', { name: '不同意', exact: true }).click()
  await shop.page.locator('form, .card').getByRole('button', { name: '不同意', exact: true }).last().click()
  await shop.page.getByText('调解已经终止').waitFor()
  await shop.page.getByText('人民法院').first().waitFor()
  await checkPage(shop, 'own page, ended')
})

test('the committee’s page says what the law wants and is not so', async () => {
  const p = await desk('mediator1')
  await p.page.goto('/desk/committee/32050801800080')
  await p.page.getByText('请准备换届').waitFor()
  await checkPage(p, 'committee')
  await p.page.getByRole('button', { name: '修改登记' }).click()
  await p.page.locator('#c-day').fill(day(0))
  await checkPage(p, 'committee, being changed')
  await p.page.getByRole('button', { name: '保存' }).click()
  await p.page.getByText('符合人民调解法').waitFor()
})
