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
  } catch {
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
  const other = () => {
    const next = language === 'en' ? 'zh' : 'en'
    speak(next)
    setLanguage(next)
  }
  return (
    <Words.Provider value={say}>
      <Page key={language} />
      <p className="language"><button type="button" lang={language === 'en' ? 'zh-CN' : 'en'} onClick={other}>
        {say('language')}</button></p>
    </Words.Provider>
  )
}

function Page() {
  switch (address.page) {
    case 'q': return <PaperPage code={address.secret ?? ''} />
    case 'setup': return <SetupPage secret={address.secret ?? ''} />
    default: return <LinkPage secret={address.secret} />
  }
}

/** The language of the document is also what the server is asked in. */
function speak(language: Language): void {
  document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN'
}

speak(wishedLanguage())
createRoot(document.getElementById('root')!).render(<Portal />)
