import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

/** Ten steps round the brand hue; the seventh is the hue itself. */
const teal: MantineColorsTuple = ['#e4f1f0', '#cfe6e4', '#a9d3d0', '#86d0cb', '#5cb8b3', '#3a9c98', '#1f8381',
  '#0f6e6e',
  '#0a5555', '#073e3e']

/** Greys with a breath of the brand hue, for what the library draws by itself. */
const gray: MantineColorsTuple = ['#f5f7f6', '#ebefee', '#e2e8e6', '#d6dddb', '#c9d2d0', '#a9b4b1', '#84918e',
  '#63706e',
  '#44524f', '#14201f']
const dark: MantineColorsTuple = ['#e6edeb', '#b3c0bd', '#8d9b98', '#5a6866', '#3a4846', '#2c3736', '#1d2525',
  '#141a1a',
  '#0f1414', '#0a0e0e']

const labels = {
  label: { fontSize: 13, lineHeight: '19px', fontWeight: 500, marginBottom: 4, color: 'var(--ink-2)' },
  description: { fontSize: 12, lineHeight: '17px', marginTop: 4, color: 'var(--ink-3)' },
  error: { fontSize: 13, lineHeight: '18px', fontWeight: 500 },
}
/** The filled button: the library would take white text in both themes. */
const filled = { '--button-bg': 'var(--brand)', '--button-hover': 'var(--brand-strong)',
  '--button-color': 'var(--on-brand)' }

const inputs = ['TextInput', 'Textarea', 'PasswordInput', 'NumberInput', 'MultiSelect', 'DateInput',
  'DateTimePicker',
  'PinInput']

/** The component library, dressed in the tokens. Heights and type sizes are set here once, nowhere else. */
export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 4 },
  colors: { teal, gray, dark },
  autoContrast: true,
  black: '#14201f',
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Consolas, monospace',
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.45', lg: '1.4', xl: '1.35' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'md',
  shadows: { xs: 'none', sm: 'var(--shadow)', md: 'var(--shadow)', lg: 'var(--shadow)', xl: 'var(--shadow)' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' }, vars: (_theme: unknown, props: { size?: string; variant?: string }) =>
      ({ root: {
      ...((props.variant ?? 'filled') === 'filled' && filled),
      '--button-height': props.size === 'xs' ? 'var(--control-small)' : 'var(--control)',
      '--button-fz': props.size === 'xs' ? '13px' : '14px',
      '--button-padding-x': props.size === 'xs' ? '10px' : '16px' } }),
      styles: { label: { fontWeight: 500 } } },
    // The hint stands below, so that inputs side by side begin at one height.
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'input', 'error', 'description'] } },
    Input: { vars: () => ({ wrapper: { '--input-height': 'var(--control)', '--input-fz': 'var(--typed)',
      '--input-placeholder-color': 'var(--ink-3)', '--input-section-color': 'var(--ink-3)' } }) },
    ...Object.fromEntries(inputs.map((name) => [name, { styles: labels }])),
    Overlay: { defaultProps: { color: '#0a1e1e', backgroundOpacity: 0.3 } },
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 80 }, withInitialFocusPlaceholder: false },
      styles: { item: { padding: '6px 10px', minHeight: 32 } } },
    Popover: { defaultProps: { shadow: 'md', transitionProps: { duration: 80 } } },
    Tooltip: { defaultProps: { openDelay: 250, transitionProps: { duration: 60 }, fz: 12, multiline: true, maw: 320,
      events: { hover: true, focus: true, touch: true } } },
    Drawer: { defaultProps: { position: 'right', shadow: 'md', transitionProps: { duration: 120 }, padding: 'xl' },
      styles: { title: { fontSize: 16, fontWeight: 600 } } },
    // A finger may press the words beside the box as well.
    Checkbox: { styles: { ...labels, label: { ...labels.label, paddingBlock: 'var(--tick-pad)' },
      inner: { marginTop: 'var(--tick-pad)' } }, vars: () => ({ root: { '--checkbox-color': 'var(--brand)',
      '--checkbox-icon-color': 'var(--on-brand)' } }) },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Select: { styles: { ...labels, option: { minHeight: 'var(--touch)' } },
      defaultProps: { openOnFocus: false, allowDeselect: true, checkIconPosition: 'right',
      maxDropdownHeight: 280 } },
  },
})

/** The library's own names point to the tokens, so that both themes are defined in one place. */
export const variables: CSSVariablesResolver = () => {
  const both = {
    '--mantine-color-body': 'var(--paper)', '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-3)', '--mantine-color-default': 'var(--paper)',
    '--mantine-color-default-hover': 'var(--hover)', '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--line-strong)', '--mantine-color-placeholder': 'var(--ink-3)',
    '--mantine-color-anchor': 'var(--brand)', '--mantine-color-error': 'var(--ink)',
    '--mantine-color-gray-light-hover': 'var(--hover)', '--mantine-color-gray-light-color': 'var(--ink-2)',
    '--mantine-color-disabled': 'var(--paper-3)', '--mantine-color-disabled-color': 'var(--ink-3)',
    '--mantine-color-disabled-border': 'var(--line)', '--mantine-primary-color-light': 'var(--brand-soft)',
    '--mantine-primary-color-light-color': 'var(--brand-strong)', '--mantine-primary-color-filled': 'var(--brand)',
    '--mantine-primary-color-filled-hover': 'var(--brand-strong)',
      '--mantine-primary-color-contrast': 'var(--on-brand)',
    '--mantine-color-teal-filled': 'var(--brand)', '--mantine-color-teal-filled-hover': 'var(--brand-strong)',
  }
  return { variables: {}, light: both, dark: both }
}
