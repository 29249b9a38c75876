import type { Card } from '../../engine/script-cards.ts'

const card = (zh: string, text: string, ...rule: string[]): Card => ({ zh, text, ...(rule.length > 0 && { rule }) })

/**
 * 话术: what is said at the counter, on the phone and at the bench, by the name of the card. Which moment each belongs to
 * stands in the processes; the gaps are listed in src/words/card-gaps.ts. A company words them anew in its settings.
 */
export const s4Cards: Readonly<Record<string, Card>> = {
  greet: card('迎客', '您好，欢迎来到{公司}，我是{我}。请问有什么可以帮您？', 'S4-055'),
  ask_purpose: card('问来意', '您是来咨询、送修、取机，还是找我们经理？', 'S4-056'),
  wait_a_moment: card('请稍候', '请您先坐一会儿，我马上来办。'),
  sorry_waited: card('久等致歉', '让您久等了，实在抱歉！', 'S4-057'),
  promise_carefully: card('承诺之前', '这件事我先跟经理核实，弄准了再答复您。', 'S4-058'),
  to_manager: card('引见经理', '经理在办公室，我带您过去，请坐，请喝水。', 'S4-056'),
  goodbye: card('送别', '以后有事请打{电话}，传真{传真}，这是我的名片。谢谢您来，请慢走。', 'S4-059'),

  put_on_table: card('放上验机台', '请您把机器放在这张台子上，小心手。', 'S4-076'),
  ask_fault: card('问故障', '机器出了什么问题？是一直这样，还是有时才有？最早是什么时候发现的？', 'S4-185'),
  ask_bought: card('问购机', '机器是什么时候买的？还在保修期里吗？'),
  help_fill: card('填单', '麻烦留一下您的单位和联系方式，我来替您填。'),
  wait_engineer: card('请工程师', '我请工程师现在就来看一下，请您稍候。', 'S4-079'),
  take_home: card('带回附件', '耗材、电源线这些用不着，请您带回去保管；要留下的，我每一件都贴上标签。', 'S4-081'),
  sign_here: card('请签字', '请核对一下单子，在「您的签字」处签名，并写上今天的日期。'),
  estimate: card('告知取机', '大约{取机日}可以取机，修好了我们马上打电话给您。这一联请收好，凭它来取。您还有别的需要吗？', 'S4-086'),
  goodbye_intake: card('收机送别', '有事请打{电话}，传真{传真}。谢谢您，请慢走。', 'S4-087'),

  inspect_ask: card('验机询问', '您好，我是工程师{我}。请您说说当时的情形：经常出现，还是偶尔？之前有没有搬动过、换过东西？', 'S4-185'),
  inspect_same: card('重现故障', '您看，是不是和您平时遇到的一样？'),
  inspect_more: card('再问一遍', '除了这个，还有没有别的地方不正常？', 'S4-189'),

  quote_by_phone: card('电话报价', '您好，是{客户}的{联系人}吗？我是{公司}{我}。您{送机日}送修的{机器}检查出来了：{故障}，'
    + '原因是{原因}。要修要换的是{部件}。费用一共{金额}，{工期}修好。您看同意修吗？', 'S4-095'),
  quote_heard: card('报价收尾', '您都记下了吗？谢谢您，再见。（等对方先挂）', 'S4-096'),
  quote_faxed: card('传真后确认', '报价单刚刚传给您了，请您查收；有不清楚的打{电话}找我。', 'S4-098'),

  notify_ready: card('通知取机', '您好，是{客户}的{联系人}吗？我是{公司}{我}。您{送机日}送来的{机器}已经修好了，您什么时候方便来取？'
    + '来的时候请带上客户联。', 'S4-112'),
  ask_pass_on: card('请人转告', '麻烦您转告{联系人}：{机器}修好了，可以来取。请问您贵姓？', 'S4-114'),

  pick_up_copy: card('看客户联', '请出示一下客户联，我去取机器，请稍候。', 'S4-117'),
  pick_up_test: card('当面测试', '您好，我是工程师{我}，我当着您的面把机器试一遍。', 'S4-194'),
  pick_up_cause: card('说明原因', '这次的故障是{故障}，原因是{原因}。平时这样用能少出毛病……', 'S4-197'),
  pick_up_sign: card('请签收', '机器和附件都在这里，请您清点一下，在「用户签收」处签字。'),
  ask_satisfied: card('问满意', '这次维修您还满意吗？有没有别的需要我们做的？', 'S4-116'),
  pick_up_goodbye: card('取机送别', '使用中有问题请打{电话}，这是名片。谢谢您，请慢走！', 'S4-124'),

  part_ordered: card('缺件说明', '您好，我是{公司}{我}。您的{机器}要换的备件没有现货，得订，大约一周到十天；一到就给您修，修好马上打电话。'
    + '给您添麻烦了。', 'S4-141'),
  hard_fault: card('难修说明', '您的{机器}故障比较复杂，我们正在想办法，可能要晚几天；有进展我第一时间打给您。实在抱歉。', 'S4-141'),
  promise_late: card('改期先致歉', '原先说好{取机日}可以取，恐怕要晚一些，先跟您说一声，实在抱歉。', 'S4-134'),
  offer_loan: card('借备用机', '如果急着用，我们可以先借您一台备用机，型号可能不一样，您看行吗？', 'S4-142'),

  call_back_open: card('回访开场', '您好，我是{公司}{我}，您的{机器}刚修好，打电话听听您的意见，只占您一分钟，方便吗？', 'S4-154'),
  call_back_busy: card('对方在忙', '那不打扰了，我什么时候再打给您合适？', 'S4-155'),
}
