/** Script cards of the regulations in English, by name: title and text, with the gaps of src/words/card-gaps.ts. */
export const enCards: Readonly<Record<string, readonly [title: string, text: string]>> = {
  greet: ['Greeting', 'Good day, welcome to {公司}. I am {我}. How can I help you?'],
  ask_purpose: ['Ask the purpose', 'Have you come with a question, to bring or to collect a machine, or to see our manager?'],
  wait_a_moment: ['A moment please', 'Please take a seat, I will be right with you.'],
  sorry_waited: ['Apology for the wait', 'I am sorry to have kept you waiting!'],
  promise_carefully: ['Before a promise', 'Let me check this with my manager first, so that what I tell you is right.'],
  to_manager: ['To the manager', 'The manager is in; I will show you the way. Please have a seat and some water.'],
  goodbye: ['Goodbye', 'You can reach us on {电话}, fax {传真}; here is my card. Thank you for coming.'],
  put_on_table: ['On the table', 'Please put the machine on this table.'],
  ask_fault: ['Ask about the fault', 'What is wrong with it? Always, or only sometimes? When did you notice it first?'],
  ask_bought: ['Ask when bought', 'When was it bought? Is it still under warranty?'],
  help_fill: ['Fill in the form', 'May I have your company and how to reach you? I will fill in the form.'],
  wait_engineer: ['Call the engineer', 'I am asking an engineer to look at it right now; a moment please.'],
  take_home: ['Take things home', 'Please take consumables and cables home; I label each thing that stays.'],
  sign_here: ['Sign here', 'Please check the sheet, sign it and write today’s date.'],
  estimate: ['When it is ready', 'It should be ready around {取机日}; we ring you. Please keep this copy, you collect '
    + 'with it. Anything else?'],
  goodbye_intake: ['Goodbye', 'Our phone is {电话}, fax {传真}. Thank you, goodbye.'],
  inspect_ask: ['Questions at inspection', 'Good day, I am the engineer {我}. What happened? Often or now and then? '
    + 'Was it moved, was anything '
    + 'changed?'],
  inspect_same: ['Reproduce', 'Is this what you see in daily use?'],
  inspect_more: ['Ask again', 'Is there anything else that is not right?'],
  quote_by_phone: ['Quote by phone', 'Good day, is that {联系人} of {客户}? This is {我} of {公司}. We have inspected the '
    + '{机器} that you brought on '
    + '{送机日}: {故障}, because {原因}. To be repaired or replaced: {部件}. It costs {金额} and takes {工期}. Shall we repair it?'],
  quote_heard: ['End of the quote', 'Did you note it down? Thank you, goodbye. (Let them hang up first.)'],
  quote_faxed: ['After the fax', 'The quotation was just faxed to you, please check. Questions: {电话}.'],
  notify_ready: ['Ready for pick-up', 'Good day, is that {联系人} of {客户}? This is {我} of {公司}. The {机器} that you '
    + 'brought on {送机日} is repaired. '
    + 'When would you like to collect it? Please bring your copy.'],
  ask_pass_on: ['Pass it on', 'Could you tell {联系人} that the {机器} is ready? May I have your name?'],
  pick_up_copy: ['The customer’s copy', 'May I see your copy? I will fetch the machine.'],
  pick_up_test: ['Test together', 'I am the engineer {我}; let me test it here with you.'],
  pick_up_cause: ['Explain the cause', 'The fault was {故障}, because {原因}. Used like this it happens less…'],
  pick_up_sign: ['Sign for it', 'Here are the machine and everything that came with it. Please check and sign.'],
  ask_satisfied: ['Satisfied?', 'Are you satisfied with this repair? Is there anything else we can do?'],
  pick_up_goodbye: ['Goodbye', 'If anything comes up, call {电话}; here is our card. Thank you, goodbye!'],
  part_ordered: ['A part is missing', 'This is {我} of {公司}. The part for your {机器} is not in stock; it takes about a '
    + 'week to ten days. We '
    + 'repair at once when it is here and ring you. We are sorry.'],
  hard_fault: ['A hard fault', 'The fault of your {机器} is a hard one; we are on it, and it may take some days more. I ring you as soon '
    + 'as I know. I am sorry.'],
  promise_late: ['Apology for a new date', 'We said {取机日}; I am afraid it takes longer. I wanted you to know first. I am sorry.'],
  offer_loan: ['Offer a loan', 'If you need one urgently, we can lend you a machine, maybe of another model. Would that help?'],
  call_back_open: ['Call-back, opening', 'This is {我} of {公司}. Your {机器} was just repaired; may I have one minute for your opinion?'],
  call_back_busy: ['They are busy', 'I will not keep you. When may I call again?'],
}

/** Items of the check lists that a regulation brings, by their Chinese: words that a company changed stay as they are. */
export const enItems: Readonly<Record<string, string>> = {
  '电池充放电正常': 'The battery charges and discharges',
  '屏幕无坏点，键盘、触控板逐键正常': 'No dead pixels; every key and the touch pad work',
  '阵列状态正常，告警灯熄灭': 'The array is healthy, no warning lights',
  '喷嘴检查图完整': 'The nozzle check is complete',
  '卷纸进纸、裁纸正常': 'Roll paper feeds and is cut',
  '标准图尺寸误差在手册范围内': 'The test drawing is within the tolerance of the manual',
  '防尘网清洗': 'Dust filter washed',
  '进纸轮、分页器完好': 'Feed rollers and separator are sound',
  '盖板、纸盒齐全': 'Covers and trays are there',
  '硒鼓或墨盒已取下': 'Toner or ink is taken out',
  '总页数已记录': 'Page counter noted',
  '外壳、螺丝完好': 'Case and screws are sound',
  '接口无损坏': 'Ports are not damaged',
  '硬盘资料已提醒备份': 'Reminded to back up the disk',
  '开机密码已问清': 'Password was asked for',
  '屏幕、转轴完好': 'Screen and hinge are sound',
  '玻璃板无划伤': 'The glass is not scratched',
  '电源适配器是否留下': 'Does the power adapter stay?',
  '部件齐全': 'All parts are there',
  '自检页也有同样的现象吗': 'Does the self-test page show it too?',
  '换纸、换纸盒后还有吗': 'Still there with other paper, another tray?',
  '换耗材后还有吗': 'Still there with other toner or ink?',
  '易损件到寿命了吗': 'Are wearing parts at their end of life?',
  '最小配置能启动吗': 'Does it start in minimal configuration?',
  '替换法找到故障件了吗': 'Was the faulty part found by exchange?',
  '系统日志有报错吗': 'Errors in the system log?',
  '温度、风扇正常吗': 'Are temperature and fan normal?',
  '换电脑、换驱动后还有吗': 'Still there on another computer, with another driver?',
  '灯管亮度正常吗': 'Is the lamp bright enough?',
  '手册的排障步骤做过吗': 'Were the steps of the manual gone through?',
}
