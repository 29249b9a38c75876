import { Modal } from '@mantine/core'
import { useSay } from '../site.tsx'
import css from './help-sheet.module.css'

const lines = [['/', 'help.search'], ['Ctrl K', 'help.commands'], ['n', 'help.new'], ['g', 'help.home'], ['r', 'help.counter'],
  ['j k', 'help.rows'],
  ['Enter', 'help.open'], ['1…9', 'help.actions'], ['Ctrl Enter', 'help.send'], ['Esc', 'help.back'],
  ['?', 'help.this']] as const

/** The keys, on one sheet. */
export function HelpSheet({ onClose }: { onClose: () => void }) {
  const say = useSay()
  return (
    <Modal opened onClose={onClose} title={say('help.title')} size={440} radius="lg"
      closeButtonProps={{ 'aria-label': say('close') }}>
      <dl className={css.keys}>
        {lines.map(([keys, word]) => (
          <div key={word}>
            <dt>{keys.split(' ').map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{say(word)}</dd>
          </div>))}
      </dl>
      <p className={css.note}>{say('help.scanner')}</p>
    </Modal>
  )
}
