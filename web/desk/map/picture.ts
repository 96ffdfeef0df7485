// What is seen as a picture: title, map, legend, scale, date and licence line, for saving as PNG and
// for paper. Tiles of a server that does not allow it (no CORS) are left out, and the picture says so.
import type { Board } from './board.ts'

export interface LegendItem {
  text: string
  draw: (to: CanvasRenderingContext2D, x: number, y: number) => void
}
export interface PictureOptions {
  title: string
  subtitle: string
  legend: LegendItem[]
  date: string
  licence: string
  noBase: string
}

const EDGE = 16
const HEAD = 56
const ROW = 22
const FONT = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'

/** A round length that is at most 140 pixels of the map, and how many they are. */
export function scaleBar(metresPerPixel: number): { metres: number; pixels: number } {
  const most = metresPerPixel * 140
  const power = 10 ** Math.floor(Math.log10(most))
  const metres = ([5, 2, 1].find(n => n * power <= most) ?? 1) * power
  return { metres, pixels: metres / metresPerPixel }
}
export const lengthText = (metres: number): string =>
  metres >= 1000 ? `${metres / 1000} km` : `${metres} m`

export function metresPerPixel(board: Board): number {
  const lat = board.map.getCenter().lat
  return (40075016.686 * Math.cos((lat * Math.PI) / 180)) / board.view().scale
}

/** Draws the base map from the images on the page; false when one of them may not be read. */
function drawBase(to: CanvasRenderingContext2D, board: Board): boolean {
  const frame = board.map.getContainer().getBoundingClientRect()
  const test = document.createElement('canvas').getContext('2d')
  for (const tile of board.map.getContainer().querySelectorAll<HTMLImageElement>('.base-tile img')) {
    if (!tile.complete || !tile.naturalWidth || !test) continue
    const box = tile.getBoundingClientRect()
    test.drawImage(tile, 0, 0, 1, 1)
    try {
      test.getImageData(0, 0, 1, 1)
    } catch {
      return false
    }
    to.drawImage(tile, box.left - frame.left, box.top - frame.top, box.width, box.height)
  }
  return true
}

function drawScale(to: CanvasRenderingContext2D, board: Board, x: number, y: number): void {
  const bar = scaleBar(metresPerPixel(board))
  to.strokeStyle = '#231f1b'
  to.lineWidth = 2
  to.setLineDash([])
  to.beginPath()
  to.moveTo(x, y - 6)
  to.lineTo(x, y)
  to.lineTo(x + bar.pixels, y)
  to.lineTo(x + bar.pixels, y - 6)
  to.stroke()
  to.fillStyle = '#231f1b'
  to.font = `12px ${FONT}`
  to.textAlign = 'left'
  to.textBaseline = 'bottom'
  to.fillText(lengthText(bar.metres), x + 4, y - 4)
}

function drawLegend(
  to: CanvasRenderingContext2D,
  items: LegendItem[],
  columns: number,
  width: number,
  top: number,
): void {
  items.forEach((item, i) => {
    const x = EDGE + (i % columns) * (width / columns)
    const y = top + Math.floor(i / columns) * ROW + ROW / 2
    item.draw(to, x + 14, y)
    to.setLineDash([])
    to.fillStyle = '#231f1b'
    to.font = `13px ${FONT}`
    to.textAlign = 'left'
    to.textBaseline = 'middle'
    to.fillText(item.text, x + 36, y)
  })
}

/** The finished picture, two pixels to one of the screen. */
export function drawPicture(board: Board, o: PictureOptions): HTMLCanvasElement {
  const view = board.view()
  const columns = Math.max(1, Math.floor(view.width / 170))
  const legendHeight = Math.ceil(o.legend.length / columns) * ROW + 12
  const [width, height] = [view.width + 2 * EDGE, HEAD + view.height + legendHeight + 44]
  const canvas = document.createElement('canvas')
  const ratio = 2
  canvas.width = width * ratio
  canvas.height = height * ratio
  const to = canvas.getContext('2d')!
  to.scale(ratio, ratio)
  to.fillStyle = '#fff'
  to.fillRect(0, 0, width, height)
  to.fillStyle = '#231f1b'
  to.textBaseline = 'alphabetic'
  to.font = `600 20px ${FONT}`
  to.fillText(o.title, EDGE, 28)
  to.font = `13px ${FONT}`
  to.fillStyle = '#554d43'
  to.fillText(o.subtitle, EDGE, 47, view.width)
  to.save()
  to.beginPath()
  to.rect(EDGE, HEAD, view.width, view.height)
  to.clip()
  to.translate(EDGE, HEAD)
  to.fillStyle = '#efe7d8'
  to.fillRect(0, 0, view.width, view.height)
  const whole = drawBase(to, board)
  board.paint(to)
  drawScale(to, board, 14, view.height - 14)
  to.restore()
  to.strokeStyle = '#8b8174'
  to.lineWidth = 1
  to.strokeRect(EDGE, HEAD, view.width, view.height)
  drawLegend(to, o.legend, columns, view.width, HEAD + view.height + 10)
  to.font = `12px ${FONT}`
  to.fillStyle = '#554d43'
  to.textAlign = 'left'
  to.textBaseline = 'alphabetic'
  const foot = [o.date, o.licence, whole ? '' : o.noBase].filter(Boolean).join('  ·  ')
  to.fillText(foot, EDGE, height - 16, view.width)
  return canvas
}

export const pngOf = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((done, failed) =>
    canvas.toBlob(b => (b ? done(b) : failed(new Error('no picture'))), 'image/png'),
  )
