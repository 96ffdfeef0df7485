// What the server sends and takes, under the names the pages use. The shapes come from the program
// itself (server.ts, made by `fengqiao describe typescript`); here only what JSON cannot say is added.
import type * as server from './server'

export interface ErrorBody {
  code: string
  status: number
  field?: string
  message: string
  request?: string
}

export type Icon =
  | 'fire'
  | 'elec'
  | 'house'
  | 'people'
  | 'road'
  | 'lamp'
  | 'phone'
  | 'tree'
  | 'trash'
  | 'water'
  | 'noise'
  | 'build'
  | 'work'
  | 'shop'
  | 'heart'
  | 'pencil'

export type Category = Omit<server.CategoryView, 'icon'> & { icon: Icon }
export type Config = Omit<server.Config, 'center' | 'bounds' | 'categories'> & {
  center: [number, number]
  bounds: [number, number, number, number]
  categories: Category[]
}
export type Suggestion = Omit<server.Suggestion, 'categories'> & { categories: Category[] }
export type Place = server.PlaceView
export type Here = server.Here
export type Finding = server.Finding
export type FusionPage = server.FusionPage
export type MergeOut = server.MergeOut
export type Explanation = server.Explanation
export type Rules = server.RulesOut
export type RuleWords = server.RuleWords
type DraftState = { state: 'draft' | 'faulty' | 'planned' | 'in_force' | 'past' }
export type Draft = Omit<server.DraftView, 'state'> & DraftState
export type DraftRow = Omit<server.DraftRow, 'state'> & DraftState
export type DraftInput = server.DraftIn
export type Rehearsal = server.RehearsalOut
export type RuleChoice = server.RuleChoice
export type Version = Omit<server.VersionView, 'state'> & {
  state: 'planned' | 'in_force' | 'past' | 'taken_back'
}
export type Rehearsed = server.Rehearsed
export type RegridLeft = server.RegridLeft
export type RegridOut = server.RegridOut
export type NearbyItem = server.NearbyItem
export type Upload = server.Upload
export type ReportInput = server.Report
export type Receipt = server.Receipt

export type Photo = Omit<server.PhotoView, 'phase'> & { phase: 'before' | 'after' | 'talk' }
export type Message = Omit<server.MessageView, 'from' | 'photos'> & {
  from: 'reporter' | 'staff'
  photos: Photo[]
}
export type PublicStage = server.Stage
export type PublicEvent = server.TimelineView
export type Possible = server.ActionRow
export type PublicMatter = Omit<server.PublicMatter, 'photos' | 'messages'> & {
  photos: Photo[]
  messages: Message[]
}

/** A receipt's proof, as src/ledger/verify.h describes it. */
export interface Proof {
  format: string
  number: string
  entry: string
  prev: string
  hash: string
  promise?: string
  key: string
  text?: string
  salt?: string
  index?: number
  path?: string[]
  checkpoint?: string
}

export type Membership = server.MembershipView
export type Me = server.Me
export type View = NonNullable<server.ListIn['view']>
export type MatterRow = server.MatterRow
export type MatterList = server.MatterPage
export type Counts = server.Counts
export type Reporter = server.ReporterView
export type Cohandler = Omit<server.CohandlerView, 'state'> & {
  state: 'open' | 'done' | 'declined'
}
export type Entry = Omit<server.TimelineView, 'facts'> & { facts?: Record<string, unknown> }
export type Hold = server.HoldView
export type Link = server.LinkView
/** needs: the fields to fill in; one with a question mark may stay empty. */
export type Action = server.ActionRow
export type Matter = Omit<
  server.MatterDetail,
  'cohandlers' | 'photos' | 'messages' | 'timeline'
> & {
  cohandlers: Cohandler[]
  photos: Photo[]
  messages: Message[]
  timeline: Entry[]
}
export type StepInput = Omit<server.StepArgs, 'number'>
export type MatterInput = server.EntryIn
export type BulkInput = server.BulkIn
export type EntryMade = server.EntryMade
export type BulkResult = server.BulkOut
export type Revealed = server.RevealOut
export type Unit = server.UnitView
export type Template = server.TemplateView
export interface MatterEvent {
  number: string
  owner_unit: string
  state: string
  due_ms?: number
}

export type TallyView = server.TallyView
export type FigureView = server.FigureView
export type CaseView = server.CaseView
export type CasesView = server.CasesView
export type PublicFigures = server.PublicFigures
export type FreeCountsIn = server.FreeCountsIn
export type Tiles = server.Tiles
export type ZoneView = server.MapZone
export type ZoneViews = server.MapZones
export type MapPoint = server.MapPoint
export type MapGroup = server.MapGroup
export type MattersMap = server.MattersMap
