import type { ProductKind } from './repair-customers.ts'

/** What goes wrong with machines, and how it is put right. `parts` by number; prices in yuan. */
export type DemoFault = {
  kinds: readonly ProductKind[]
  symptom: string; found: string; method: string; prevention: string; manual?: string
  cause: 'quality' | 'use' | 'wear' | 'consumable'
  parts: readonly (readonly [number: string, pieces: number])[]
  labour: number; days: string
}

const printers = ['laser_printer'] as const

export const demoFaults: Readonly<Record<string, DemoFault>> = {
  jam: { kinds: printers, symptom: '打印时频繁卡纸，纸卡在进纸口', found: '搓纸轮磨损打滑，分页器老化', method: '更换搓纸轮，清洁走纸通道',
    prevention: '不用受潮的纸，纸张散开对齐再放入', manual: '维修手册 6-12', cause: 'wear', parts: [['RL1-0266', 1]], labour: 80,
    days: '1 个工作日' },
  jam_network: { kinds: printers, symptom: '纸盒 2 不进纸，多页进纸', found: '纸盒搓纸轮磨损', method: '更换搓纸轮，校正纸盒',
    prevention: '纸盒不要超过标线', manual: '维修手册 4-8', cause: 'wear', parts: [['RL1-2120', 2]], labour: 100, days: '1 个工作日' },
  smear: { kinds: printers, symptom: '打印出来一擦就掉粉', found: '定影膜破损，定影不牢', method: '更换定影膜，清洁压力辊',
    prevention: '取出卡纸时顺走纸方向慢拉', manual: '维修手册 6-20', cause: 'wear', parts: [['RG9-1493', 1]], labour: 120,
    days: '2 个工作日' },
  fuser: { kinds: printers, symptom: '开机报 50.2 错误，不打印', found: '定影组件加热不良', method: '更换定影组件',
    prevention: '避免长时间连续打印厚纸', manual: '维修手册 5-15', cause: 'wear', parts: [['RM1-4209', 1]], labour: 150,
    days: '2 个工作日' },
  fuser_big: { kinds: printers, symptom: '打印有底灰，报 50.1 错误', found: '定影组件加热灯管断路', method: '更换定影组件，清零计数',
    prevention: '每 20 万页做一次保养', manual: '维修手册 5-22', cause: 'wear', parts: [['M605-FUSER', 1]], labour: 200,
    days: '到货后 1 个工作日' },
  board: { kinds: printers, symptom: '通电无反应，指示灯不亮', found: '主板供电击穿', method: '更换主板，升级固件',
    prevention: '雷雨天拔掉插头', manual: '维修手册 7-3', cause: 'use', parts: [['CC527-60001', 1]], labour: 180, days: '3 个工作日' },
  maintenance: { kinds: printers, symptom: '提示需要保养，出纸有折痕', found: '保养组件到寿命', method: '更换保养组件并清零',
    prevention: '按提示及时保养', manual: '维修手册 3-2', cause: 'wear', parts: [['Q7543-67909', 1]], labour: 200,
    days: '2 个工作日' },
  faint: { kinds: printers, symptom: '打印淡，右侧有竖白条', found: '硒鼓碳粉分布不匀', method: '更换硒鼓，测试正常',
    prevention: '硒鼓避光存放', cause: 'consumable', parts: [['CE285A', 1]], labour: 0, days: '当天' },
  feeder: { kinds: printers, symptom: '扫描输稿器不进纸，复印歪斜', found: '输稿器搓纸轮积灰磨损', method: '更换输稿器搓纸轮并清洁',
    prevention: '订书钉、回形针先取下', manual: '维修手册 4-30', cause: 'wear', parts: [['M426-ADF', 1]], labour: 90,
    days: '1 个工作日' },
  driver: { kinds: [...printers, 'inkjet_printer', 'scanner'], symptom: '电脑换系统后不能联机打印', found: '驱动与系统不符',
    method: '装对应驱动，设固定地址，测试正常', prevention: '换系统前先备份驱动', cause: 'use', parts: [], labour: 60, days: '当天' },
  head: { kinds: ['inkjet_printer'], symptom: '彩色打不全，缺红色', found: '喷头堵塞，清洗无效', method: '更换喷头并排气',
    prevention: '每周至少打一页彩色', manual: '维修手册 8-4', cause: 'use', parts: [['CM751-80013A', 1]], labour: 100,
    days: '2 个工作日' },
  clog: { kinds: ['inkjet_printer'], symptom: '打印有断线', found: '喷头轻微堵塞', method: '深度清洗喷头，更换废墨垫', prevention: '用电源键关机',
    cause: 'use', parts: [], labour: 120, days: '1 个工作日' },
  belt: { kinds: ['plotter'], symptom: '走图时墨车异响，报 86:01', found: '墨车皮带老化脱齿', method: '更换皮带，校准编码条',
    prevention: '定期擦拭滑轨并加油', manual: '维修手册 9-14', cause: 'wear', parts: [['C7769-60390', 1]], labour: 300,
    days: '3 个工作日' },
  tubes: { kinds: ['plotter'], symptom: '青色断墨，地上有墨渍', found: '供墨管路破裂漏墨', method: '更换供墨管路，清洗墨站',
    prevention: '不要用连供墨水', manual: '维修手册 9-30', cause: 'use', parts: [['CQ890-67002', 1]], labour: 400,
    days: '到货后 2 个工作日' },
  carriage: { kinds: ['plotter'], symptom: '报 63:10，墨车不动', found: '墨车组件电路板腐蚀', method: '更换墨车组件，全面校准',
    prevention: '机房保持干燥', manual: '维修手册 9-40', cause: 'use', parts: [['CH538-67004', 1]], labour: 500,
    days: '到货后 2 个工作日' },
  memory: { kinds: ['pc'], symptom: '开机蓝屏，反复重启', found: '内存条故障', method: '更换内存，烤机 4 小时', prevention: '半年清一次灰',
    cause: 'quality', parts: [['DDR4-8G', 1]], labour: 80, days: '1 个工作日' },
  disk: { kinds: ['pc', 'notebook'], symptom: '进系统很慢，硬盘有响声', found: '硬盘坏道', method: '换固态硬盘，迁移系统和资料',
    prevention: '重要资料定期备份', cause: 'wear', parts: [['SSD-512', 1]], labour: 150, days: '2 个工作日' },
  fan: { kinds: ['notebook'], symptom: '用半小时就关机，出风口烫手', found: '散热风扇停转，硅脂干结', method: '更换风扇，重涂硅脂',
    prevention: '不要放在被褥上使用', cause: 'wear', parts: [['FAN-L470', 1]], labour: 100, days: '1 个工作日' },
  power: { kinds: ['server'], symptom: '不能开机，电源灯红', found: '电源模块烧毁', method: '更换电源，检查主板供电',
    prevention: '配不间断电源', manual: '维护指南 3-7', cause: 'wear', parts: [['PSU-ML110', 1]], labour: 300,
    days: '到货后 1 个工作日' },
  raid: { kinds: ['server'], symptom: '阵列降级告警，系统变慢', found: '缓存电池失效', method: '更换缓存电池，重建阵列', prevention: '每日看告警',
    manual: '维护指南 5-2', cause: 'wear', parts: [], labour: 600, days: '3 个工作日' },
}
