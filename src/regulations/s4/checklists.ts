import type { ChecklistItem } from '../../engine/fields.ts'
import type { Checklists } from '../../engine/effective.ts'
import { computerCleaning, computerTest, otherTest, printerCleaning, printerTest }
  from '../../processes/repair/checklists.ts'

const item = (id: string, zh: string): ChecklistItem => ({ id, zh })

const printerIntake = [item('rollers', '进纸轮、分页器完好'), item('covers', '盖板、纸盒齐全'), item('consumable', '硒鼓或墨盒已取下'),
  item('counter_page', '总页数已记录')]
const computerIntake = [item('shell', '外壳、螺丝完好'), item('ports', '接口无损坏'), item('disk_data', '硬盘资料已提醒备份'),
  item('password', '开机密码已问清')]

const printerQuestions = [item('self_page', '自检页也有同样的现象吗'), item('other_paper', '换纸、换纸盒后还有吗'),
  item('other_consumable', '换耗材后还有吗'), item('count', '易损件到寿命了吗')]
const computerQuestions = [item('minimal', '最小配置能启动吗'), item('swap', '替换法找到故障件了吗'), item('log', '系统日志有报错吗'),
  item('heat', '温度、风扇正常吗')]

/**
 * Check lists of the repair centre by kind of product: what a function test, a cleaning, an intake and a diagnosis go
 * through. Where a kind has none here, the general list of the form holds. Source: S4-G, S4-L, S4-S, S4-U, S4-W.
 */
export const s4Checklists: Checklists = {
  function_test: {
    pc: computerTest,
    notebook: [...computerTest, item('battery', '电池充放电正常'), item('screen_keys', '屏幕无坏点，键盘、触控板逐键正常')],
    server: [...computerTest, item('raid', '阵列状态正常，告警灯熄灭')],
    laser_printer: printerTest,
    inkjet_printer: [...printerTest, item('nozzle', '喷嘴检查图完整')],
    plotter: [...printerTest, item('nozzle', '喷嘴检查图完整'), item('roll', '卷纸进纸、裁纸正常'),
      item('accuracy', '标准图尺寸误差在手册范围内')],
    scanner: otherTest,
    other: otherTest,
  },
  cleaning: {
    pc: computerCleaning,
    notebook: computerCleaning,
    server: [...computerCleaning, item('filter', '防尘网清洗')],
    laser_printer: printerCleaning,
    inkjet_printer: printerCleaning,
    plotter: printerCleaning,
  },
  intake: { pc: computerIntake, notebook: [...computerIntake, item('lid', '屏幕、转轴完好')], server: computerIntake,
    laser_printer: printerIntake, inkjet_printer: printerIntake, plotter: printerIntake,
    scanner: [item('glass', '玻璃板无划伤'), item('adapter', '电源适配器是否留下')],
    other: [item('complete', '部件齐全')] },
  diagnosis: { pc: computerQuestions, notebook: computerQuestions, server: computerQuestions,
    laser_printer: printerQuestions, inkjet_printer: printerQuestions, plotter: printerQuestions,
    scanner: [item('driver', '换电脑、换驱动后还有吗'), item('lamp', '灯管亮度正常吗')], other: [item('manual', '手册的排障步骤做过吗')] },
}
