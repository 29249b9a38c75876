import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import './theme/tokens.css'
import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { client, router } from './router.tsx'
import { Speaking, rememberedLanguage } from './site.tsx'
import { theme, variables } from './theme/theme.ts'

const colours = localStorageColorSchemeManager({ key: 'gongdan-colours' })

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto"
      colorSchemeManager={colours}>
      <QueryClientProvider client={client}>
        <Speaking language={rememberedLanguage()} zone="Asia/Shanghai"><RouterProvider router={router} /></Speaking>
        <Notifications position="bottom-center" limit={3} autoClose={4000} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
