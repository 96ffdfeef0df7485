// How a matter looks on the map: every state has a shape of its own, every kind its icon, so that
// colour only helps. The same shapes stand in the legend.
import { icons } from '../../shared/icons.ts'
import type { IconName } from '../../shared/icons.ts'

type Shape = 'disc' | 'ring' | 'triangle' | 'square' | 'diamond' | 'open diamond' | 'tick' | 'cross'
interface Look {
  shape: Shape
  color: string
}
const looks: Record<string, Look> = {
  received: { shape: 'disc', color: '#9c2b1f' },
  assigned: { shape: 'ring', color: '#9c2b1f' },
  working: { shape: 'triangle', color: '#1d5683' },
  deferred: { shape: 'square', color: '#7a5200' },
  answered: { shape: 'open diamond', color: '#24663b' },
  verified: { shape: 'diamond', color: '#24663b' },
  closed: { shape: 'tick', color: '#24663b' },
}
const ended: Look = { shape: 'cross', color: '#625a50' }
export const statesOpen = ['received', 'assigned', 'working', 'deferred', 'answered', 'verified']
export const statesEnded = ['closed', 'rejected', 'merged', 'withdrawn']

const GROUND = '#fffdf9'
const DANGER = '#ab1f16'

function corners(to: CanvasRenderingContext2D, x: number, y: number, at: [number, number][]): void {
  to.beginPath()
  at.forEach(([dx, dy], i) => (i ? to.lineTo(x + dx, y + dy) : to.moveTo(x + dx, y + dy)))
}

function outline(to: CanvasRenderingContext2D, shape: Shape, x: number, y: number, r: number): void {
  switch (shape) {
    case 'disc':
    case 'ring':
      to.beginPath()
      to.arc(x, y, r * 0.9, 0, 2 * Math.PI)
      break
    case 'triangle':
      corners(to, x, y, [
        [0, -r * 1.1],
        [r, r * 0.8],
        [-r, r * 0.8],
      ])
      to.closePath()
      break
    case 'square':
      to.beginPath()
      to.rect(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7)
      break
    case 'diamond':
    case 'open diamond':
      corners(to, x, y, [
        [0, -r * 1.15],
        [r * 1.15, 0],
        [0, r * 1.15],
        [-r * 1.15, 0],
      ])
      to.closePath()
      break
    case 'tick':
      corners(to, x, y, [
        [-r * 0.9, 0],
        [-r * 0.2, r * 0.7],
        [r, -r * 0.8],
      ])
      break
    case 'cross':
      corners(to, x, y, [
        [-r * 0.8, -r * 0.8],
        [r * 0.8, r * 0.8],
      ])
      to.moveTo(x + r * 0.8, y - r * 0.8)
      to.lineTo(x - r * 0.8, y + r * 0.8)
      break
  }
}

function lateMark(to: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  to.beginPath()
  to.arc(x + r, y - r, 5, 0, 2 * Math.PI)
  to.fillStyle = DANGER
  to.strokeStyle = GROUND
  to.lineWidth = 1
  to.fill()
  to.stroke()
  to.fillStyle = '#fff'
  to.font = 'bold 9px sans-serif'
  to.textAlign = 'center'
  to.textBaseline = 'middle'
  to.fillText('!', x + r, y - r + 0.5)
}

export function drawState(
  to: CanvasRenderingContext2D,
  state: string,
  x: number,
  y: number,
  r: number,
  late: boolean,
): void {
  const { shape, color } = looks[state] ?? ended
  const open = shape === 'tick' || shape === 'cross'
  outline(to, shape, x, y, r)
  to.lineJoin = 'round'
  to.lineCap = 'round'
  to.strokeStyle = GROUND
  to.lineWidth = open ? 6 : 4
  to.stroke()
  if (!open) {
    to.fillStyle = shape === 'ring' || shape === 'open diamond' ? GROUND : color
    to.fill()
  }
  to.strokeStyle = color
  to.lineWidth = 2.2
  to.stroke()
  if (late) lateMark(to, x, y, r)
}

/** The kind as its icon in a badge. */
export function drawKind(
  to: CanvasRenderingContext2D,
  icon: string,
  x: number,
  y: number,
  r: number,
  late: boolean,
): void {
  const size = r * 1.5
  to.beginPath()
  to.arc(x, y, r * 1.35, 0, 2 * Math.PI)
  to.fillStyle = GROUND
  to.strokeStyle = '#1d5683'
  to.lineWidth = 1.4
  to.fill()
  to.stroke()
  to.save()
  to.translate(x - size / 2, y - size / 2)
  to.scale(size / 24, size / 24)
  to.strokeStyle = '#17476e'
  to.lineWidth = 2.4
  to.stroke(new Path2D(icons[icon as IconName] ?? icons.pencil))
  to.restore()
  if (late) lateMark(to, x, y, r * 1.3)
}

export const groupRadius = (matters: number): number => 11 + Math.min(12, Math.log2(matters) * 1.2)

/** Many matters as one: how many, and how much of the rim is late. */
export function drawGroup(
  to: CanvasRenderingContext2D,
  group: { matters: number; overdue: number },
  x: number,
  y: number,
): void {
  const r = groupRadius(group.matters)
  to.beginPath()
  to.arc(x, y, r, 0, 2 * Math.PI)
  to.fillStyle = 'rgba(255, 253, 249, .94)'
  to.strokeStyle = '#1d5683'
  to.lineWidth = 2
  to.fill()
  to.stroke()
  if (group.overdue) {
    const share = Math.max(0.04, group.overdue / group.matters)
    to.beginPath()
    to.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + share * 2 * Math.PI)
    to.strokeStyle = DANGER
    to.lineWidth = 5
    to.lineCap = 'butt'
    to.stroke()
  }
  to.fillStyle = '#231f1b'
  to.font = `600 ${r > 18 ? 13 : 12}px sans-serif`
  to.textAlign = 'center'
  to.textBaseline = 'middle'
  to.fillText(String(group.matters), x, y + 0.5)
}
