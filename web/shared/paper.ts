// Documents that the server prints: shown in a tab of their own.

/**
 * Shows the document in a new tab, or saves it where a tab is not to be had or cannot show it. To be
 * called while somebody's press still counts, before anything is waited for.
 */
export async function showPaper(asked: () => Promise<Response>, name: string): Promise<void> {
  const tab = window.open('', '_blank')
  try {
    const bytes = await (await asked()).blob()
    const url = URL.createObjectURL(bytes)
    setTimeout(() => URL.revokeObjectURL(url), 600_000)
    if (tab && bytes.type === 'application/pdf' && navigator.pdfViewerEnabled) {
      tab.location.replace(url)
      return
    }
    tab?.close()
    const link = document.createElement('a')
    link.href = url
    link.download = name
    link.click()
  } catch (e) {
    tab?.close()
    throw e
  }
}
