// What the server sends and takes, by the API contract. Times are ms since 1970 UTC.

export interface ErrorBody { code: string; status: number; field?: string; message: string; request?: string }

export type Icon = 'fire' | 'elec' | 'house' | 'people' | 'road' | 'lamp' | 'phone' | 'tree' | 'trash'
  | 'water' | 'noise' | 'build' | 'work' | 'shop' | 'heart' | 'pencil'

export interface Category {
  code: string; parent?: string; name: string; name_en: string
  hint: string; hint_en: string; icon: Icon; hotline?: string
}

export interface Config {
  city: string; city_en: string; notice: string; notice_en: string; demo: boolean
  origin: string; verifier_key: string
  center: [number, number]; bounds: [number, number, number, number]
  review_no: string; boundary_notice: string; boundary_notice_en: string
  photos_max: number; text_max: number; categories: Category[]
}

export interface Suggestion {
  categories: Category[]; tier: number; emergency: boolean; hotline?: string
}

export interface Place {
  area?: string; community: string; community_name: string; town_name: string; county_name: string
  grid: string; grid_name: string; police_grid?: string
  worker_name?: string; worker_phone?: string; lon?: number; lat?: number
}

export interface NearbyItem {
  number: string; category: string; category_name: string; state: string; state_name: string
  place_name: string; distance_m: number; created_ms: number; joined: number
}

export interface Upload { upload: string; width: number; height: number; bytes: number; lon?: number; lat?: number }

export interface ReportInput {
  text: string; category?: string; lon?: number; lat?: number; crs?: 'wgs84' | 'gcj02' | 'bd09'
  grid?: string; place_text?: string; name?: string; phone?: string; confidential?: boolean
  uploads?: string[]; join?: string
}

export interface Receipt {
  code: string; number: string; joined: boolean; state: string; state_name: string
  owner_name: string; due_ms?: number; next: string; created_ms: number
  entry_hash: string; promise: string; place_name: string
}

export interface Photo { id: number; phase: 'before' | 'after' | 'talk'; width?: number; height?: number }

export interface Message {
  no: number; at_ms: number; from: 'reporter' | 'staff'; by: string; text: string; photos: Photo[]
}

export interface PublicStage { key: string; name: string; done: boolean; at_ms?: number }
export interface PublicEvent { seq: number; at_ms: number; action: string; action_name: string; by: string; note?: string }
export interface Possible { action: string; ok: boolean; why?: string }

export interface PublicMatter {
  number: string; category_name: string; state: string; state_name: string; state_text: string
  text: string; place_text: string; place_name: string; owner_name: string
  due_ms?: number; due_reason?: string; overdue: boolean; provisional: boolean
  created_ms: number; closed_ms?: number; round: number; seq: number
  stages: PublicStage[]; timeline: PublicEvent[]; messages: Message[]; photos: Photo[]
  rating?: number; rating_text?: string; can: Possible[]; object_until_ms?: number
}

export interface Proof {
  format: string; number: string; entry: string; prev: string; hash: string; promise?: string; key: string
  index?: number; path?: string[]; checkpoint?: string
}

export interface Membership { unit: string; unit_name: string; role: string; role_name: string; level: number }
export interface Me {
  account: string; name: string; username: string; csrf: string
  memberships: Membership[]; can: string[]
}

export type View = 'mine' | 'unit' | 'pool' | 'region' | 'cohandle' | 'ask' | 'overdue'

export interface MatterRow {
  number: string; kind: string; state: string; state_name: string; category: string; category_name: string
  tier: number; tier_name: string; title: string; place_text: string; place_name: string; grid: string
  lon?: number; lat?: number; owner_unit: string; owner_name: string; taken: boolean
  due_ms?: number; overdue: boolean; supervised: number; ask?: string; created_ms: number
  unanswered: number; joined: number; seq: number
}

export interface MatterList { items: MatterRow[]; next?: string }
export interface Counts {
  mine: number; unit: number; pool: number; cohandle: number; ask: number; overdue: number; due_today: number
}

export interface Reporter {
  no: number; name: string; phone: string; has_contact: boolean; confidential: boolean; joined_ms: number
  answered: boolean; score?: number; rating_text?: string
}
export interface Cohandler {
  unit: string; unit_name: string; state: 'open' | 'done' | 'declined'; due_ms: number; overdue: boolean; task: string; reply?: string
}
export interface Entry {
  seq: number; at_ms: number; action: string; action_name: string; by: string
  from_state?: string; to_state: string; owner_name: string; due_ms?: number; note?: string
  facts?: Record<string, unknown>
}
export interface Hold {
  owner_name: string; holder_name?: string; state_name: string; from_ms: number; to_ms?: number; spent_ms: number
}
export interface Link { number: string; kind: string; kind_name: string; title: string; state_name: string }

/** needs: the fields to fill in; one with a question mark may stay empty. */
export interface Action {
  action: string; name: string; ok: boolean; why?: string; needs: string[]
  danger?: boolean; reasons?: { code: string; name: string }[]
}

export interface Matter extends MatterRow {
  text: string; origin: string; origin_name: string; police_grid: string; police_grid_name: string
  holder_name: string; round: number; closed_ms?: number; merged_into: string; confidential: boolean; reporters: Reporter[]; cohandlers: Cohandler[]; photos: Photo[]
  messages: Message[]; timeline: Entry[]; holds: Hold[]; links: Link[]
  clock: { stage: string; from_ms: number; due_ms?: number; rule?: string; paused: boolean; provisional: boolean }
  route: { rule: string; why: string }; request?: { by: string; unit_name: string; days: number; reason: string }; actions: Action[]
}

export interface StepInput {
  action: string; seq: number; note?: string; unit?: string
  units?: { unit: string; task: string; days: number }[]; days?: number; reply?: string
  number2?: string; reason?: string; category?: string; text?: string; score?: number; uploads?: string[]
}

export interface MatterInput {
  text: string; category?: string; lon?: number; lat?: number; grid?: string; place_text?: string
  name?: string; phone?: string; confidential?: boolean; origin: 'patrol' | 'phone' | 'window'; uploads?: string[]
  solved?: boolean; reply?: string
}

export interface BulkInput {
  numbers: string[]; action: string; note?: string; unit?: string; reason?: string; number2?: string; reply?: string
}
export interface EntryMade { number: string; code?: string }
export interface BulkResult { results: { number: string; ok: boolean; code?: string; message?: string }[] }
export interface Revealed { name?: string; phone?: string }
export interface Unit {
  unit: string; name: string; level: number; kind: string; functions: string
}
export interface Template { code: string; title: string; text: string }
export interface MatterEvent { number: string; owner_unit: string; state: string; due_ms?: number }
