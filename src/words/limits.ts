/** Figures of the regulations as people call them: Chinese, then English. One without words here goes by its clock. */
const named: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  'task.default_days': ['待办没有定期限时，几天内办完', 'Days for a to-do without a due date'],
  'task.warn_minutes': ['待办到期前提前提醒', 'Warning before a to-do is due'],
  'warranty.months.pc': ['保修期：台式电脑', 'Warranty: desktop computer'],
  'warranty.months.notebook': ['保修期：笔记本', 'Warranty: notebook'],
  'warranty.months.server': ['保修期：服务器', 'Warranty: server'],
  'warranty.months.laser_printer': ['保修期：激光打印机', 'Warranty: laser printer'],
  'warranty.months.inkjet_printer': ['保修期：喷墨打印机', 'Warranty: inkjet printer'],
  'warranty.months.plotter': ['保修期：绘图仪', 'Warranty: plotter'],
  'warranty.months.scanner': ['保修期：扫描仪', 'Warranty: scanner'],
  'warranty.months.other': ['保修期：其他', 'Warranty: others'],
  'visit.wait_minutes': ['客人等多久算久等，要先道歉', 'A visitor has waited long after'],
  'repair.counter_minutes': ['送修客户在柜台等工程师', 'Waiting at the counter for an engineer'],
  'repair.answer_minutes': ['收机后答复客户', 'Answer after a machine was taken in'],
  'repair.quote_minutes': ['检测结果出来后报价', 'Quotation after the result'],
  'repair.dispatch_minutes': ['客户同意后派修', 'Dispatch after the customer’s yes'],
  'repair.repair_days': ['客户同意后修好', 'Repaired after the customer’s yes'],
  'repair.bench_minutes': ['备件齐全时修好', 'Repaired when the parts are there'],
  'repair.locate_minutes': ['从开始检测到查明故障，超过就升级', 'Finding the fault, else it escalates'],
  'repair.peer_minutes': ['送同行的机器报价', 'Quotation of a machine at a peer’s'],
  'repair.promise_warn_minutes': ['承诺取机前提前联系客户', 'Call the customer before a promised time'],
  'repair.promise_days': ['收机时告知的取机天数', 'Days until pick-up told at intake'],
  'repair.tell_ready_minutes': ['修好后通知取机', 'Telling that it is ready'],
  'repair.tell_special_minutes': ['缺件、难修告知客户', 'Telling about a missing part or a hard fault'],
  'repair.follow_peer_days': ['在同行处多久跟进一次', 'Following up a machine at a peer’s'],
  'repair.uncollected_minutes': ['通知后多久没来取', 'Not collected after being told'],
  'repair.call_again_days': ['没通知到，隔几天再打', 'Days until the next try'],
  'repair.untested_days': ['没当场验机的，几天后回电', 'Days until the call after an untested pick-up'],
  'repair.part_orders': ['订几次备件还没解决就升级', 'Part orders without success, then it escalates'],
  'repair.visits': ['上门几次还没解决就升级', 'On-site visits without success, then it escalates'],
  'repair.batch_count': ['同型号同样故障几台算批量', 'Machines of one model with one fault that make a batch'],
  'repair.batch_days': ['批量故障看最近多少天', 'Days that are looked at for a batch'],
  'repair.tries_before_supervisor': ['通知几次不到就请主管定', 'Tries before the supervisor decides'],
  'quotation.receipt_minutes': ['报价送出后电话确认收到', 'Call that the quotation has arrived'],
  'quotation.answer_days': ['客户答复报价', 'The customer answers a quotation'],
  'quotation.discount_thousandths': ['不用主管同意的最大折扣', 'Largest discount without the supervisor'],
  'quotation.tax_thousandths': ['报价的税率', 'Tax of a quotation'],
  'quotation.review_minutes': ['主管审价', 'The supervisor looks at a price'],
  'quotation.reply_minutes': ['回答客户对报价的疑问', 'Answer a question about a quotation'],
  'quotation.chase_minutes': ['再问客户要不要修', 'Asking the customer again'],
  'quotation.reminders_before_supervisor': ['问几次没有答复就请主管定', 'Reminders before the supervisor decides'],
  'incident.decide_minutes': ['遗失损坏后经理定方案', 'The manager decides after a loss'],
  'incident.tell_minutes': ['方案定了告知客户', 'The customer is told of the decision'],
  'incident.supervisor_fen': ['主管可以定的赔偿金额', 'Compensation that a supervisor may decide'],
  'complaint.answer_minutes': ['投诉首次答复', 'First answer to a complaint'],
  'parts.costly_fen': ['多少钱以上算贵重备件', 'A part is costly from'],
  'parts.consent_free_fen': ['多少钱以下的备件事后同意', 'Parts agreed to afterwards up to'],
  'parts.consent_minutes': ['主管工程师同意换件', 'The lead engineer agrees to a part'],
  'parts.issue_minutes': ['库房发料', 'The store hands out parts'],
  'parts.tell_customer_minutes': ['到货变化告知客户', 'Telling of a changed arrival'],
  'parts.order_minutes': ['订购备件到货', 'An ordered part arrives'],
  'parts.buy_minutes': ['提出订购后下单', 'The order is placed'],
  'parts.check_minutes': ['到货验收', 'An arrival is checked'],
  'parts.eta_warn_minutes': ['到货日前提前提醒', 'Warning before an arrival'],
}

/** Texts of paper and screens, and their groups. */
const texts: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  'shop': ['联系方式', 'How to reach us'],
  'shop.phone': ['电话', 'Phone'], 'shop.fax': ['传真', 'Fax'], 'shop.address': ['地址', 'Address'],
  'shop.online': ['微信、QQ', 'Online'],
  'record': ['维修服务记录单', 'Service record'], 'record.terms': ['取机须知', 'Terms of pick-up'],
  'quotation': ['报价单', 'Quotation'], 'quotation.terms': ['报价说明', 'Terms of the quotation'],
  'loan': ['备用机借用单', 'Loan slip'], 'loan.terms': ['借用须知', 'Terms of the loan'],
  'care': ['使用保养卡', 'Care note'], 'care.general': ['通用', 'In general'], 'care.pc': ['台式电脑', 'Desktop computer'],
  'care.notebook': ['笔记本', 'Notebook'], 'care.server': ['服务器', 'Server'],
  'care.laser_printer': ['激光打印机', 'Laser printer'], 'care.inkjet_printer': ['喷墨打印机', 'Inkjet printer'],
  'care.plotter': ['绘图仪', 'Plotter'], 'care.scanner': ['扫描仪', 'Scanner'], 'care.other': ['其他', 'Others'],
  'shelf': ['货架的叫法（一行一个，第一行显示，其余扫到也认）', 'Names of shelves (one a line; the first is shown, all are understood)'],
  'shelf.waiting_test': ['货架：等待检测', 'Shelf: waiting for test'],
  'shelf.in_hand': ['货架：工程师手上', 'Shelf: with the engineer'],
  'shelf.waiting_part': ['货架：等待备件或同意', 'Shelf: waiting for a part or for consent'],
  'shelf.ok': ['货架：待取机', 'Shelf: ready'], 'shelf.at_peer': ['货架：同行处', 'Shelf: at a peer’s'],
  'shelf.on_delivery': ['货架：送机途中', 'Shelf: on delivery'],
  'folder': ['文件夹的叫法', 'Names of folders'], 'folder.waiting_test': ['文件夹：等待检测', 'Folder: waiting for test'],
  'folder.waiting_consent': ['文件夹：待同意', 'Folder: waiting for consent'],
  'folder.waiting_close_out': ['文件夹：等待结单', 'Folder: to be told'],
  'folder.waiting_pick_up': ['文件夹：等待取机', 'Folder: waiting for pick-up'],
}

const parts: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  texts: ['单据文字', 'Texts'], cards: ['话术', 'Script card'], calendars: ['日历', 'Calendar'],
  schedules: ['定期事项', 'Repeated duty'], checklists: ['检查清单', 'Check list'], processes: ['业务', 'Process'],
  positions: ['职务', 'Positions'], importing: ['导入历史', 'Bringing history in'],
  'checklists.function_test': ['功能测试', 'Function test'], 'checklists.cleaning': ['整机清洁', 'Cleaning'],
  'checklists.intake': ['收机检查', 'Checks at intake'], 'checklists.diagnosis': ['诊断提问', 'Diagnosis'],
}

/** Words of the parts of the settings and of texts, by path: 'texts', 'texts.shop.phone', 'checklists.intake'. */
export function settingWords(language: 'zh' | 'en'): Record<string, string> {
  const column = language === 'en' ? 1 : 0
  return Object.fromEntries([...Object.entries(parts).map(([path, words]) => [path, words[column]] as const),
    ...Object.entries(texts).map(([name, words]) => [`texts.${name}`, words[column]] as const)])
}

/** A figure in words; null: it has none here. */
export const limitWords = (name: string, language: 'zh' | 'en'): string | null => {
  const found = Object.hasOwn(named, name) ? named[name] : undefined
  return found ? found[language === 'en' ? 1 : 0] : null
}
