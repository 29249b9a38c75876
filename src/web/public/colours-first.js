;(function () {
  var wish = null
  // oxlint-disable-next-line no-unused-vars -- browsers of 2018 know no catch without a name
  try { wish = localStorage.getItem('gongdan-colours') } catch (_off) { /* storage is off: follow the system */ }
  var dark = wish === 'dark' || (wish !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
