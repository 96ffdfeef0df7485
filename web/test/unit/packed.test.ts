// A packed layer is read as src/geo/pack.h says; one that is cut off is refused, wherever.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { latOf, lonOf, unpack, worldX, worldY, zoneAt } from '../../desk/map/packed.ts'
import { gcjFromWgs, wgsFromGcj } from '../../shared/geo/datum.ts'

/** Two zones of 10,000 steps a degree: a square with a hole, and an empty one with a long code. */
const bytes = Uint8Array.from([
  ...Buffer.from('FQ1\n'), ...[0x90, 0x4e, 2],
  ...[...varint(2n * 320508018023001n), 2],
  ...[9, ...d(1200000), ...d(310000), ...d(100), ...d(0), ...d(0), ...d(100), ...d(-100), ...d(0)],
  ...[6, ...d(10), ...d(-90), ...d(0), ...d(50), ...d(50), ...d(-50)],
  ...[...varint(2n * (32050801802300117n - 320508018023001n)), 0],
])
function varint(v: bigint): number[] {
  const out: number[] = []
  for (; v > 127n; v >>= 7n) out.push(Number(v & 127n) | 128)
  return [...out, Number(v)]
}
function d(v: number): number[] {
  return varint(BigInt(v < 0 ? -2 * v - 1 : 2 * v))
}
const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`)

test('codes, rings and places come back', () => {
  const layer = unpack(bytes)
  assert.deepEqual(layer.codes, ['320508018023001', '32050801802300117'])
  assert.deepEqual([...layer.ringAt], [0, 2, 2])
  assert.deepEqual([...layer.pointAt], [0, 4, 7])
  near(lonOf(layer.x[0]!), 120)
  near(latOf(layer.y[0]!), 31)
  near(lonOf(layer.box[2]!), 120.01)
  near(latOf(layer.box[1]!), 31.01)
})

test('borders are read as lines that are open', () => {
  const borders = Uint8Array.from([...Buffer.from('FQB1'), 10, 1, ...varint(14n), 1, 7,
    ...d(1210), ...d(310), ...d(0), ...d(10), ...d(-10), ...d(0)])
  const layer = unpack(borders)
  assert.deepEqual([layer.open, [...layer.ringAt], [...layer.pointAt]], [true, [0, 1], [0, 3]])
  near(lonOf(layer.x[2]!), 120)
  near(latOf(layer.y[2]!), 32)
  assert.equal(unpack(bytes).open, false)
})

test('a point lies in the zone around it, but not in its hole', () => {
  const layer = unpack(bytes)
  const at = (lon: number, lat: number) => zoneAt(layer, worldX(lon), worldY(lat))
  assert.equal(at(120.008, 31.008), 0)
  assert.equal(at(120.002, 31.003), -1)
  assert.equal(at(120.02, 31.005), -1)
})

test('what is cut off, or something else, is refused', () => {
  for (let n = 0; n < bytes.length; n++) assert.throws(() => unpack(bytes.subarray(0, n)), `${n} bytes`)
  assert.throws(() => unpack(new TextEncoder().encode('{"code":"login"}')), TypeError)
})

test('GCJ-02 and back is exact to a millimetre, and nothing is shifted abroad', () => {
  for (let lon = 73; lon < 136; lon += 3.7)
    for (let lat = 4; lat < 54; lat += 2.3) {
      const there = gcjFromWgs([lon, lat])
      const back = wgsFromGcj(there)
      assert.ok(Math.hypot(back[0] - lon, back[1] - lat) < 1e-8, `${lon} ${lat}`)
      assert.ok(Math.hypot(there[0] - lon, there[1] - lat) > 1e-4)
    }
  assert.deepEqual(gcjFromWgs([2.35, 48.85]), [2.35, 48.85])
})
