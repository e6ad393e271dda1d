'use strict'

openTarget()
addEventListener('hashchange', openTarget)
rememberTabs()
markSection()
markPage()
loadSearch()

/** A link may lead into closed details. */
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (target === null) return
  for (let place = target; place !== null; place = place.parentElement) {
    if (place instanceof HTMLDetailsElement) place.open = true
  }
  target.scrollIntoView()
}

/** A choice of language holds on every page. */
function rememberTabs() {
  const chosen = localStorage.getItem('tab')
  for (const label of document.querySelectorAll('.tabs > label')) {
    const input = document.getElementById(label.htmlFor)
    if (label.textContent === chosen) input.checked = true
    input.addEventListener('change', () => localStorage.setItem('tab', label.textContent))
  }
}

/** Marks the section of the page among the links of the header. */
function markSection() {
  for (const link of document.querySelectorAll('#tsd-toolbar-links a')) {
    if (isBelow(link)) link.setAttribute('aria-current', 'true')
  }
}

/** The sidebar does not list every page. For those that it leaves out, it marks the nearest, once it is there. */
function markPage() {
  const sidebar = document.getElementById('tsd-nav-container')
  const mark = () => {
    if (sidebar.querySelector('.current') !== null) return
    const [above] = [...sidebar.querySelectorAll('a')].filter(isBelow).sort((a, b) => b.href.length - a.href.length)
    if (above === undefined) return
    above.classList.add('current')
    for (let place = above; place !== sidebar; place = place.parentElement) {
      if (place instanceof HTMLDetailsElement) place.open = true
    }
  }
  new MutationObserver(mark).observe(sidebar, { childList: true })
}

/** Whether the page is what the link leads to, or in the folder of that name. */
function isBelow({ href }) {
  return location.href.startsWith(href.replace(/(?:index)?\.html$/, ''))
}

/** Loads the index of the search once it is opened, and searches for what was typed until then. */
function loadSearch() {
  const script = document.getElementById('tsd-search-script')
  const input = document.getElementById('tsd-search-input')
  const load = () => {
    if (script.src === '') script.src = script.dataset.src
  }
  input.addEventListener('focus', load)
  const ready = new MutationObserver(() => {
    ready.disconnect()
    if (input.value !== '') input.dispatchEvent(new Event('input'))
  })
  ready.observe(document.getElementById('tsd-search-status'), { childList: true })
}
