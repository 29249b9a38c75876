import '../theme/tokens.css'
import './portal.css'
import { useMemo, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { LinkPage } from './link-page.tsx'
import { PaperPage } from './paper-page.tsx'
import { SetupPage } from './setup-page.tsx'
import { type Language, Words, wordsIn } from './words.ts'

/** The secret leaves the address bar, the history and whatever is shared from here, before anything else happens. */
function takeAddress(): { page: string; secret: string | null } {
  const { pathname, hash } = window.location
  const [, page = '', rest = ''] = pathname.split('/')
  const secret = page === 'setup' ? hash.slice(1) : decode(rest)
  if (page !== 'q' && secret !== '') window.history.replaceState(null, '', `/${page}`)
  return { page, secret: secret === '' ? null : secret }
}

/** An address that somebody has torn is an address that does not open, no fault. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (_torn) {
    return text
  }
}

function wishedLanguage(): Language {
  return /^en\b/i.test(navigator.language || '') ? 'en' : 'zh'
}

const address = takeAddress()

function Portal() {
  const [language, setLanguage] = useState(wishedLanguage)
  const say = useMemo(() => wordsIn(language), [language])
  document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN'
  const other = () => setLanguage(language === 'en' ? 'zh' : 'en')
  const pages: Record<string, () => React.ReactNode> = {
    l: () => <LinkPage key={language} secret={address.secret} />,
    q: () => <PaperPage key={language} code={address.secret ?? ''} />,
    setup: () => <SetupPage secret={address.secret ?? ''} />,
  }
  return (
    <Words.Provider value={say}>
      {(pages[address.page] ?? pages.l!)()}
      <p className="language"><button type="button" lang={language === 'en' ? 'zh-CN' : 'en'} onClick={other}>
        {say('language')}</button></p>
    </Words.Provider>
  )
}

createRoot(document.getElementById('root')!).render(<Portal />)
