// Made by `fengqiao describe typescript`; times are milliseconds since 1970 UTC.

export interface LocateIn {
  /** longitude, degrees */
  lon: number
  /** latitude, degrees */
  lat: number
  /** coordinate system of lon and lat; wgs84 unless given */
  crs?: 'wgs84' | 'gcj02' | 'bd09'
}

export interface PlaceView {
  /** 6-digit county code */
  area: string
  /** county or district */
  county_name: string
  /** town or street */
  town_name: string
  /** 12-digit community code */
  community: string
  /** community or village */
  community_name: string
  /** 15-digit grid code; none: no grid holds the point */
  grid?: string
  /** grid */
  grid_name?: string
  /** police grid code */
  police_grid?: string
  /** police grid */
  police_grid_name?: string
  /** grid worker on duty, published by law */
  worker_name?: string
  /** duty phone, published by law */
  worker_phone?: string
  /** the point asked for, or the grid's centre; WGS-84 */
  lon: number
  /** the point asked for, or the grid's centre; WGS-84 */
  lat: number
  /** county, town, community and grid as one name */
  place_name: string
}

export interface GridIn {
}

export interface BoundariesIn {
  /** western edge, WGS-84 */
  w: number
  /** southern edge, WGS-84 */
  s: number
  /** eastern edge, WGS-84 */
  e: number
  /** northern edge, WGS-84 */
  n: number
  /** county, town, community or grid */
  level: 'county' | 'town' | 'community' | 'grid' | 'micro' | 'police'
}

export interface Boundaries {
  /** FeatureCollection */
  type: string
  /** outlines */
  features: AreaOutline[]
  /** always false: too many are refused */
  truncated: boolean
}

export interface AreaOutline {
  /** Feature */
  type: string
  /** code as a number */
  id: number
  /** MultiPolygon, simplified to what the box can show */
  geometry: unknown
  /** what it is */
  properties: AreaLabel
}

export interface AreaLabel {
  /** code of the division or grid */
  code: string
  /** name */
  name: string
}

export interface LayerIn {
  /** borders: lines alone, each once, to about 200 m; overview: to about 10 m; full: to about 0.1 m, unless given */
  detail?: 'borders' | 'overview' | 'full'
}

export interface MapZoneIn {
}

export interface MapFactsIn {
  /** only this state */
  state?: 'received' | 'assigned' | 'working' | 'deferred' | 'answered' | 'verified' | 'closed' | 'rejected' | 'merged' | 'withdrawn' | 'registered' | 'mediating' | 'signing' | 'performing' | 'performed' | 'ended'
  /** only categories beginning so */
  category?: string
  /** only this tier */
  tier?: number
  /** reported (ended ones: ended) at or after */
  from_ms?: number
  /** reported (ended ones: ended) before */
  to_ms?: number
  /** no: only open matters, unless given; only: those that have ended; too: both */
  ended?: 'no' | 'only' | 'too'
}

export interface MapZone {
  /** code */
  code: string
  /** name */
  name: string
  /** what it is part of, most general first; of a police grid its station */
  above_name: string
  /** who has charge of it, as published */
  worker_name?: string
  /** duty phone, as published */
  worker_phone?: string
  /** square metres */
  area_m2: number
  /** a point inside, degrees, WGS-84 */
  lon: number
  /** a point inside, degrees, WGS-84 */
  lat: number
  /** western end */
  w: number
  /** southern end */
  s: number
  /** eastern end */
  e: number
  /** northern end */
  n: number
  /** matters in it that the reader may see; none: may see none there */
  matters?: number
  /** of them, past their deadline */
  overdue?: number
  /** they are counted in the part of it that is in the reader's territory */
  partly: boolean
}

export interface MapZonesIn {
  /** western edge, WGS-84 */
  w: number
  /** southern edge, WGS-84 */
  s: number
  /** eastern edge, WGS-84 */
  e: number
  /** northern edge, WGS-84 */
  n: number
  /** which layer */
  layer: 'county' | 'town' | 'community' | 'grid' | 'micro' | 'police'
  /** only this state */
  state?: 'received' | 'assigned' | 'working' | 'deferred' | 'answered' | 'verified' | 'closed' | 'rejected' | 'merged' | 'withdrawn' | 'registered' | 'mediating' | 'signing' | 'performing' | 'performed' | 'ended'
  /** only categories beginning so */
  category?: string
  /** only this tier */
  tier?: number
  /** reported (ended ones: ended) at or after */
  from_ms?: number
  /** reported (ended ones: ended) before */
  to_ms?: number
  /** no: only open matters, unless given; only: those that have ended; too: both */
  ended?: 'no' | 'only' | 'too'
}

export interface MapZones {
  /** by code */
  items: MapZone[]
  /** there are more in this view; come closer */
  more: boolean
}

export interface MattersMapIn {
  /** western edge, WGS-84 */
  w: number
  /** southern edge, WGS-84 */
  s: number
  /** eastern edge, WGS-84 */
  e: number
  /** northern edge, WGS-84 */
  n: number
  /** only this state */
  state?: 'received' | 'assigned' | 'working' | 'deferred' | 'answered' | 'verified' | 'closed' | 'rejected' | 'merged' | 'withdrawn' | 'registered' | 'mediating' | 'signing' | 'performing' | 'performed' | 'ended'
  /** only categories beginning so */
  category?: string
  /** only this tier */
  tier?: number
  /** reported (ended ones: ended) at or after */
  from_ms?: number
  /** reported (ended ones: ended) before */
  to_ms?: number
  /** no: only open matters, unless given; only: those that have ended; too: both */
  ended?: 'no' | 'only' | 'too'
  /** with zone: its layer */
  layer?: 'county' | 'town' | 'community' | 'grid' | 'micro' | 'police'
  /** only matters in this zone of the layer */
  zone?: string
}

export interface MattersMap {
  /** how many are in view */
  matters: number
  /** each matter, or none where there are too many */
  points: MapPoint[]
  /** instead of points, what lies near each other */
  groups: MapGroup[]
}

export interface MapPoint {
  /** number */
  number: string
  /** state */
  state: string
  /** state in words */
  state_name: string
  /** category code */
  category: string
  /** category */
  category_name: string
  /** 1 ordinary .. 4 emergency */
  tier: number
  /** degrees, WGS-84 */
  lon: number
  /** degrees, WGS-84 */
  lat: number
  /** governance grid, or 0 */
  grid: string
  /** grid, or what is known above it */
  place_name: string
  /** reported at */
  created_ms: number
  /** deadline */
  due_ms?: number
  /** the deadline has passed */
  overdue: boolean
}

export interface MapGroup {
  /** how many */
  matters: number
  /** of them, past their deadline */
  overdue: number
  /** their middle, degrees, WGS-84 */
  lon: number
  /** their middle, degrees, WGS-84 */
  lat: number
}

export interface PlatesIn {
  /** 12-digit code of a town or community; without it only the choice of areas */
  division?: string
}

export interface Plates {
  /** areas of my territory to choose from */
  areas: PlateArea[]
  /** plates of the area asked for */
  items: PlateView[]
  /** files they are printed in */
  parts: number
}

export interface PlateArea {
  /** 12-digit code */
  code: string
  /** name */
  name: string
}

export interface PlateView {
  /** code in plain text */
  code: string
  /** name */
  name: string
  /** name, English */
  name_en: string
  /** address that the code opens */
  url: string
}

export interface PlatesPdfIn {
  /** 12-digit code of a town or community */
  division: string
  /** plates on a sheet; 2x3 unless given */
  layout?: '2x3' | '3x4' | 'label'
  /** which file; the first unless given */
  part?: number
}

export interface AddressesIn {
  /** beginning of an address or name, with or without divisions in front */
  q: string
}

export interface AddressesView {
  /** the best first */
  items: AddressFound[]
}

export interface AddressFound {
  /** code of the place */
  code: string
  /** address, dwelling or site */
  kind: string
  /** name, or empty */
  name: string
  /** address, or empty */
  address: string
  /** longitude, WGS-84 */
  lon: number
  /** latitude, WGS-84 */
  lat: number
  /** grid it lies in */
  grid?: string
  /** county, town, community and grid as one name */
  place_name: string
}

export interface ZoneIn {
  /** the moment in question; now unless given */
  at?: number
}

export interface ZoneView {
  /** division, grid, micro or police */
  layer: string
  /** code */
  code: string
  /** name at that moment */
  name: string
  /** kind */
  kind: string
  /** division above, community, grid, or unit of the station */
  parent: string
  /** its name, as it is now */
  parent_name: string
  /** since when it has had this outline and name */
  valid_from: number
  /** until when; none: until further notice */
  valid_to?: number
  /** a point inside, WGS-84 */
  lon?: number
  /** a point inside, WGS-84 */
  lat?: number
  /** its area in square metres */
  area_m2?: number
  /** its outline: GeoJSON MultiPolygon, WGS-84 */
  geometry?: unknown
}

export interface DraftListView {
  /** the newest first */
  items: DraftRow[]
}

export interface DraftRow {
  /** number of the draft */
  id: string
  /** grid, micro, police or rule */
  kind: string
  /** name */
  name: string
  /** when it was made */
  made: number
  /** who made it */
  made_by: string
  /** when it was last changed */
  changed: number
  /** division whose desk works on it */
  region: string
  /** you may put it in force */
  may_publish: boolean
  /** draft, or faulty: a draft that had faults when it was saved; of a version planned, in_force or past */
  state: string
  /** the version it has become; none: still a draft */
  version?: number
  /** from when that is in force */
  valid_from?: number
}

export interface DraftIdIn {
}

export interface DraftView {
  /** number of the draft */
  id: string
  /** grid, micro, police or rule */
  kind: string
  /** name */
  name: string
  /** when it was made */
  made: number
  /** who made it */
  made_by: string
  /** when it was last changed */
  changed: number
  /** division whose desk works on it */
  region: string
  /** you may put it in force */
  may_publish: boolean
  /** draft, or faulty: a draft that had faults when it was saved; of a version planned, in_force or past */
  state: string
  /** the version it has become; none: still a draft */
  version?: number
  /** from when that is in force */
  valid_from?: number
  /** as it was sent */
  body: string
  /** zones it adds */
  added: number
  /** zones it changes */
  altered: number
  /** zones it takes away */
  removed: number
  /** how many faults it has; some may not be listed */
  faults_total: number
  /** what must be corrected before it can be put in force */
  faults: DraftFault[]
  /** what is probably not meant, though it may be put in force so */
  advice: DraftFault[]
  /** gaps and overlaps it would leave, the largest first */
  findings: DraftFinding[]
  /** how many things are to be put in order with it */
  effects_total: number
  /** what is to be put in order with it: micro-grids, people in charge, open matters */
  effects: DraftEffect[]
}

export interface DraftFault {
  /** feature of the draft, from 1; of rules: the line */
  row: number
  /** code of the zone */
  code?: string
  /** what is at fault: code, name, parent, kind, shape, crs */
  field: string
  /** what is wrong and what to do */
  message: string
}

export interface DraftFinding {
  /** gap, overlap or across: ground that a zone of another parent has to itself */
  kind: string
  /** narrower than five metres */
  sliver: boolean
  /** division, grid or unit in which it lies */
  parent: string
  /** its name */
  parent_name: string
  /** of an overlap: one zone; across: the zone that has it */
  a?: string
  /** of an overlap: the other */
  b?: string
  /** area */
  area_m2: number
  /** mean width */
  width_m: number
  /** a point inside, WGS-84 */
  lon: number
  /** a point inside, WGS-84 */
  lat: number
  /** its outline: GeoJSON MultiPolygon, WGS-84 */
  geometry: unknown
}

export interface DraftEffect {
  /** matters, cut, astray, nowhere, no_unit, no_charge or charge */
  kind: string
  /** in words */
  kind_name: string
  /** grid, micro-grid or police grid it is about */
  code: string
  /** its name */
  name: string
  /** grid it lies in, or that holds the places then */
  other?: string
  /** its name */
  other_name?: string
  /** how many matters you may see, or people */
  n?: number
  /** what is so and what to do */
  text: string
}

export interface DraftIn {
  /** the draft to replace; none: a new one */
  id?: string
  /** grid, micro, police or rule */
  kind: 'grid' | 'micro' | 'police' | 'rule'
  /** what to call it */
  name: string
  /** GeoJSON FeatureCollection (WGS-84) of the zones that change, with properties code, name, parent, kind, removed; of rules: the CSV of all of them */
  body: string
  /** when the draft that is replaced had last been changed, as it shows; must be said with id; refused if it has been changed since */
  changed?: number
}

export interface DraftRemoved {
  /** number of the draft that is gone */
  id: string
}

export interface DraftPublishIn {
  /** from when it is in force; at once unless given */
  valid_from?: number
  /** when the draft that was looked at had last been changed, as it shows; must be said; refused if it has been changed since */
  changed?: number
}

export interface DraftPublished {
  /** what became a version */
  kind: string
  /** its number; 0 when nothing changes */
  version: number
  /** from when it is in force */
  valid_from: number
}

export interface VersionsIn {
}

export interface VersionsView {
  /** the newest first */
  items: VersionView[]
}

export interface VersionView {
  /** number */
  version: number
  /** planned, in_force, past or taken_back */
  state: string
  /** first moment; 0: from the beginning */
  valid_from: number
  /** stored at */
  made: number
  /** who published it; empty: imported on the server */
  made_by: string
  /** draft it was */
  draft?: string
  /** its name */
  draft_name?: string
  /** taken back at */
  back?: number
  /** by whom; empty: on the server */
  back_by?: string
  /** why */
  back_why?: string
  /** you may take it back */
  may_take_back: boolean
}

export interface VersionBackIn {
  /** why it is taken back */
  why: string
}

export interface RegridLeft {
  /** by the grid they have */
  items: RegridRow[]
  /** matters that can be moved at once */
  ready: number
  /** matters whose places no grid of their county holds */
  stuck: number
}

export interface RegridRow {
  /** grid that the matters have, taken away or redrawn since */
  grid: string
  /** its last name */
  grid_name: string
  /** it has been taken away */
  gone: boolean
  /** grid of their county that holds their places now; none: nobody can be told to which they go, a supervisor says so on each one's page */
  into?: string
  /** its name */
  into_name?: string
  /** open matters */
  matters: number
}

export interface RegridIn {
  /** why, for the ledger of each matter */
  note: string
}

export interface RegridOut {
  /** matters moved by this call, a hundred at most */
  moved: number
  /** those that stay, and why */
  kept: Kept[]
  /** matters that are left to be moved: ask again */
  ready: number
}

export interface Kept {
  /** matter */
  number: string
  /** why it stays with me */
  why: string
}

export interface ImportListView {
  /** the newest first */
  items: ImportRow[]
}

export interface ImportRow {
  /** number of the import */
  id: string
  /** division, grid, micro or police */
  layer: string
  /** name of the file */
  name: string
  /** part, whole or replace */
  extent: string
  /** who uploaded it */
  made_by: string
  /** when */
  made: number
  /** when it was last checked */
  checked: number
  /** first day, as wished or as published */
  valid_from?: number
  /** the version it has become; none: not put in force; 0: nothing changed */
  version?: number
  /** when that version was taken back again */
  back?: number
}

export interface ImportIn {
  /** division, grid, micro or police */
  layer: 'division' | 'grid' | 'micro' | 'police'
  /** name of the file; its ending says the format: .geojson .json .csv .txt .tsv .xlsx .zip */
  name: string
  /** part: only what is in the file changes; whole: what it lacks is taken away; replace: the same, even if that is most of the layer */
  extent: 'part' | 'whole' | 'replace'
  /** coordinate system; found out unless given */
  crs?: 'wgs84' | 'gcj02' | 'bd09'
  /** first day; now unless given */
  valid_from?: number
  /** of texts; UTF-8 or GB18030 unless given */
  encoding?: string
  /** columns that have names of their own: code=COLUMN,.. */
  map?: string
}

export interface ImportIdIn {
}

export interface ImportOutcomeView {
  /** rows of the file */
  rows: number
  /** how the coordinates were read, in words */
  placing: string
  /** zones it adds */
  added: number
  /** zones it changes */
  altered: number
  /** zones it takes away */
  removed: number
  /** zones that stay as they are */
  same: number
  /** rows to be corrected */
  bad: number
  /** how many faults */
  faults_total: number
  /** by row, with the remedy */
  faults: DraftFault[]
  /** how many outlines were mended */
  mended_total: number
  /** what was done to them */
  mended: ImportMended[]
  /** how many gaps, overlaps and crossings */
  findings_total: number
  /** the largest first */
  findings: ImportFinding[]
  /** of parents with gaps or overlaps */
  pictures: ImportPicture[]
  /** how many things are to be put in order with it */
  effects_total: number
  /** micro-grids, people in charge, open matters */
  effects: DraftEffect[]
}

export interface ImportMended {
  /** row of the file */
  row: number
  /** code */
  code: string
  /** what was done */
  what: string
  /** area as drawn */
  before_m2: number
  /** area as it is now */
  after_m2: number
}

export interface ImportFinding {
  /** gap, overlap or across: ground that a zone of another parent has to itself */
  kind: string
  /** narrower than five metres */
  sliver: boolean
  /** division, grid or unit in which it lies */
  parent: string
  /** its name */
  parent_name: string
  /** of an overlap: one zone; across: the zone that has it */
  a?: string
  /** of an overlap: the other */
  b?: string
  /** area */
  area_m2: number
  /** mean width */
  width_m: number
  /** a point inside, WGS-84 */
  lon: number
  /** a point inside, WGS-84 */
  lat: number
}

export interface ImportPicture {
  /** division, grid or unit */
  parent: string
  /** its name */
  parent_name: string
  /** gaps in it */
  gap_m2: number
  /** overlaps in it */
  overlap_m2: number
  /** ground of it that zones of other parents have */
  across_m2: number
  /** of the picture, pixels */
  width: number
  /** of the picture, pixels */
  height: number
  /** path of SVG: its zones */
  zones: string
  /** path: its own outline */
  ground: string
  /** path: gaps */
  gaps: string
  /** path: overlaps */
  overlaps: string
  /** path: what zones of other parents have */
  across: string
}

export interface ImportPublishIn {
  /** first day; now unless given */
  valid_from?: number
  /** true: only the rows without faults; nothing goes for being missing */
  good_rows?: boolean
  /** when what was looked at had been checked; refused if it has been checked since */
  checked?: number
}

export interface ImportGone {
  /** number of the import that is gone */
  id: string
}

export interface Config {
  /** name, Chinese */
  city: string
  /** name, English */
  city_en: string
  /** notice for residents, Chinese */
  notice: string
  /** notice for residents, English */
  notice_en: string
  /** this is a demonstration */
  demo: boolean
  /** name of the log */
  origin: string
  /** public key of the log */
  verifier_key: string
  /** [longitude, latitude] */
  center: unknown
  /** [west, south, east, north] */
  bounds: unknown
  /** map licence number */
  review_no: string
  /** notice on boundaries, Chinese */
  boundary_notice: string
  /** notice on boundaries, English */
  boundary_notice_en: string
  /** base map; none: boundaries only */
  tiles?: Tiles
  /** photos per report */
  photos_max: number
  /** characters per report */
  text_max: number
  /** kinds of matter */
  categories: CategoryView[]
}

export interface Tiles {
  /** address of a tile, with places for zoom, column and row */
  url: string
  /** of tiles with names, to lie above */
  labels_url?: string
  /** wgs84, or gcj02: shifted */
  crs: string
  /** greatest zoom there is */
  zoom_max: number
  /** whose it is, Chinese */
  attribution: string
  /** whose it is, English */
  attribution_en: string
}

export interface CategoryView {
  /** code */
  code: string
  /** code of the group */
  parent?: string
  /** name, Chinese */
  name: string
  /** name, English */
  name_en: string
  /** examples, Chinese */
  hint: string
  /** examples, English */
  hint_en: string
  /** icon name */
  icon: string
  /** number to call first */
  hotline?: string
}

export interface SuggestIn {
  /** what is wrong */
  text: string
  /** grid, if known */
  grid?: string
}

export interface Suggestion {
  /** best first */
  categories: CategoryView[]
  /** 1 ordinary .. 4 emergency */
  tier: number
  /** call first */
  emergency: boolean
  /** number to call */
  hotline?: string
}

export interface NearbyIn {
  /** longitude, WGS-84 */
  lon: number
  /** latitude, WGS-84 */
  lat: number
  /** only this group */
  category?: string
}

export interface Nearby {
  /** nearest first */
  items: NearbyItem[]
}

export interface NearbyItem {
  /** number, for joining */
  number: string
  /** category code */
  category: string
  /** category */
  category_name: string
  /** state */
  state: string
  /** state in words */
  state_name: string
  /** grid it is in */
  place_name: string
  /** metres from the point */
  distance_m: number
  /** reported at */
  created_ms: number
  /** how many reported it */
  joined: number
}

export interface UploadIn {
  /** read the place the camera noted */
  keep_position?: boolean
}

export interface Upload {
  /** token to name the photo by, for a day */
  upload: string
  /** pixels */
  width: number
  /** pixels */
  height: number
  /** size as stored */
  bytes: number
  /** longitude, if asked for and noted */
  lon?: number
  /** latitude, if asked for and noted */
  lat?: number
}

export interface Report {
  /** what is wrong */
  text: string
  /** category; suggested from the text when missing */
  category?: string
  /** longitude, degrees */
  lon?: number
  /** latitude, degrees */
  lat?: number
  /** coordinate system of lon and lat; wgs84 unless given */
  crs?: 'wgs84' | 'gcj02' | 'bd09'
  /** 15-digit grid code, from a QR plate */
  grid?: string
  /** where, in words */
  place_text?: string
  /** how to address the reporter */
  name?: string
  /** phone for the answer */
  phone?: string
  /** contact details for the desk only */
  confidential?: boolean
  /** tokens of uploaded photos */
  uploads?: string[]
  /** number of an open matter that is the same */
  join?: string
}

export interface Receipt {
  /** receipt code: opens the matter for its holder */
  code: string
  /** public number of the matter */
  number: string
  /** joined a matter that was open already */
  joined: boolean
  /** state when received */
  state: string
  /** state in words */
  state_name: string
  /** unit responsible */
  owner_name: string
  /** next deadline */
  due_ms?: number
  /** what happens next, by when */
  next: string
  /** where */
  place_name: string
  /** received at */
  created_ms: number
  /** hash of the ledger entry */
  entry_hash: string
  /** signed promise (a signed note) */
  promise: string
}

export interface PublicMatter {
  /** number */
  number: string
  /** report or dispute */
  kind: string
  /** category */
  category_name: string
  /** state */
  state: string
  /** state in words */
  state_name: string
  /** where it stands, in plain words */
  state_text: string
  /** what was reported */
  text: string
  /** where, as reported */
  place_text: string
  /** where, by division and grid */
  place_name: string
  /** unit that has it */
  owner_name: string
  /** why that unit, in a plain sentence */
  owner_why: string
  /** next deadline */
  due_ms?: number
  /** why then */
  due_reason?: string
  /** past its deadline */
  overdue: boolean
  /** deadline beyond the known calendar */
  provisional: boolean
  /** received at */
  created_ms: number
  /** closed at */
  closed_ms?: number
  /** how often it came back */
  round: number
  /** the way it goes */
  stages: Stage[]
  /** what happened */
  timeline: TimelineView[]
  /** talk and answers */
  messages: MessageView[]
  /** photos */
  photos: PhotoView[]
  /** own rating */
  rating?: number
  /** own words on it */
  rating_text?: string
  /** what the holder may do now */
  can: ActionRow[]
  /** last moment for objecting */
  object_until_ms?: number
  /** version */
  seq: number
}

export interface Stage {
  /** received, routed, working, answered or closed */
  key: string
  /** in words */
  name: string
  /** reached */
  done: boolean
  /** reached at */
  at_ms?: number
}

export interface TimelineView {
  /** entry */
  seq: number
  /** when */
  at_ms: number
  /** step */
  action: string
  /** step in words */
  action_name: string
  /** who: unit or role; for colleagues the name too */
  by: string
  /** state before */
  from_state?: string
  /** state after */
  to_state: string
  /** unit responsible after it */
  owner_name: string
  /** deadline after it */
  due_ms?: number
  /** remark, as far as the reader may see it */
  note?: string
  /** typed facts of the entry */
  facts?: unknown
  /** hash of the entry */
  hash?: string
}

export interface MessageView {
  /** entry it came with */
  no: number
  /** when */
  at_ms: number
  /** reporter or staff */
  from: string
  /** unit, or name for colleagues */
  by: string
  /** what was written */
  text: string
  /** photos sent with it */
  photos: PhotoView[]
}

export interface PhotoView {
  /** photo number within the matter */
  id: number
  /** before, after, talk or paper */
  phase: string
  /** pixels */
  width: number
  /** pixels */
  height: number
}

export interface ActionRow {
  /** step */
  action: string
  /** its name */
  name: string
  /** possible now */
  ok: boolean
  /** why it is not possible */
  why?: string
  /** what must be given; with ? it may be */
  needs: string[]
  /** lawful reasons to choose from */
  reasons: ReasonRow[]
  /** ask before doing it */
  danger: boolean
}

export interface ReasonRow {
  /** code */
  code: string
  /** in words */
  name: string
}

export interface ReceiptActIn {
  /** message or reason */
  text?: string
  /** satisfaction, 5 is best */
  score?: number
  /** tokens of uploaded photos */
  uploads?: string[]
  /** yes: the agreement decides who owns or may use land, woods or houses */
  ownership?: 'yes' | 'no'
}

export interface PhotoIn {
  /** full or thumb */
  size?: 'full' | 'thumb'
}

export interface ConsistencyIn {
  /** size of the older tree */
  from: number
  /** size of the newer tree */
  to: number
}

export interface Consistency {
  /** hashes of the proof (RFC 9162, 2.1.4), in base64 */
  path: string[]
}

export interface HeadSeen {
  /** a checkpoint as this node signed it once */
  note: string
}

export interface HeadNow {
  /** the newest checkpoint */
  note: string
  /** proof that the older one is its beginning, in base64 */
  path: string[]
}

export interface OwnAccount {
  /** login name */
  username: string
  /** the password was given out and is to be changed */
  once_ms?: number
  /** there is a second factor since then */
  factor_ms?: number
  /** my roles need one */
  factor_wanted: boolean
  /** recovery codes not used yet */
  codes_left: number
  /** where I am signed in */
  sessions: OwnSession[]
}

export interface OwnSession {
  /** to end it by */
  id: string
  /** signed in at */
  made_ms: number
  /** network address, or empty */
  address: string
  /** browser and system, or empty */
  device: string
  /** this one */
  current: boolean
}

export interface OwnPasswordIn {
  /** password as it is */
  current: string
  /** the new one, 12 to 128 characters */
  password: string
}

export interface FactorBegin {
  /** to type where no code can be read */
  secret: string
  /** otpauth: address */
  uri: string
  /** the same as a QR code */
  svg: string
}

export interface FactorIn {
  /** my password */
  current: string
  /** as it was handed out */
  secret: string
  /** what the telephone shows now */
  code: string
}

export interface CodesOut {
  /** recovery codes, shown only now; none when asked again */
  codes: string[]
}

export interface ConfirmIn {
  /** my password */
  current: string
}

export interface SessionsEndIn {
  /** a session's id, or others: all but this one */
  which: string
}

export interface AccountsIn {
  /** part of a name or login name */
  q?: string
  /** only those: disabled, once (one-time password), all */
  state?: 'all' | 'disabled' | 'once'
  /** cursor: next of the page before */
  after?: string
}

export interface AccountsOut {
  /** by login name */
  items: AccountLine[]
  /** cursor of the next page */
  next?: string
  /** I may add accounts */
  may_add: boolean
}

export interface AccountLine {
  /** number */
  id: string
  /** login name */
  username: string
  /** name */
  name: string
  /** may not sign in */
  disabled: boolean
  /** has a one-time password, good until then */
  once_ms?: number
  /** has a second factor */
  factor: boolean
  /** units and roles in words */
  roles: string
}

export interface AccountAddIn {
  /** login name: a-z 0-9 . _ - */
  username: string
  /** name shown to colleagues */
  name: string
  /** duty phone */
  phone?: string
  /** language of messages */
  lang?: 'zh-CN' | 'en'
  /** roles and where, from when to when */
  memberships: TermIn[]
  /** why, for the record; no personal details */
  why: string
}

export interface TermIn {
  /** unit */
  unit: string
  /** role there */
  role: string
  /** from this moment on; at once unless given */
  from_ms?: number
  /** until this moment; until further notice unless given */
  to_ms?: number
}

export interface AccountView {
  /** number */
  id: string
  /** login name */
  username: string
  /** name */
  name: string
  /** duty phone, or empty */
  phone: string
  /** language of messages */
  lang: string
  /** may not sign in */
  disabled: boolean
  /** has a one-time password, good until then */
  once_ms?: number
  /** has a second factor */
  factor: boolean
  /** I may change it */
  may_change: boolean
  /** why not, or empty */
  why_not: string
  /** roles, also planned and past ones */
  memberships: TermView[]
  /** what was done, newest first */
  changes: AccountChangeView[]
  /** one-time password, shown only now */
  password?: string
}

export interface TermView {
  /** unit */
  unit: string
  /** its name */
  unit_name: string
  /** role */
  role: string
  /** role in words */
  role_name: string
  /** from; none: unknown */
  from_ms?: number
  /** until; none: further notice */
  to_ms?: number
  /** planned, current or ended */
  state: string
}

export interface AccountChangeView {
  /** when */
  at_ms: number
  /** whose account */
  account: string
  /** its login name */
  username: string
  /** who did it; empty: the operator at the command line */
  by: string
  /** what */
  act: string
  /** in words */
  act_name: string
  /** why */
  why: string
  /** roles after it, or empty */
  detail: string
}

export interface AccountUnitsIn {
  /** part of the name or code */
  q?: string
}

export interface AccountUnits {
  /** units of my territory */
  items: UnitChoice[]
}

export interface UnitChoice {
  /** unit */
  unit: string
  /** its name */
  name: string
  /** roles that I may give there */
  roles: RoleChoice[]
}

export interface RoleChoice {
  /** role */
  role: string
  /** in words */
  name: string
}

export interface ChangesIn {
  /** older than this; the newest unless given */
  before_ms?: number
}

export interface ChangesOut {
  /** newest first */
  items: AccountChangeView[]
  /** before_ms of the next page */
  next_ms?: number
}

export interface ReadsIn {
  /** 6-digit county code; unless given, the one of mine in which somebody read last */
  area?: number
  /** only this matter */
  number?: string
  /** cursor: next of the page before */
  after?: string
}

export interface ReadsOut {
  /** which county this is */
  area: number
  /** those I may look at */
  areas: AreaChoice[]
  /** newest first */
  items: ReadView[]
  /** cursor of the next page */
  next?: string
}

export interface AreaChoice {
  /** 6-digit county code */
  area: number
  /** its name */
  name: string
  /** when somebody read there last; told on the first page */
  last_ms?: number
}

export interface ReadView {
  /** number of the line */
  id: string
  /** when */
  at_ms: number
  /** who read */
  name: string
  /** of which matter */
  number: string
  /** of which reporter, or 0 */
  no: number
  /** which fields, commas between */
  fields: string
  /** for what */
  purpose: string
}

export interface AccountIdIn {
}

export interface AccountSetIn {
  /** name shown to colleagues */
  name: string
  /** duty phone */
  phone?: string
  /** language of messages */
  lang?: 'zh-CN' | 'en'
  /** why, for the record; no personal details */
  why: string
}

export interface AccountTermsIn {
  /** all that are to be in force now or later */
  memberships: TermIn[]
  /** why, for the record; no personal details */
  why: string
}

export interface AccountActIn {
  /** disable, enable, unlock, password: a new one-time password, second_factor: take it away, sessions: end all */
  act: 'disable' | 'enable' | 'unlock' | 'password' | 'second_factor' | 'sessions'
  /** why, for the record; no personal details */
  why: string
}

export interface Login {
  /** login name */
  username: string
  /** password */
  password: string
  /** of the second factor, or a recovery code */
  code?: string
}

export interface Me {
  /** whose drafts and unsent work these are */
  account: string
  /** name */
  name: string
  /** login name */
  username: string
  /** token to send as X-CSRF with every writing call */
  csrf: string
  /** units and roles */
  memberships: MembershipView[]
  /** which pages there are for me: queue, handle, dispatch, approve, supervise, entry, dispute, imports, tables, regrid, duty, plates, rules, search, boundaries, mediate, tally, subsidy, accounts, audit; fork: a witness holds a head that the log does not continue */
  can: string[]
  /** what I must do before anything else: password, second_factor */
  must: string[]
}

export interface MembershipView {
  /** unit */
  unit: string
  /** its name */
  unit_name: string
  /** role */
  role: string
  /** role in words */
  role_name: string
  /** 2 city .. 5 community */
  level: number
  /** functions of the unit, spaces between */
  functions: string
}

export interface Counts {
  /** I took */
  mine: number
  /** with my unit */
  unit: number
  /** with my unit, not taken */
  pool: number
  /** my unit is asked to help */
  cohandle: number
  /** requests for my unit to decide */
  ask: number
  /** past the deadline in my territory, or with my unit */
  overdue: number
  /** with my unit, due within a day */
  due_today: number
}

export interface ListIn {
  /** which matters; unit unless given */
  view?: 'mine' | 'unit' | 'pool' | 'region' | 'cohandle' | 'ask' | 'overdue'
  /** due: open, by deadline; new: all of unit or region, newest first */
  order?: 'due' | 'new'
  /** one of my units; the first unless given */
  unit?: string
  /** only this state */
  state?: 'received' | 'assigned' | 'working' | 'deferred' | 'answered' | 'verified' | 'closed' | 'rejected' | 'merged' | 'withdrawn' | 'registered' | 'mediating' | 'signing' | 'performing' | 'performed' | 'ended'
  /** only categories beginning so */
  category?: string
  /** only this tier */
  tier?: number
  /** only this grid */
  grid?: string
  /** reported at or after */
  from_ms?: number
  /** reported before */
  to_ms?: number
  /** cursor: next of the page before */
  after?: string
  /** rows; 50 unless given */
  limit?: number
}

export interface MatterPage {
  /** matters */
  items: MatterRow[]
  /** cursor of the next page; there may be one though this one is short or empty */
  next?: string
}

export interface MatterRow {
  /** number */
  number: string
  /** kind */
  kind: string
  /** state */
  state: string
  /** state in words */
  state_name: string
  /** category code */
  category: string
  /** category */
  category_name: string
  /** 1 ordinary .. 4 emergency */
  tier: number
  /** tier in words */
  tier_name: string
  /** first words */
  title: string
  /** where, as reported */
  place_text: string
  /** where, by division and grid */
  place_name: string
  /** grid code or 0 */
  grid: string
  /** longitude, WGS-84 */
  lon?: number
  /** latitude, WGS-84 */
  lat?: number
  /** unit responsible */
  owner_unit: string
  /** its name */
  owner_name: string
  /** somebody took it */
  taken: boolean
  /** deadline */
  due_ms?: number
  /** past it */
  overdue: boolean
  /** 0 no, 1 supervised, 2 listed */
  supervised: number
  /** request waiting: extension, deferral or return */
  ask?: string
  /** reported at */
  created_ms: number
  /** reporters without answer */
  unanswered: number
  /** people who reported it */
  joined: number
  /** version */
  seq: number
}

export interface EntryIn {
  /** what is wrong */
  text: string
  /** category; suggested from the text when missing */
  category?: string
  /** longitude, WGS-84 */
  lon?: number
  /** latitude, WGS-84 */
  lat?: number
  /** 15-digit grid code */
  grid?: string
  /** where, in words */
  place_text?: string
  /** caller's name */
  name?: string
  /** caller's phone */
  phone?: string
  /** contact details for the desk only */
  confidential?: boolean
  /** the caller agrees that name and phone are kept for this matter */
  consent?: boolean
  /** patrol, phone or window */
  origin: 'patrol' | 'phone' | 'window'
  /** tokens of uploaded photos */
  uploads?: string[]
  /** settled on the spot */
  solved?: boolean
  /** how it was settled */
  reply?: string
}

export interface EntryMade {
  /** number */
  number: string
  /** receipt code to read out to the caller */
  code?: string
}

export interface BulkIn {
  /** matter numbers */
  numbers: string[]
  /** step */
  action: string
  /** remark */
  note?: string
  /** unit it goes to */
  unit?: string
  /** lawful reason */
  reason?: string
  /** the matter to merge into */
  number2?: string
  /** answer */
  reply?: string
}

export interface BulkOut {
  /** one per number */
  results: BulkItem[]
}

export interface BulkItem {
  /** number */
  number: string
  /** done */
  ok: boolean
  /** error code */
  code?: string
  /** why not */
  message?: string
}

export interface NumberIn {
}

export interface MatterDetail {
  /** number */
  number: string
  /** kind */
  kind: string
  /** state */
  state: string
  /** state in words */
  state_name: string
  /** category code */
  category: string
  /** category */
  category_name: string
  /** 1 ordinary .. 4 emergency */
  tier: number
  /** tier in words */
  tier_name: string
  /** first words */
  title: string
  /** where, as reported */
  place_text: string
  /** where, by division and grid */
  place_name: string
  /** grid code or 0 */
  grid: string
  /** longitude, WGS-84 */
  lon?: number
  /** latitude, WGS-84 */
  lat?: number
  /** unit responsible */
  owner_unit: string
  /** its name */
  owner_name: string
  /** somebody took it */
  taken: boolean
  /** deadline */
  due_ms?: number
  /** past it */
  overdue: boolean
  /** 0 no, 1 supervised, 2 listed */
  supervised: number
  /** request waiting: extension, deferral or return */
  ask?: string
  /** reported at */
  created_ms: number
  /** reporters without answer */
  unanswered: number
  /** people who reported it */
  joined: number
  /** version */
  seq: number
  /** what was reported */
  text: string
  /** where it came from */
  origin: string
  /** in words */
  origin_name: string
  /** police grid or 0 */
  police_grid: string
  /** its name, or empty */
  police_grid_name: string
  /** reporters known to the desk only */
  confidential: boolean
  /** who took it or is named to decide, or empty */
  holder_name: string
  /** how often it came back */
  round: number
  /** ended at */
  closed_ms?: number
  /** number, or empty */
  merged_into: string
  /** the clock that runs */
  clock: ClockView
  /** why this unit */
  route: RouteView
  /** request waiting for a decision */
  request?: AskView
  /** whom it is called to while nobody has taken it */
  duty: DutyView[]
  /** who reported it */
  reporters: ReporterView[]
  /** units asked to help */
  cohandlers: CohandlerView[]
  /** photos */
  photos: PhotoView[]
  /** talk with the reporters */
  messages: MessageView[]
  /** history */
  timeline: TimelineView[]
  /** who held it how long */
  holds: HoldView[]
  /** linked matters */
  links: LinkView[]
  /** what I may do now, and why not the rest */
  actions: ActionRow[]
}

export interface ClockView {
  /** stage whose limit runs */
  stage: string
  /** since */
  from_ms: number
  /** deadline */
  due_ms?: number
  /** why then */
  rule?: string
  /** deferred */
  paused: boolean
  /** beyond the known calendar */
  provisional: boolean
}

export interface RouteView {
  /** rule that chose the first unit */
  rule: string
  /** its reason */
  why: string
  /** how often a unit handed it on in this round */
  handovers: number
  /** desk that alone decides, after the third */
  decider_name?: string
  /** who was named there to decide */
  decider_person?: string
  /** unit that it is about and that may not have it */
  about_name?: string
  /** lowest level that may have it, in words */
  max_level?: string
}

export interface AskView {
  /** who asked */
  by: string
  /** who decides */
  unit_name: string
  /** working days asked for, or 0 */
  days: number
  /** lawful reason, or empty */
  reason: string
  /** to be decided by; none: nobody above is left */
  due_ms?: number
}

export interface DutyView {
  /** called, quiet or gap */
  why: string
  /** whom it is called to, or why it waits in the queue */
  text: string
  /** on duty */
  name?: string
  /** duty phone */
  phone?: string
  /** whom they stand in for */
  instead_of?: string
  /** end of the quiet hours */
  until_ms?: number
}

export interface ReporterView {
  /** position among the reporters */
  no: number
  /** masked name, or empty */
  name: string
  /** masked phone, or empty */
  phone: string
  /** can be called */
  has_contact: boolean
  /** asked for confidence */
  confidential: boolean
  /** reported at */
  joined_ms: number
  /** answered in this round */
  answered: boolean
  /** rating */
  score?: number
  /** rating in words */
  rating_text?: string
}

export interface CohandlerView {
  /** unit */
  unit: string
  /** its name */
  unit_name: string
  /** open, done, declined, or ended without a report */
  state: string
  /** its deadline */
  due_ms: number
  /** past it */
  overdue: boolean
  /** what it was asked */
  task: string
  /** what it reported */
  reply?: string
}

export interface HoldView {
  /** unit */
  owner_name: string
  /** who had taken it */
  holder_name?: string
  /** state meanwhile */
  state_name: string
  /** from */
  from_ms: number
  /** to; none: still */
  to_ms?: number
  /** working time spent */
  spent_ms: number
}

export interface LinkView {
  /** the other matter */
  number: string
  /** merged, parent, child or related */
  kind: string
  /** in words */
  kind_name: string
  /** its first words */
  title: string
  /** its state */
  state_name: string
}

export interface DeskPhotoIn {
  /** full or thumb */
  size?: 'full' | 'thumb'
}

export interface StepArgs {
  /** step, as listed in actions */
  action: string
  /** version of the matter that the person saw */
  seq?: number
  /** reason or remark, for colleagues */
  note?: string
  /** unit it goes to */
  unit?: string
  /** 15-digit code of the grid it belongs to from now on */
  grid?: string
  /** units asked to help */
  units?: StepUnit[]
  /** account of the colleague it goes to */
  person?: string
  /** working days asked for */
  days?: number
  /** answer that the reporters read */
  reply?: string
  /** the other matter's number */
  number2?: string
  /** lawful reason, one of those offered */
  reason?: string
  /** category code */
  category?: string
  /** message, or what the new matter is about */
  text?: string
  /** satisfaction, 5 is best */
  score?: number
  /** tokens of uploaded photos */
  uploads?: string[]
  /** parties of a dispute to be added */
  parties?: StepParty[]
  /** number of a party of the dispute */
  party?: number
  /** in what way it was said or signed, one of those offered */
  how?: string
  /** when it happened; now unless given */
  at_ms?: number
  /** account of a mediator */
  mediator?: string
  /** studio of the committee; 0: the committee itself */
  studio?: string
  /** what came of it, one of those offered */
  result?: string
  /** what the agreement obliges to */
  promises?: StepPromise[]
  /** number of a promise */
  promise?: number
  /** number of a planned session */
  sitting?: number
  /** how long it is to last; 60 unless given */
  minutes?: number
  /** where; the room */
  place?: string
  /** name of somebody invited */
  who?: string
  /** number of somebody invited */
  guest?: number
  /** number of a hand-over */
  transfer?: string
  /** authority outside this system */
  office?: string
  /** number of the letter */
  document?: string
  /** who agrees to be handed over, how and when */
  consents?: StepConsent[]
  /** which agreement of the dispute it is about: 1st, 2nd, .. */
  agreement?: number
  /** yes: the agreement decides who owns or may use land, woods or houses */
  ownership?: 'yes' | 'no'
  /** right name of a party */
  name?: string
  /** right telephone of a party */
  phone?: string
  /** what a party is: person or organisation */
  kind?: string
  /** unified social credit code */
  credit_code?: string
  /** where an organisation has its seat */
  seat?: string
  /** legal representative of an organisation */
  head?: string
  /** that one's post */
  head_post?: string
}

export interface StepUnit {
  /** unit asked to help */
  unit: string
  /** what it is asked to do */
  task: string
  /** working days it has; 3 unless given */
  days?: number
}

export interface StepParty {
  /** applicant or respondent */
  side: string
  /** person (unless given) or organisation */
  kind?: string
  /** party (unless given), agent, guardian or representative */
  role?: string
  /** number of the party that an agent or guardian acts for */
  stands_for?: number
  /** under age */
  minor?: boolean
  /** what an agent may do: apply evidence choose concede sign receive, spaces between */
  scope?: string
  /** name */
  name: string
  /** telephone */
  phone?: string
  /** of an organisation: unified social credit code */
  credit_code?: string
  /** of an organisation: its seat */
  seat?: string
  /** of an organisation: its legal representative */
  head?: string
  /** that one's post */
  head_post?: string
}

export interface StepPromise {
  /** number of the party that owes it */
  party: number
  /** what is to be done or paid */
  what: string
  /** yuan, at most two decimals; none for an act */
  amount?: number
  /** by when */
  due_ms?: number
  /** in what way: to which account, in cash, by whom */
  way?: string
  /** where */
  place?: string
}

export interface StepConsent {
  /** number of the party that agrees */
  party: number
  /** in_person, phone, written or online */
  how: string
  /** when it was said; now unless given */
  at_ms?: number
}

export interface RevealIn {
  /** position among the reporters */
  reporter: number
  /** what for; it is recorded */
  purpose: string
}

export interface RevealOut {
  /** name */
  name?: string
  /** phone */
  phone?: string
  /** of a party to a dispute: opens the party's own page */
  code?: string
  /** of an organisation: unified social credit code */
  credit_code?: string
  /** of an organisation: its seat */
  seat?: string
  /** of an organisation: who represents it */
  head?: string
  /** that one's post */
  head_post?: string
}

export interface UnitsIn {
  /** part of the name */
  q?: string
  /** only this level */
  level?: number
  /** only with this function */
  function?: string
  /** this county first */
  area?: number
}

export interface UnitsOut {
  /** units */
  items: UnitView[]
}

export interface UnitView {
  /** unit */
  unit: string
  /** name */
  name: string
  /** kind of organisation */
  kind: string
  /** 2 city .. 5 community */
  level: number
  /** functions */
  functions: string
}

export interface TemplatesIn {
  /** category of the matter */
  category?: string
}

export interface TemplatesOut {
  /** templates */
  items: TemplateView[]
}

export interface TemplateView {
  /** code */
  code: string
  /** title */
  title: string
  /** text of the reply */
  text: string
}

export interface DisputeIn {
  /** one of the 18 types of the statistics; follows from kind */
  type?: string
  /** code of the national list of disputes */
  kind?: string
  /** how it came */
  source: 'apply' | 'initiative' | 'report' | 'court' | 'procurate' | 'police' | 'petition' | 'labour' | 'hotline' | 'other'
  /** number of the report it comes from */
  came_from?: string
  /** what it is about, in short */
  text: string
  /** category; suggested from the text when missing */
  category?: string
  /** longitude, WGS-84 */
  lon?: number
  /** latitude, WGS-84 */
  lat?: number
  /** 15-digit grid code */
  grid?: string
  /** where, in words */
  place_text?: string
  /** the parties chose open sessions */
  open_door?: boolean
  /** a family matter that is not about anybody's status */
  no_status?: boolean
  /** the parties known so far */
  parties: StepParty[]
  /** number of the letter that hands it over; wanted of court and police */
  document?: string
  /** authority outside this system that hands it over */
  office?: string
  /** why it is handed over; wanted of what an authority hands over */
  reason?: string
  /** who of the parties agreed to be handed over */
  consents?: StepConsent[]
  /** working days to answer the hand-over; 3 unless given */
  days?: number
}

export interface DisputeMade {
  /** number of the dispute */
  number: string
  /** unit that has it */
  committee: string
  /** its name */
  committee_name: string
  /** for the committee's own people: one for each party, to be given to that party; none for others */
  codes: PartyCode[]
}

export interface PartyCode {
  /** number of the party */
  no: number
  /** opens the party's own page */
  code: string
}

export interface DisputesIn {
  /** unit (unless given): of my committee; mine: that I mediate; archive: ended ones; handed: that my committee handed up, to read */
  view?: 'unit' | 'mine' | 'archive' | 'handed'
  /** one of my committees; the first unless given */
  unit?: string
  /** only this state */
  state?: 'received' | 'assigned' | 'working' | 'deferred' | 'answered' | 'verified' | 'closed' | 'rejected' | 'merged' | 'withdrawn' | 'registered' | 'mediating' | 'signing' | 'performing' | 'performed' | 'ended'
  /** only this type */
  type?: string
  /** registered at or after */
  from_ms?: number
  /** registered before */
  to_ms?: number
  /** number, or part of the number in the book; names are sealed and cannot be searched */
  q?: string
  /** cursor: next of the page before */
  after?: string
  /** rows; 50 unless given */
  limit?: number
}

export interface DisputePage {
  /** disputes, the newest first */
  items: DisputeRow[]
  /** cursor of the next page */
  next?: string
}

export interface DisputeRow {
  /** number */
  number: string
  /** number in the book of the committee asked, or empty */
  docket: string
  /** committee that has it */
  committee_name: string
  /** what it is about */
  title: string
  /** type */
  type: string
  /** in words */
  type_name: string
  /** state */
  state: string
  /** in words */
  state_name: string
  /** written, oral or empty */
  form: string
  /** how it came */
  source: string
  /** yuan in the agreement */
  amount: number
  /** registered */
  created_ms: number
  /** what is waited for now */
  due_ms?: number
  /** past it */
  overdue: boolean
  /** next planned session */
  next_ms?: number
  /** not ended */
  open: boolean
  /** its dossier is in the archive */
  filed: boolean
  /** for consent, accept, session, sitting, signature, promise, broken, call_back, appraisal, or nothing */
  waits: string
  /** how many consents or signatures of parties are missing */
  missing: number
  /** of the court: applied, confirmed, dismissed or empty */
  confirm: string
  /** last moment to ask the court; none if barred */
  confirm_by_ms?: number
  /** the view handed: when it was handed up */
  handed_ms?: number
}

export interface DisputeNumber {
}

export interface DisputeFile {
  /** number */
  number: string
  /** number in the committee's book, or empty */
  docket: string
  /** unit that has it */
  committee: string
  /** its name */
  committee_name: string
  /** studio of the committee that has it */
  studio?: string
  /** its name, or empty */
  studio_name: string
  /** state */
  state: string
  /** in words */
  state_name: string
  /** kind of dispute */
  type: string
  /** in words */
  type_name: string
  /** code of the national list, or empty */
  kind: string
  /** in words, or empty */
  kind_name: string
  /** how it came */
  source: string
  /** report it comes from, or empty */
  came_from: string
  /** simple, ordinary, hard, major, or empty */
  class: string
  /** what it is about */
  text: string
  /** registered */
  created_ms: number
  /** accepted */
  accepted_ms?: number
  /** what is waited for now */
  due_ms?: number
  /** how often it began again */
  round: number
  /** open sessions */
  open_door: boolean
  /** a party asked for writing */
  written: boolean
  /** written, oral or empty */
  form: string
  /** yuan in the agreement */
  amount: number
  /** sealed */
  sealed_ms?: number
  /** binds since */
  effective_ms?: number
  /** about family status, which no court confirms */
  status: boolean
  /** of the court: applied, confirmed, dismissed or empty */
  confirm: string
  /** applied for */
  confirm_ms?: number
  /** last moment to ask the court; none if barred */
  confirm_by_ms?: number
  /** number that a party was given last */
  party_last: number
  /** who asks the court says whether it decides title */
  asks_ownership: boolean
  /** sessions since everybody consented */
  held: number
  /** facts not in dispute are noted */
  facts: boolean
  /** numbers of the parties that signed them */
  facts_signed: string
  /** the other lawful ways, always open */
  other_ways: string
  /** number of the party that reads it by its code */
  you?: number
  /** parties */
  parties: PartyView[]
  /** mediators */
  mediators: MediatorView[]
  /** people invited */
  guests: GuestView[]
  /** sessions planned and held */
  sittings: SittingView[]
  /** what was promised */
  promises: PromiseView[]
  /** agreements that were not kept, the oldest first */
  earlier: EarlierView[]
  /** what is unclear, what is hard */
  findings: FindingView[]
  /** hand-overs; for colleagues */
  transfers: Transfer[]
  /** where it may be handed up to; for its committee */
  above: AboveView[]
  /** those that the party who reads it agreed to */
  handed: OwnTransfer[]
}

export interface PartyView {
  /** number, the same as among the reporters */
  no: number
  /** applicant or respondent */
  side: string
  /** person or organisation */
  kind: string
  /** party, representative, agent or guardian */
  role: string
  /** party acted for */
  stands_for?: number
  /** what an agent may do, words */
  scope: string
  /** under age */
  minor: boolean
  /** asked, given, refused or withdrawn */
  consent: string
  /** in what way */
  consent_how: string
  /** when */
  consent_ms?: number
  /** rights and duties told */
  told_ms?: number
  /** signature, seal, fingerprint, or empty */
  signed_how: string
  /** signed the agreement */
  signed_ms?: number
  /** asked for the court's confirmation */
  court_ms?: number
  /** as lists call them: applicant 1, its guardian */
  label: string
  /** consents, by itself or by whoever speaks for it */
  word: boolean
  /** number of the party that speaks for them, under age; of several the first */
  guardian?: number
  /** an organisation whose code, seat and head are known */
  described: boolean
  /** under age, said they want to stop; for guardian and committee */
  stop_ms?: number
  /** said that the agreement decides title: the court is not asked */
  title_ms?: number
}

export interface MediatorView {
  /** account */
  account: string
  /** name */
  name: string
  /** by parties or committee */
  chosen: string
  /** own interest disclosed, or empty */
  disclosure: string
  /** named at */
  since_ms: number
  /** no longer of this case since */
  left_ms?: number
  /** signed the agreement */
  signed_ms?: number
}

export interface GuestView {
  /** number */
  no: number
  /** relative, neighbour, colleague, expert or other */
  kind: string
  /** name */
  name: string
  /** numbers of the parties that agree */
  agreed: string
  /** when all had agreed */
  admitted_ms?: number
}

export interface SittingView {
  /** number */
  no: number
  /** when it is to begin */
  planned_ms?: number
  /** how long */
  minutes: number
  /** where */
  place: string
  /** others may listen */
  open_door: boolean
  /** when it took place */
  at_ms?: number
  /** agreed, continue, failed, cancelled; empty: to come */
  result: string
  /** what the parties were told when it was cancelled, or empty */
  why: string
}

export interface PromiseView {
  /** number */
  no: number
  /** who owes it */
  party: number
  /** what */
  what: string
  /** yuan */
  amount?: number
  /** by when */
  due_ms: number
  /** in what way */
  way: string
  /** where */
  place: string
  /** kept */
  kept_ms?: number
  /** found broken */
  broken_ms?: number
  /** past its term */
  overdue: boolean
}

export interface EarlierView {
  /** which agreement it was: 1st, 2nd, .. */
  no: number
  /** written or oral */
  form: string
  /** what was agreed, in words */
  text: string
  /** yuan in it */
  amount: number
  /** bound since */
  effective_ms: number
  /** found broken */
  broken_ms?: number
  /** mediation began again */
  ended_ms: number
  /** of the court: applied, confirmed, dismissed or empty */
  confirm: string
  /** what was promised in it */
  promises: PromiseView[]
}

export interface FindingView {
  /** what is found */
  code: string
  /** promise it is about */
  promise?: number
  /** nothing may be signed with it */
  hard: boolean
  /** in words */
  text: string
}

export interface Transfer {
  /** number of the hand-over */
  id: string
  /** of the dispute */
  number: string
  /** who sends it; 0: outside this system */
  from_unit: string
  /** its name */
  from_name: string
  /** who gets it; 0: outside this system */
  to_unit: string
  /** its name */
  to_name: string
  /** number of the letter, or empty */
  document: string
  /** parties that agreed to it, spaces between: number:how:when, or the number alone */
  consents: string
  /** why */
  reason: string
  /** sent */
  sent_ms: number
  /** to be answered by */
  due_ms: number
  /** sent, accepted or refused */
  state: string
  /** why it was refused, or what was said */
  answer: string
  /** answered */
  answered_ms?: number
  /** what came of it, fed back to the sender */
  result: string
  /** when */
  result_ms?: number
  /** 1: what the dispute is about goes with it */
  shared: number
  /** who answers it now: whom it was sent to, or the committee that has the dispute since, which also notes down what an office outside says */
  at_unit: string
  /** lawful reason of a report without consent, or empty */
  ground: string
  /** who gave the answer or the result that stands here; 0: an office outside */
  said_unit: string
}

export interface AboveView {
  /** committee */
  unit: string
  /** its name */
  name: string
  /** why it cannot go there now, or empty */
  why_not: string
}

export interface OwnTransfer {
  /** who sent it */
  from_name: string
  /** whom to */
  to_name: string
  /** why */
  reason: string
  /** sent */
  sent_ms: number
  /** sent, accepted or refused */
  state: string
}

export interface SealedTexts {
  /** texts, the oldest first */
  items: SealedText[]
}

export interface SealedText {
  /** when */
  at_ms: number
  /** which side spoke, or empty */
  side: string
  /** what was said */
  text: string
  /** numbers of the parties that signed it */
  signed_by: string
}

export interface HandedView {
  /** number of the dispute */
  number: string
  /** committee that has it now */
  committee_name: string
  /** state */
  state: string
  /** in words */
  state_name: string
  /** kind of dispute, in words */
  type_name: string
  /** what it is about; empty: it was not handed over with it */
  text: string
  /** registered */
  created_ms: number
  /** accepted */
  accepted_ms?: number
  /** ended */
  ended_ms?: number
  /** hand-overs from and to my unit */
  transfers: Transfer[]
}

export interface TransferAnswer {
  /** accepted, refused, or the result */
  answer: 'accepted' | 'refused' | 'result'
  /** why it is refused; what came of it */
  text?: string
}

export interface TransfersIn {
  /** one of my units; the first unless given */
  unit?: string
}

export interface TransfersOut {
  /** hand-overs, the newest first */
  items: Transfer[]
}

export interface KindsOut {
  /** types of the statistics */
  types: ReasonRow[]
  /** the national list, as far as it is mediated */
  kinds: KindView[]
}

export interface KindView {
  /** code */
  code: string
  /** in words */
  name: string
  /** type that it counts as */
  type: string
}

export interface CommitteesOut {
  /** of my territory, by code */
  committees: CommitteeLine[]
  /** their mediators and experts whose term runs */
  registered: Registered[]
}

export interface CommitteeLine {
  /** the committee */
  unit: string
  /** its name */
  name: string
  /** 3 county .. 5 community */
  level: number
  /** as the statistics group them, or empty */
  kind: string
  /** members */
  members: number
  /** women among them */
  women: number
  /** mediators who can sign in */
  mediators: number
  /** studios */
  studios: number
  /** end of its term */
  term_to_ms?: number
  /** I am of it */
  own: boolean
  /** what the law wants and is not so */
  findings: ReasonRow[]
}

export interface Registered {
  /** number in the register */
  id: string
  /** committee */
  unit: string
  /** its name */
  committee_name: string
  /** account, if they work with this system; else 0 */
  account: string
  /** name */
  name: string
  /** full_time, part_time, volunteer or expert */
  kind: string
  /** types of disputes they know well, words, or empty */
  skills: string
  /** registered since */
  since_ms: number
  /** until */
  to_ms: number
  /** studio, or 0 */
  studio: string
  /** its name, or empty */
  studio_name: string
  /** stands on the studio's page */
  published: boolean
  /** their term runs now */
  in_force: boolean
}

export interface CommitteeUnit {
}

export interface CommitteeView {
  /** the committee */
  unit: string
  /** its name */
  name: string
  /** 3 county .. 5 community */
  level: number
  /** of an industry */
  industry: boolean
  /** as in the numbers of its book */
  short_name: string
  /** as the statistics group them, or empty */
  kind: string
  /** its term runs since */
  term_from_ms?: number
  /** and ends */
  term_to_ms?: number
  /** I may change its register */
  may_change: boolean
  /** members */
  members: CommitteeMember[]
  /** mediators whom a dispute may have */
  mediators: MediatorName[]
  /** accounts that may mediate, for those who change the register */
  colleagues: ReasonRow[]
  /** mediators and experts in the register */
  registered: Registered[]
  /** studios */
  studios: Studio[]
  /** changes of the register, the newest first; for those who may change it */
  changes: ChangeView[]
  /** what the law wants and is not so */
  findings: ReasonRow[]
}

export interface CommitteeMember {
  /** name */
  name: string
  /** director, deputy or member */
  post: 'director' | 'deputy' | 'member'
  /** a woman: one at least must be among them (article 8) */
  woman: boolean
  /** account, if they work with this system */
  account?: string
}

export interface MediatorName {
  /** account */
  account: string
  /** name */
  name: string
  /** types of disputes they know well, words, or empty */
  skills: string
  /** studio they belong to */
  studio?: string
}

export interface Studio {
  /** number of the studio */
  id: string
  /** opens its public page */
  code: string
  /** committee that it belongs to */
  unit: string
  /** name */
  name: string
  /** what it is and what it mediates */
  about: string
  /** office hours */
  hours: string
  /** where it is */
  place: string
  /** telephone, or empty */
  phone: string
  /** households where it works, or 0 */
  households: number
  /** closed */
  ended: boolean
}

export interface ChangeView {
  /** when */
  at_ms: number
  /** by whom */
  by: string
  /** committee, studio, person or households */
  what: string
  /** whom or which */
  about: string
}

export interface CommitteeIn {
  /** as it stands in the numbers of its book */
  short_name: string
  /** as the statistics group them */
  kind: 'village' | 'community' | 'town' | 'street' | 'enterprise' | 'industry' | 'other'
  /** since when its term runs; it runs for three years */
  term_from_ms: number
  /** its members */
  members: CommitteeMember[]
}

export interface PersonIn {
  /** number in the register; none: somebody new */
  id?: string
  /** account, if they work with this system */
  account?: string
  /** name */
  name: string
  /** full_time, part_time, volunteer or expert */
  kind: 'full_time' | 'part_time' | 'volunteer' | 'expert'
  /** types of disputes they know well */
  skills?: string[]
  /** registered since */
  since_ms: number
  /** until; a day that has come: they have left */
  to_ms: number
  /** studio of this committee */
  studio?: string
  /** agrees to stand on the studio's page */
  published?: boolean
}

export interface StudioIn {
  /** number of the studio; none: a new one */
  id?: string
  /** name */
  name: string
  /** what it is and what it mediates */
  about: string
  /** office hours */
  hours: string
  /** where it is */
  place: string
  /** telephone */
  phone?: string
  /** households where it works */
  households?: number
  /** closed */
  ended?: boolean
}

export interface HouseholdsIn {
  /** its studio */
  studio: string
  /** year */
  year: number
  /** quarter */
  quarter: number
  /** households served in it */
  households: number
}

export interface Papers {
  /** documents in the dossier's order */
  items: PaperView[]
  /** what goes with them; for the committee */
  scans: ScanView[]
  /** nothing that must be there is missing */
  complete: boolean
  /** it has ended and is not filed yet */
  can_file: boolean
  /** filed in the archive */
  filed_ms?: number
  /** who filed it */
  keeper?: string
  /** how long it is kept: short, long or ever */
  retention?: string
  /** what was said of it when it was filed */
  note?: string
}

export interface PaperView {
  /** of its template */
  name: string
  /** title */
  title: string
  /** order in the dossier */
  place: number
  /** this dispute's dossier is not complete without it */
  must: boolean
  /** the record has what it is made of */
  ready: boolean
  /** what is missing of it, or empty */
  lacking: string
  /** pictures that go with it */
  scans: number
  /** scans may be attached to it */
  takes: boolean
}

export interface ScanView {
  /** number, to take it off by */
  no: number
  /** document it goes with, or signature */
  paper: string
  /** party it is of */
  party?: number
  /** what it is */
  caption: string
  /** when */
  at_ms: number
  /** pictures; none: looked at only */
  photos: PhotoView[]
}

export interface PaperIn {
}

export interface ScanIn {
  /** document it goes with, or signature */
  paper: string
  /** number of the party it is of */
  party?: number
  /** what it is; evidence wants it */
  caption?: string
  /** tokens of uploaded pictures */
  uploads?: string[]
  /** number of a picture that the matter has already */
  photo?: number
}

export interface ScanOff {
  /** why it is taken off */
  note: string
}

export interface FileIn {
  /** how long it is kept: short, long or ever */
  retention: 'short' | 'long' | 'ever'
  /** statement on the dossier; wanted when something is missing */
  note?: string
}

export interface LetterIn {
}

export interface PaperName {
}

export interface TallyAsk {
  /** accepted at or after */
  from_ms: number
  /** accepted before; at most 5 years later */
  to_ms: number
  /** rows: kind of committee (unless given), committee or town */
  by?: 'kind' | 'committee' | 'town'
  /** only this committee */
  unit?: string
  /** only committees in this division */
  division?: string
  /** for the list behind a figure: key of the row; all unless given */
  row?: string
  /** and the figure; all unless given */
  figure?: string
  /** for the list: how many were shown already */
  after?: number
}

export interface TallyView {
  /** accepted at or after */
  from_ms: number
  /** accepted before */
  to_ms: number
  /** as things stand at this moment */
  made_ms: number
  /** unit that has it made */
  made_by: string
  /** my committee, whose counts I may enter */
  own?: string
  /** columns */
  figures: FigureView[]
  /** rows, the sum last */
  rows: TallyRowView[]
}

export interface FigureView {
  /** figure */
  word: string
  /** in words */
  name: string
  /** heading above, or empty */
  group: string
  /** there is a list behind it; false: entered by committees */
  listed: boolean
}

export interface TallyRowView {
  /** row; all: the sum */
  key: string
  /** in words */
  name: string
  /** committees in it */
  committees: number
  /** its figures, in their order */
  cells: TallyCell[]
}

export interface TallyCell {
  /** figure */
  figure: string
  /** disputes, parties, rounds; money in yuan */
  value: number
}

export interface CasesView {
  /** figure in words */
  figure_name: string
  /** the figure */
  value: number
  /** disputes in the whole list */
  total: number
  /** those behind the figure, the oldest first */
  items: CaseView[]
  /** after, of the next page */
  next?: number
}

export interface CaseView {
  /** number, for those who may open the file */
  number?: string
  /** number in the committee's book */
  docket: string
  /** committee */
  committee_name: string
  /** type */
  type_name: string
  /** how it came */
  source_name: string
  /** how hard, or empty */
  class_name: string
  /** state */
  state_name: string
  /** written, oral or empty */
  form_name: string
  /** people and organisations */
  parties: number
  /** yuan in the agreement */
  amount: number
  /** accepted */
  accepted_ms: number
  /** binds since */
  effective_ms?: number
}

export interface FreeCountsIn {
  /** my committee */
  unit: string
  /** year */
  year: number
  /** quarter */
  quarter: number
  /** what it counted itself */
  counts: FreeCount[]
}

export interface FreeCount {
  /** one that no list stands behind */
  figure: string
  /** how many; 0 takes it back */
  n: number
}

export interface TallyUnit {
}

export interface PublicFigures {
  /** committee */
  name: string
  /** territory it serves */
  area: string
  /** agreements in a quarter from which it is shown */
  at_least: number
  /** the last four that are over, the newest first */
  quarters: PublicQuarter[]
}

export interface PublicQuarter {
  /** year */
  year: number
  /** quarter, over by now */
  quarter: number
  /** that took effect in it; none: fewer than 10 */
  agreements?: number
  /** yuan in them */
  amount?: number
  /** communities they came from */
  areas?: number
  /** served, as the committee says */
  households?: number
}

export interface StudioCode {
}

export interface StudioPage {
  /** studio */
  name: string
  /** committee that it belongs to */
  committee_name: string
  /** territory it serves */
  area: string
  /** what it is and what it mediates */
  about: string
  /** office hours */
  hours: string
  /** where it is */
  place: string
  /** telephone, or empty */
  phone: string
  /** households where it works, or 0 */
  households: number
  /** agreements in a quarter from which it is shown */
  at_least: number
  /** those who agree to be named */
  members: StudioMember[]
  /** the last four that are over, the newest first */
  quarters: PublicQuarter[]
}

export interface StudioMember {
  /** name */
  name: string
  /** full_time, part_time, volunteer or expert */
  kind: string
}

export interface SubsidyAsk {
  /** closed, or agreed and still open, at or after */
  from_ms: number
  /** and before; at most 5 years later */
  to_ms: number
  /** only this committee */
  unit?: string
}

export interface SubsidyView {
  /** at or after */
  from_ms: number
  /** before */
  to_ms: number
  /** as things stand at this moment */
  made_ms: number
  /** unit that has it made */
  made_by: string
  /** yuan, all together */
  amount: number
  /** disputes that are paid */
  paid: number
  /** by committee and number in its book */
  items: SubsidyLine[]
}

export interface SubsidyLine {
  /** number in the committee's book */
  docket: string
  /** number, for those who may open the file */
  number?: string
  /** committee */
  committee_name: string
  /** how hard, or empty */
  class_name: string
  /** written, oral or empty */
  form_name: string
  /** agreed and kept, agreed, or failed */
  outcome_name: string
  /** closed; of an open one: agreed */
  day_ms: number
  /** rule that fits, or empty */
  rule_name: string
  /** version of the rules that was valid that day */
  version?: number
  /** yuan; 0 when it is not paid */
  amount: number
  /** who is paid how much of it */
  shares: SubsidyShare[]
  /** why it is not paid; empty when it is */
  why: ReasonRow[]
}

export interface SubsidyShare {
  /** mediator of the dispute, in the register that day */
  name: string
  /** yuan: an equal part of what the dispute is paid */
  amount: number
}

export interface DutyIn {
  /** unit; the first of mine unless given */
  unit?: string
  /** a moment of the week; now unless given */
  from_ms?: number
}

export interface DutyWeek {
  /** unit */
  unit: string
  /** its name */
  unit_name: string
  /** I may change it */
  may_edit: boolean
  /** Monday, midnight */
  from_ms: number
  /** the Monday after */
  to_ms: number
  /** quiet hours, hh:mm-hh:mm, or none */
  quiet: string
  /** units whose roster I may see */
  units: DutyUnitView[]
  /** who can be on duty here */
  people: DutyPerson[]
  /** zones of the unit, then its desk */
  zones: DutyZone[]
  /** not there, from this week on */
  absences: AbsenceView[]
}

export interface DutyUnitView {
  /** unit */
  unit: string
  /** name */
  name: string
}

export interface DutyPerson {
  /** account */
  account: string
  /** name */
  name: string
}

export interface DutyZone {
  /** grid, micro, police or unit */
  layer: 'grid' | 'micro' | 'police' | 'unit'
  /** code, or number of the unit */
  zone: string
  /** name */
  name: string
  /** of its turns; to be sent when they are changed */
  version: string
  /** as they repeat */
  turns: DutyTurn[]
  /** the week; empty: no roster is kept */
  spans: DutySpanView[]
}

export interface DutyTurn {
  /** mon .. sun, work, free, daily or dates, spaces between */
  days: string
  /** hh:mm */
  from: string
  /** hh:mm; 24:00 is midnight */
  to: string
  /** who; 0 nobody, on purpose */
  account: string
}

export interface DutySpanView {
  /** from */
  from_ms: number
  /** until */
  to_ms: number
  /** on duty; 0: a gap */
  account: string
  /** name, or empty */
  name: string
  /** whom they stand in for */
  instead_of?: string
}

export interface AbsenceView {
  /** number */
  id: string
  /** who is not there */
  account: string
  /** name */
  name: string
  /** from */
  from_ms: number
  /** until */
  to_ms: number
  /** who stands in; 0: to be named */
  substitute: string
  /** name, or empty */
  substitute_name: string
}

export interface GapsIn {
  /** days from now on; 7 unless given */
  days?: number
}

export interface Gaps {
  /** nobody is on duty there then */
  items: Gap[]
  /** there are more */
  truncated: boolean
}

export interface Gap {
  /** grid, micro, police or unit */
  layer: string
  /** code, or number of the unit */
  zone: string
  /** name */
  name: string
  /** unit in whose queue matters wait */
  unit: string
  /** its name */
  unit_name: string
  /** from; missing: no roster is kept at all */
  from_ms?: number
  /** until */
  to_ms?: number
}

export interface MyDuty {
  /** my turns of the next 14 days */
  turns: MyTurn[]
  /** not taken yet, called to me now */
  called: Called[]
  /** matters that I have taken */
  in_hand: number
  /** when I am not there */
  absences: AbsenceView[]
  /** left for me, by me, for my units */
  notes: DutyNote[]
  /** colleagues who may stand in */
  people: DutyPerson[]
}

export interface MyTurn {
  /** grid, micro, police or unit */
  layer: string
  /** code, or number of the unit */
  zone: string
  /** name */
  name: string
  /** from */
  from_ms: number
  /** until */
  to_ms: number
  /** running */
  now: boolean
  /** whom I stand in for */
  instead_of?: string
  /** who is on duty there afterwards; 0: nobody */
  next: string
  /** name, or empty */
  next_name: string
}

export interface Called {
  /** matter */
  number: string
  /** first words */
  title: string
  /** tier */
  tier: number
  /** deadline */
  due_ms?: number
}

export interface DutyNote {
  /** when */
  at_ms: number
  /** who left it */
  from_name: string
  /** for whom; empty: the unit */
  to_name: string
  /** unit */
  unit_name: string
  /** I left it */
  mine: boolean
  /** note */
  note: string
  /** matters handed over */
  numbers: string[]
}

export interface ZoneSet {
  /** grid, micro, police or unit */
  layer: 'grid' | 'micro' | 'police' | 'unit'
  /** code, or number of the unit */
  zone: string
  /** of the turns that are replaced */
  version: string
  /** all turns of the zone; none: no roster */
  turns: DutyTurn[]
}

export interface Changed {
  /** of what is stored now */
  version: string
}

export interface AbsenceIn {
  /** who; I unless given */
  account?: string
  /** from */
  from_ms: number
  /** until */
  to_ms: number
  /** who stands in; missing: to be named by the lead */
  substitute?: string
}

export interface AbsenceEnd {
}

export interface HandoverIn {
  /** who takes over; missing: the unit's queue */
  to?: string
  /** what the next should know */
  note: string
}

export interface HandoverOut {
  /** matters handed over */
  numbers: string[]
  /** those that stay, and why */
  kept: Kept[]
}

export interface Explanation {
  /** all of it in a plain sentence */
  sentence: string
  /** code of the rule that won */
  rule: string
  /** its name */
  rule_name: string
  /** its reason */
  why: string
  /** article it rests on */
  basis?: string
  /** version of the rules */
  version: number
  /** that version is still in force */
  in_force: boolean
  /** who got it first */
  unit: string
  /** its name */
  unit_name: string
  /** whom the same rules would give it to today, if not to that unit */
  today_name?: string
  /** whom the rule meant, if it must keep out of it */
  chosen_name?: string
  /** unit that it is about and that may not have it */
  about_name?: string
  /** lowest level that may have it, in words */
  max_level?: string
  /** who has it now, if people handed it on */
  owner_name?: string
  /** how often a unit handed it on in this round */
  handovers: number
  /** desk that alone decides, after the third */
  decider_name?: string
  /** who was named there to decide */
  decider_person?: string
  /** what the rules looked at */
  facts: RouteFact[]
  /** where the unit was looked for, upwards */
  tried: RouteTried[]
  /** the other rules, in their order */
  others: RouteRule[]
}

export interface RouteFact {
  /** column of the rules */
  name: string
  /** what it is, in words */
  label: string
  /** as it was, in words */
  value: string
}

export interface RouteTried {
  /** division, or station of the police grid */
  where: string
  /** unit found there; none: there is no such unit */
  unit_name?: string
}

export interface RouteRule {
  /** code of the rule */
  code: string
  /** its name */
  name: string
  /** its reason */
  why: string
  /** whom it would give the matter to */
  unit_name: string
  /** column on which it is lost; later: another one came first */
  lost: string
  /** the same in words */
  lost_text: string
}

export interface RouteAsk {
  /** category; suggested from the text when missing */
  category?: string
  /** tier; the category's unless given */
  tier?: number
  /** where it comes from; resident unless given */
  origin?: string
  /** what is wrong: for rules that avoid units named in it */
  text?: string
  /** longitude, WGS-84 */
  lon?: number
  /** latitude, WGS-84 */
  lat?: number
  /** 15-digit grid code */
  grid?: string
  /** where, in words */
  place_text?: string
  /** when; now unless given */
  at_ms?: number
  /** by the rules of this draft */
  draft?: string
}

export interface RulesIn {
  /** this version; the one in force unless given */
  version?: number
  /** or this draft, if it has no faults */
  draft?: string
}

export interface RulesOut {
  /** version; 0: there are no rules */
  version: number
  /** it is the one in force */
  in_force: boolean
  /** I may make drafts, rehearse and switch on */
  may_edit: boolean
  /** as a table, as drafts hold it */
  csv: string
  /** in their order, in words */
  rules: RuleWords[]
}

export interface RuleWords {
  /** code of the rule */
  code: string
  /** its name */
  name: string
  /** for which matters, in words */
  when: string
  /** where they go, in words */
  goes: string
  /** its reason */
  why: string
  /** article it rests on */
  basis?: string
}

export interface RuleChoicesIn {
  /** area or avoid, which have many; none: all others */
  field?: 'area' | 'avoid'
}

export interface RuleChoices {
  /** in the order of their catalogues */
  items: RuleChoice[]
}

export interface RuleChoice {
  /** column of the rules */
  field: string
  /** what stands in it */
  code: string
  /** the same in words */
  name: string
  /** of a category or division: the one above */
  within?: string
}

export interface RehearsalsOut {
  /** newest first */
  rehearsals: RehearsalOut[]
}

export interface RehearsalOut {
  /** number */
  id: string
  /** draft */
  draft: string
  /** its name then */
  name: string
  /** days back */
  days: number
  /** waiting, running, done, failed or cancelled */
  state: string
  /** parts done */
  done: number
  /** of so many */
  total: number
  /** matters looked at so far */
  matters: number
  /** asked for at */
  made_ms: number
  /** why it failed */
  message?: string
}

export interface RehearsalIn {
  /** number of the draft */
  draft: string
  /** how many days back; 90 unless given */
  days?: number
}

export interface RehearsalIdIn {
}

export interface Rehearsed {
  /** first moment */
  from_ms: number
  /** last moment */
  to_ms: number
  /** reported in those days */
  matters: number
  /** of them, to another unit */
  moved: number
  /** units whose load changes, most changed first */
  units: RehearsedUnit[]
  /** from unit to unit, most first */
  moves: RehearsedMove[]
  /** kinds of matter that move, most first */
  kinds: RehearsedKind[]
}

export interface RehearsedUnit {
  /** unit */
  unit: string
  /** its name */
  name: string
  /** matters that go to it first, as things are */
  before: number
  /** matters that would go to it first */
  after: number
  /** of them, expected to be late; none: nothing is known */
  late_before?: number
  /** of those, expected to be late; none: nothing is known */
  late_after?: number
  /** matters it answered in those days: what the expectation rests on */
  handled: number
  /** own, alike, all or none: whose past the expectation is taken from */
  basis: string
}

export interface RehearsedMove {
  /** unit as things are */
  from: string
  /** its name */
  from_name: string
  /** unit that would get them */
  to: string
  /** its name */
  to_name: string
  /** how many */
  matters: number
  /** numbers of some of them */
  examples: string[]
}

export interface RehearsedKind {
  /** category code */
  category: string
  /** category */
  name: string
  /** in those days */
  matters: number
  /** of them, to another unit */
  moved: number
}

export interface TableIn {
  /** which version; the one in force unless given. Of units there is only the present list */
  version?: number
  /** csv or json; csv unless given */
  as?: 'csv' | 'json'
}

export interface TableView {
  /** which table */
  name: string
  /** number of the version; 0: there is none yet */
  version: number
  /** goes back with the edited table: whether others changed it */
  moves: number
  /** you may put a new version in force */
  may_change: boolean
  /** what rows hold */
  columns: TableColumn[]
  /** the table, CSV with a heading */
  csv: string
  /** asked for as json: an array of objects, whose keys are the columns */
  rows?: unknown
}

export interface TableColumn {
  /** heading of the column */
  name: string
  /** a row must have it */
  required: boolean
  /** words it may hold; none: any */
  words: string[]
}

export interface TableChangeIn {
  /** the whole table: CSV with a heading, or JSON, an array of objects whose keys are the columns */
  csv: string
  /** as it came with the table that was edited; refused if another version has been stored or taken back since */
  moves: number
  /** true: check only, store nothing */
  dry?: boolean
  /** from when it is in force; at once unless given. Units change at once */
  valid_from?: number
}

export interface TableChangeView {
  /** which table */
  name: string
  /** good rows */
  rows: number
  /** how many faults; with any nothing is stored */
  faults_total: number
  /** the first of them */
  faults: TableFault[]
  /** what is probably not meant */
  advice: TableFault[]
  /** number of the version it has become; none: nothing was stored */
  version?: number
  /** from when that is in force */
  valid_from?: number
}

export interface TableFault {
  /** line of the table, the heading is 1; of JSON, its first object is 2; 0: the table as a whole */
  line: number
  /** column, or empty */
  field: string
  /** what is wrong and what to do */
  message: string
}

export interface FindIn {
  /** words, at least two characters, or a number */
  q: string
  /** cursor: next of the page before */
  after?: string
}

export interface DeletionsIn {
  /** cursor: next of the page before */
  before?: number
}

export interface DeletionsOut {
  /** version of the table of terms in force; 0: the usual ones */
  version: number
  /** terms in force */
  terms: TermDue[]
  /** newest first */
  items: DeletionView[]
  /** cursor of the next page */
  next?: number
}

export interface TermDue {
  /** kind of data */
  what: string
  /** in words */
  what_name: string
  /** from when on it counts */
  since: string
  /** days; none: for good */
  days?: number
}

export interface DeletionView {
  /** number of the line */
  seq: number
  /** when */
  at_ms: number
  /** 6-digit county code; 0: of no matter */
  county: number
  /** by which term */
  what: string
  /** in words */
  what_name: string
  /** how long that was */
  days: number
  /** version of the table of terms; 0: the usual ones */
  version: number
  /** of how many matters */
  matters: number
  /** how many things */
  things: number
  /** of the line and the one before */
  hash: string
}

export interface DataHeld {
  /** number of the matter, or login name */
  about: string
  /** now */
  at_ms: number
  /** contact details are shown */
  whole: boolean
  /** what is held */
  items: HeldItem[]
  /** who has or had it */
  handed: HandedTo[]
  /** what could be erased */
  erasable: Erasable[]
  /** what stays in any case, and why */
  stays: string[]
  /** what can be corrected */
  fields: string[]
  /** a telephone number is on file, by which they can show that it is them */
  provable: boolean
  /** within what time a request is answered, and by what rule */
  limit: string
  /** made so far, newest first */
  requests: RequestView[]
}

export interface HeldItem {
  /** table and column */
  key: string
  /** in words */
  name: string
  /** what is held; none: only in a full copy */
  value?: string
  /** 1 public .. 4 sensitive personal */
  class: number
  /** what for */
  purpose: string
  /** how long, as a rule */
  kept: string
  /** when it goes, if that is known */
  until_ms?: number
}

export interface HandedTo {
  /** unit or office */
  name: string
  /** why it has or had it */
  why: string
  /** since when */
  at_ms: number
}

export interface Erasable {
  /** kind of data */
  what: string
  /** in words */
  what_name: string
  /** goes as soon as a request is granted */
  now: boolean
  /** why not now */
  why?: string
  /** when it could go at the earliest */
  earliest_ms?: number
  /** when it goes by itself */
  due_ms?: number
}

export interface RequestView {
  /** number of the request */
  number: string
  /** see, correct or erase */
  kind: string
  /** in words */
  kind_name: string
  /** what is to be corrected */
  field_name?: string
  /** open, granted, refused or withdrawn */
  state: string
  /** in words */
  state_name: string
  /** who answers */
  unit_name: string
  /** made */
  asked_ms: number
  /** to be answered by */
  due_ms: number
  /** past that */
  overdue: boolean
  /** answered or withdrawn */
  ended_ms?: number
  /** how it was made sure that it is them */
  how_name?: string
  /** why it was refused */
  reason_name?: string
  /** what the person is told; for them */
  answer?: string
  /** until then a full copy can be had */
  copy_until_ms?: number
  /** number of the matter, or login name */
  about: string
  /** entered by a colleague for somebody */
  entered: boolean
}

export interface OwnReads {
  /** newest first */
  items: OwnRead[]
}

export interface OwnRead {
  /** when */
  at_ms: number
  /** which unit */
  by: string
  /** in which role */
  role: string
  /** what was read */
  what: string
  /** what for */
  why: string
  /** how often the same person did, within the hour before */
  times: number
}

export interface OwnAskIn {
  /** see, correct or erase */
  kind: 'see' | 'correct' | 'erase'
  /** to correct: name or phone */
  field?: 'name' | 'phone'
  /** to correct: what it should be */
  value?: string
  /** in their own words */
  text?: string
  /** the telephone number on file; shows that it is them */
  proof?: string
}

export interface RequestIn {
}

export interface OwnCopyIn {
  /** the telephone number on file; asked for each time, if there is one */
  proof?: string
}

export interface AskForIn {
  /** see, correct or erase */
  kind: 'see' | 'correct' | 'erase'
  /** to correct: name or phone */
  field?: 'name' | 'phone'
  /** to correct: what it should be */
  value?: string
  /** in their own words */
  text?: string
  /** number of the reporter or party who asks */
  reporter: number
  /** how it was made sure that it is them */
  how: 'in_person' | 'phone' | 'written'
}

export interface RequestsIn {
  /** open unless given */
  state?: 'open' | 'granted' | 'refused' | 'withdrawn'
  /** cursor: next_ms of the page before */
  after_ms?: number
  /** cursor: next of the page before */
  after?: string
}

export interface RequestsOut {
  /** by deadline */
  items: RequestView[]
  /** cursor of the next page */
  next_ms?: number
  /** cursor of the next page */
  next?: string
}

export interface RequestOne {
  /** the request */
  request: RequestView
  /** what erasing would take away */
  erasable: Erasable[]
  /** for refusing */
  reasons: ReasonRow[]
  /** ways to make sure that it is them; none: it is known */
  proofs: ReasonRow[]
  /** why it cannot be granted now */
  why_not?: string
}

export interface RequestOpened {
  /** what they wrote */
  text: string
  /** what the field should be */
  value?: string
  /** name on file */
  name: string
  /** telephone on file */
  phone: string
}

export interface RequestAnswerIn {
  /** grant or refuse */
  answer: 'grant' | 'refuse'
  /** why it is refused */
  reason?: 'open_matter' | 'kept_by_law' | 'held' | 'others' | 'not_proven' | 'is_right' | 'nothing'
  /** how it was made sure that it is them, unless that is known */
  how?: 'in_person' | 'phone' | 'written'
  /** what the person reads */
  text: string
}

export interface AccountAskIn {
  /** see, correct or erase */
  kind: 'see' | 'correct' | 'erase'
  /** to correct: name or phone */
  field?: 'name' | 'phone'
  /** to correct: what it should be */
  value?: string
  /** in their own words */
  text?: string
}

export interface ExportsIn {
  /** mine (unless given), decide: those that I may decide, all: of the territory that I audit or supervise */
  whose?: 'mine' | 'decide' | 'all'
  /** cursor: next of the page before; not for decide */
  before?: string
}

export interface ExportsOut {
  /** newest first */
  items: ExportView[]
  /** cursor of the next page */
  next?: string
  /** kinds of reason */
  reasons: ExportChoice[]
  /** columns that are masked */
  columns: ExportChoice[]
  /** I may decide requests of others */
  decides: boolean
  /** I audit or supervise a territory */
  overlooks: boolean
}

export interface ExportView {
  /** number of the request */
  id: string
  /** asked at */
  asked_ms: number
  /** who asks */
  by: string
  /** for which unit */
  unit_name: string
  /** which list and filters, in words */
  scope: string
  /** xlsx or csv */
  format: string
  /** columns not masked, in words */
  open: string
  /** kind of reason, in words */
  reason: string
  /** why masked data is not enough */
  why: string
  /** what for */
  purpose: string
  /** matters in it */
  rows: number
  /** the first of them */
  numbers: string[]
  /** asked, approved, refused, fetched or lapsed */
  state: string
  /** in words */
  state_name: string
  /** who approved or refused */
  decided_by?: string
  /** when */
  decided_ms?: number
  /** and why */
  decision?: string
  /** to be decided, or once approved fetched, by then */
  until_ms: number
  /** when the file was made and fetched */
  fetched_ms?: number
  /** I may decide it now */
  may_decide: boolean
  /** I may fetch the file now, once */
  may_fetch: boolean
}

export interface ExportChoice {
  /** to send */
  word: string
  /** in words */
  name: string
}

export interface ExportMaskedIn {
  /** matters or disputes */
  list: 'matters' | 'disputes'
  /** which of them, as in the list; unit unless given */
  view?: 'mine' | 'unit' | 'pool' | 'region' | 'cohandle' | 'ask' | 'overdue' | 'archive'
  /** of matters: due or new */
  order?: 'due' | 'new'
  /** one of my units; the first unless given */
  unit?: string
  /** only this state */
  state?: 'received' | 'assigned' | 'working' | 'deferred' | 'answered' | 'verified' | 'closed' | 'rejected' | 'merged' | 'withdrawn' | 'registered' | 'mediating' | 'signing' | 'performing' | 'performed' | 'ended'
  /** of matters: only categories beginning so */
  category?: string
  /** of matters: only this tier */
  tier?: number
  /** of matters: only this grid */
  grid?: string
  /** of disputes: only this type */
  type?: string
  /** of disputes: part of the number in the book */
  q?: string
  /** reported at or after */
  from_ms?: number
  /** reported before */
  to_ms?: number
  /** xlsx or csv */
  format: 'xlsx' | 'csv'
}

export interface ExportAskIn {
  /** matters or disputes */
  list: 'matters' | 'disputes'
  /** which of them, as in the list; unit unless given */
  view?: 'mine' | 'unit' | 'pool' | 'region' | 'cohandle' | 'ask' | 'overdue' | 'archive'
  /** of matters: due or new */
  order?: 'due' | 'new'
  /** one of my units; the first unless given */
  unit?: string
  /** only this state */
  state?: 'received' | 'assigned' | 'working' | 'deferred' | 'answered' | 'verified' | 'closed' | 'rejected' | 'merged' | 'withdrawn' | 'registered' | 'mediating' | 'signing' | 'performing' | 'performed' | 'ended'
  /** of matters: only categories beginning so */
  category?: string
  /** of matters: only this tier */
  tier?: number
  /** of matters: only this grid */
  grid?: string
  /** of disputes: only this type */
  type?: string
  /** of disputes: part of the number in the book */
  q?: string
  /** reported at or after */
  from_ms?: number
  /** reported before */
  to_ms?: number
  /** xlsx or csv */
  format: 'xlsx' | 'csv'
  /** columns not to be masked: place, text, name, phone */
  open: string[]
  /** kind of reason */
  reason: 'proceeding' | 'transfer' | 'call_back' | 'emergency' | 'inspection' | 'other'
  /** why masked data is not enough; do not name anybody */
  why: string
  /** what for; stands in the file and in the record of who read what */
  purpose: string
}

export interface ExportDecideIn {
  /** approve, or refuse */
  approve: boolean
  /** why */
  why: string
}

export interface ExportIdIn {
}

export interface HereIn {
  /** longitude, degrees */
  lon?: number
  /** latitude, degrees; beyond 90 only for a swapped pair to be told */
  lat?: number
  /** coordinate system of lon and lat; wgs84 unless given */
  crs?: 'wgs84' | 'gcj02' | 'bd09'
  /** an address in words, instead of lon and lat */
  text?: string
  /** kind of matter: say, too, who would get one here */
  category?: string
}

export interface Here {
  /** county, town, community and grid as one name */
  place_name: string
  /** 6-digit county code */
  area: string
  /** county or district */
  county_name: string
  /** 12-digit code of the town or street */
  town?: string
  /** town or street */
  town_name?: string
  /** 12-digit code of the community */
  community?: string
  /** community or village */
  community_name?: string
  /** 15-digit code; none when words tell the community only */
  grid?: string
  /** grid */
  grid_name?: string
  /** 17-digit code */
  micro_grid?: string
  /** micro-grid */
  micro_grid_name?: string
  /** police grid */
  police_grid?: string
  /** its name */
  police_grid_name?: string
  /** the point, or the grid's middle; WGS-84 */
  lon?: number
  /** the point, or the grid's middle; WGS-84 */
  lat?: number
  /** who has charge */
  people: InCharge[]
  /** for staff: desks and station */
  units: HereUnit[]
  /** if asked with a category */
  goes?: HereGoes
}

export interface InCharge {
  /** grid_worker, micro_worker or police_officer */
  duty: string
  /** in words */
  duty_name: string
  /** grid, micro-grid or police grid */
  zone: string
  /** its name */
  zone_name: string
  /** who has charge of it */
  name: string
  /** duty phone */
  phone?: string
  /** on duty there now, by the roster */
  on_duty: boolean
  /** for staff: the person's unit */
  unit_name?: string
}

export interface HereUnit {
  /** community, town, county or city: its desk; station */
  part: string
  /** in words */
  part_name: string
  /** unit */
  unit: string
  /** its name */
  name: string
}

export interface HereGoes {
  /** category */
  category: string
  /** its name */
  category_name: string
  /** who would get it */
  unit: string
  /** its name */
  unit_name: string
  /** who and why, in a plain sentence */
  sentence: string
  /** number to call first, if it cannot wait */
  hotline?: string
  /** for staff: rule, facts and alternatives */
  why?: Explanation
}

export interface FusionIn {
  /** 12-digit code: only inside it; my territory unless given */
  division?: string
  /** slivers: at most so many square metres (10000) */
  m2?: number
  /** slivers: at most (0.05), cut: at least (0.02) such a part */
  share?: number
  /** how many to pass over: next of the page before */
  after?: number
  /** rows (100, at most 500), or outlines (500) */
  limit?: number
}

export interface FusionPage {
  /** findings */
  items: Finding[]
  /** how many there are */
  total: number
  /** after of the next page */
  next?: number
}

export interface Finding {
  /** grid, police or division */
  layer: string
  /** what it is about */
  code: string
  /** its name */
  name: string
  /** police grid that overlaps it */
  other?: string
  /** its name */
  other_name?: string
  /** square metres of the overlap, or left out, or doubled */
  m2?: number
  /** part of what it is about, 0 to 1 */
  share?: number
  /** part of the police grid */
  share_other?: number
  /** who has charge */
  person?: string
  /** sliver: grid of the same community it has most border with */
  into?: string
  /** its name */
  into_name?: string
  /** metres of that border */
  border_m?: number
  /** in words */
  text: string
}

export interface MergeIn {
  /** 15-digit code of the grid that loses the piece */
  grid: string
  /** police grid that the piece lies in */
  police: string
}

export interface MergeOut {
  /** number of the draft */
  draft: string
  /** grid that gets the piece */
  into: string
  /** its name */
  into_name: string
  /** square metres of the piece */
  m2: number
}
