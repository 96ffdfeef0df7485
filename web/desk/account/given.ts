// The account that was just made, with its one-time password: it goes to the next page, and nowhere else.
import { shallowRef } from 'vue'
import type { AccountView } from '../../shared/api/server.ts'

export const given = shallowRef<AccountView>()
