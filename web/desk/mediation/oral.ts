// An oral agreement in one go: each of the steps that the law knows, taken one after the other and
// recorded each for itself, so that nothing is there that was not said. For a minor the guardian, who
// is a party of their own, consents.
import type { Matter, StepInput } from '../../shared/api/types.ts'
import type { DisputeIn, DisputeMade } from '../../shared/api/server.ts'
import { api, newKey } from '../core/api.ts'
import { markOwn } from '../core/live.ts'
import { me } from '../core/session.ts'
import { promisesOf, type PromiseDraft } from './step.ts'

export async function settleOrally(
  made: DisputeMade,
  parties: DisputeIn['parties'],
  text: string,
  promises: PromiseDraft[],
  tell: (name: string) => void,
): Promise<Matter> {
  let m = await api.matter(made.number)
  const step = async (action: string, more: Partial<StepInput> = {}): Promise<void> => {
    tell(m.actions.find(a => a.action === action)?.name ?? '')
    markOwn(m.number)
    m = await api.step(m.number, { action, seq: m.seq, ...more }, newKey())
  }
  for (const [i, p] of parties.entries()) {
    if (!p.minor) await step('consent', { party: i + 1, how: 'in_person' })
    await step('tell_rights', { party: i + 1, how: 'in_person' })
  }
  await step('accept')
  await step('name_mediator', { mediator: me.value!.account, how: 'parties' })
  const list = promisesOf(promises)
  await step('agree_oral', { text, ...(list.length ? { promises: list } : {}) })
  return m
}
