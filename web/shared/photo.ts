// Makes a photo small enough for a weak network. Drawing it anew also drops whatever the camera
// wrote into it: position, device, time.
const edgeMax = 1600
const quality = 0.8

async function decode(file: Blob): Promise<ImageBitmap | HTMLImageElement> {
  if (typeof createImageBitmap === 'function') {
    try {
      return await createImageBitmap(file)
    } catch {
      // some browsers decode more in an <img>
    }
  }
  const image = new Image()
  image.src = URL.createObjectURL(file)
  try {
    await image.decode()
  } finally {
    URL.revokeObjectURL(image.src)
  }
  return image
}

/** A JPEG of at most 1600 px. Throws when the file is no picture this phone can read. */
export async function shrinkPhoto(file: Blob): Promise<Blob> {
  const image = await decode(file)
  const scale = Math.min(1, edgeMax / Math.max(image.width, image.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(image.width * scale))
  canvas.height = Math.max(1, Math.round(image.height * scale))
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height)
  if ('close' in image) image.close()
  return new Promise((done, failed) => {
    canvas.toBlob(blob => (blob ? done(blob) : failed(new Error('encode'))), 'image/jpeg', quality)
  })
}
