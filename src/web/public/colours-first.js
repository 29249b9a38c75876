;(function () {
  var wish = null
  try { wish = localStorage.getItem('gongdan-colours') } catch (_off) { /* storage is off: follow the system */ }
  var dark = wish === 'dark' || (wish !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
