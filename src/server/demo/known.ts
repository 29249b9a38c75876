import type { DemoCustomer, DemoMachine } from './repair-customers.ts'

/** A few customers and machines (or products) of the companies that are no repair centres; nobody here exists. */
type Known = { customers: readonly DemoCustomer[]; machines: readonly DemoMachine[]
  registrars: { desk: string; store: string } }

export const demoKnown: Readonly<Record<string, Known>> = {
  jianyuan: { registrars: { desk: 'gao', store: 'gao' }, customers: [
    { kind: 'organisation', name: '江北公安分局鉴定中心', short: '江北分局', phone: '0575-8550201', address: '江北路 88 号',
      contact: '钱科长', mobile: '13500000201', industry: '公安' },
    { kind: 'organisation', name: '滨城市公安局法医实验室', short: '滨城市局', phone: '0411-8550202', address: '中枢街 6 号',
      contact: '贾老师', mobile: '13500000202', industry: '公安' },
    { kind: 'organisation', name: '明证司法鉴定所', short: '明证鉴定', phone: '0571-8550203', address: '文渊路 12 号',
      contact: '施主任', mobile: '13500000203', industry: '司法鉴定' },
    { kind: 'organisation', name: '东洲大学法医学系', short: '东洲大学', phone: '025-8550204', address: '学府路 1 号',
      contact: '程老师', mobile: '13500000204', industry: '高校' },
  ], machines: [
    { of: 0, kind: 'instrument', brand: '赛默飞', model: '3500xL 遗传分析仪', serial: 'GA200601', bought: 900, place: '遗传室' },
    { of: 1, kind: 'instrument', brand: '赛默飞', model: 'SeqStudio 遗传分析仪', serial: 'GA200602', bought: 420, place: '检验室' },
    { of: 2, kind: 'instrument', brand: '鉴源', model: '核酸提取仪 JY-96', serial: 'JY200603', bought: 260, place: '提取室' },
    { of: 3, kind: 'instrument', brand: '鉴源', model: 'PCR 扩增仪 JY-T1', serial: 'JY200604', bought: 1100, place: '教学实验室' },
  ] },
  hengtong: { registrars: { desk: 'peng', store: 'zeng' }, customers: [
    { kind: 'organisation', name: '滨江市档案馆', short: '档案馆', phone: '0571-8550301', address: '江虹路 20 号',
      contact: '蔡主任', mobile: '13500000301', industry: '政府' },
    { kind: 'organisation', name: '长河医院信息中心', short: '长河医院', phone: '0571-8550302', address: '北麓路 200 号',
      contact: '邱工', mobile: '13500000302', industry: '医疗' },
    { kind: 'organisation', name: '华棉纺织集团', short: '华棉集团', phone: '0571-8550303', address: '纺织路 3 号',
      contact: '汪经理', mobile: '13500000303', industry: '制造' },
    { kind: 'organisation', name: '育林职业学院', short: '育林学院', phone: '0571-8550304', address: '育林路 9 号',
      contact: '葛老师', mobile: '13500000304', industry: '教育' },
  ], machines: [
    { of: 0, kind: 'server', brand: '联想', model: 'ThinkSystem SR650', serial: 'SR300701', bought: 500, place: '三楼机房' },
    { of: 0, kind: 'storage', brand: '华为', model: 'OceanStor 5300 存储', serial: 'OS300702', bought: 500, place: '三楼机房' },
    { of: 1, kind: 'server', brand: '戴尔', model: 'PowerEdge R740', serial: 'PE300703', bought: 800, place: '信息中心' },
    { of: 2, kind: 'network', brand: '新华三', model: 'S5560 交换机', serial: 'SW300704', bought: 300, place: '办公楼弱电间' },
    { of: 3, kind: 'server', brand: 'HPE', model: 'ProLiant DL380 Gen10', serial: 'DL300705', bought: 650,
      place: '网络中心' },
  ] },
  yunshu: { registrars: { desk: 'zhong', store: 'zhong' }, customers: [
    { kind: 'organisation', name: '东港港务集团', short: '港务集团', phone: '0532-8550401', address: '港湾大道 1 号',
      contact: '米处长', mobile: '13500000401', industry: '港口' },
    { kind: 'organisation', name: '北岭电力公司', short: '北岭电力', phone: '0351-8550402', address: '兴岭街 30 号',
      contact: '庞主任', mobile: '13500000402', industry: '电力' },
    { kind: 'organisation', name: '嘉禾农商银行', short: '嘉禾农商', phone: '0513-8550403', address: '人民东路 5 号',
      contact: '裴经理', mobile: '13500000403', industry: '金融' },
  ], machines: [
    { of: 0, kind: 'software', brand: '云枢', model: '生产调度平台 V3', serial: 'YS-0401', bought: 400, place: '调度中心' },
    { of: 1, kind: 'software', brand: '云枢', model: '数据中台 V2', serial: 'YS-0402', bought: 200, place: '信息部' },
    { of: 2, kind: 'software', brand: '云枢', model: '报表平台 V5', serial: 'YS-0403', bought: 90, place: '科技部' },
  ] },
  xinyin: { registrars: { desk: 'pan', store: 'pan' }, customers: [
    { kind: 'organisation', name: '清溪区住建局', short: '住建局', phone: '0757-8550501', address: '政务路 2 号',
      contact: '季科长', mobile: '13500000501', industry: '政府' },
    { kind: 'organisation', name: '清源水务集团', short: '水务集团', phone: '0757-8550502', address: '清源路 18 号',
      contact: '祝主任', mobile: '13500000502', industry: '公用事业' },
    { kind: 'organisation', name: '禾丰公共资源交易中心', short: '交易中心', phone: '0757-8550503', address: '行政街 66 号',
      contact: '凌老师', mobile: '13500000503', industry: '政府' },
  ], machines: [
    { of: 0, kind: 'other', brand: '信印', model: '电子公章服务器 V5', serial: 'XY-0501', bought: 700, place: '信息中心' },
    { of: 0, kind: 'seal', brand: '信印', model: '签章 KEY', serial: 'KEY-050211', bought: 600, place: '办公室' },
    { of: 1, kind: 'seal', brand: '信印', model: '签章 KEY', serial: 'KEY-050377', bought: 1200, place: '综合部' },
    { of: 2, kind: 'other', brand: '信印', model: '版式文件网关 V2', serial: 'XY-0504', bought: 300, place: '机房' },
  ] },
}
