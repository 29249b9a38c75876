/** Customers, machines and parts of the demonstration's repair centre: invented; models are real, serials are not. */
export type DemoCustomer = {
  kind: 'organisation' | 'person'; name: string; short?: string; phone: string; address: string; industry?: string
  settlement?: 'monthly'; contract?: true; loyalty?: 'satisfied' | 'loyal' | 'advocate'
  contact: string; mobile: string
}

const organisation = (name: string, short: string, phone: string, address: string, contact: string, mobile: string,
  more: Partial<DemoCustomer> = {}): DemoCustomer =>
  ({ kind: 'organisation', name, short, phone, address, contact, mobile, ...more })

const person = (name: string, mobile: string, address: string): DemoCustomer =>
  ({ kind: 'person', name, phone: mobile, address, contact: name, mobile })

export const demoCustomers: readonly DemoCustomer[] = [
  organisation('远景律师事务所', '远景律所', '020-85550101', '天河区云杉路 18 号 12 楼', '林佩珊', '13500000101',
    { industry: '法律', loyalty: 'loyal' }),
  organisation('华彩印务有限公司', '华彩印务', '020-85550102', '白云区榕溪工业区 6 栋', '张经理', '13500000102',
    { industry: '印刷', settlement: 'monthly', contract: true, loyalty: 'advocate' }),
  organisation('德馨小学', '德馨小学', '020-85550103', '海珠区晓塘街 40 号', '温老师', '13500000103',
    { industry: '教育', settlement: 'monthly' }),
  organisation('长河医院', '长河医院', '020-85550104', '越秀区北麓路 200 号', '邱工', '13500000104',
    { industry: '医疗', settlement: 'monthly', contract: true, loyalty: 'loyal' }),
  organisation('南枝建筑设计院', '南枝设计', '020-85550105', '天河区砚湖路 9 号', '韦小姐', '13500000105',
    { industry: '建筑设计', settlement: 'monthly', contract: true }),
  organisation('顺达报关行', '顺达报关', '020-85550106', '黄埔区港前路 77 号', '欧阳先生', '13500000106', { industry: '物流' }),
  organisation('青禾会计师事务所', '青禾会计', '020-85550107', '越秀区桐荫路 3 号 801', '陆会计', '13500000107',
    { industry: '财税', loyalty: 'satisfied' }),
  organisation('岭海外语学校', '岭海外校', '020-85550108', '番禺区汇景大道 1 号', '简老师', '13500000108',
    { industry: '教育', settlement: 'monthly' }),
  organisation('金穗粮油贸易有限公司', '金穗粮油', '020-85550109', '荔湾区石桥仓 15 号', '龙先生', '13500000109', { industry: '贸易' }),
  organisation('晨曦幼儿园', '晨曦幼儿园', '020-85550110', '海珠区新渔街 12 号', '麦园长', '13500000110', { industry: '教育' }),
  organisation('博闻图文快印店', '博闻快印', '020-85550111', '天河区文塔西街 22 号', '方老板', '13500000111',
    { industry: '图文', loyalty: 'loyal' }),
  organisation('恒瑞物业管理有限公司', '恒瑞物业', '020-85550112', '白云区松涛苑管理处', '石主任', '13500000112', { industry: '物业' }),
  organisation('云帆软件园管理处', '云帆园区', '020-85550113', '黄埔区科创八路 5 号', '江小姐', '13500000113', { industry: '园区' }),
  organisation('蓝湾酒店', '蓝湾酒店', '020-85550114', '海珠区滨水路 66 号', '甘经理', '13500000114',
    { industry: '酒店', settlement: 'monthly' }),
  person('黎志豪', '13500000121', '天河区梅坡新村 5 栋 602'), person('关咏琳', '13500000122', '越秀区仁里巷 17 号'),
  person('莫建平', '13500000123', '番禺区锦绣湖畔 8 座'), person('詹秋月', '13500000124', '海珠区南箕路 101 号'),
  person('区海峰', '13500000125', '荔湾区芳草街 9 号'), person('童嘉怡', '13500000126', '白云区云鹤里 3 号'),
  person('盘国安', '13500000127', '增城区荔林路 28 号'), person('柯敏仪', '13500000128', '天河区石榴岗 45 号'),
]

export type ProductKind = 'laser_printer' | 'inkjet_printer' | 'plotter' | 'scanner' | 'server' | 'pc' | 'notebook'
  | 'seal' | 'software' | 'storage' | 'network' | 'instrument' | 'other'
/** Of the customer with that index; `bought` so many days before the installation, absent: unknown. */
export type DemoMachine = { of: number; kind: ProductKind; brand: string; model: string; serial: string
  bought?: number; place?: string; configuration?: string; contract?: true }

const hp = (of: number, kind: ProductKind, model: string, serial: string, bought?: number,
  more: Partial<DemoMachine> = {}): DemoMachine =>
  ({ of, kind, brand: 'HP', model, serial, ...(bought !== undefined && { bought }), ...more })

export const demoMachines: readonly DemoMachine[] = [
  hp(0, 'laser_printer', 'LaserJet M1136', 'CNDX100201', 820, { place: '12 楼前台' }),
  hp(0, 'laser_printer', 'LaserJet Pro M404dn', 'CNDX100202', 200, { place: '档案室' }),
  hp(1, 'laser_printer', 'LaserJet 5200', 'CNDX100203', 1900, { contract: true, place: '制版间' }),
  hp(1, 'laser_printer', 'LaserJet P2055dn', 'CNDX100204', 1500, { contract: true }),
  hp(1, 'plotter', 'DesignJet T1100', 'CNDX100205', 2100, { contract: true, place: '打样间' }),
  hp(2, 'laser_printer', 'LaserJet 1020 Plus', 'CNDX100206', 1700, { place: '教务处' }),
  hp(2, 'inkjet_printer', 'OfficeJet 7110', 'CNDX100207', 500, { place: '美术室' }),
  hp(3, 'laser_printer', 'LaserJet Enterprise M605', 'CNDX100208', 900, { contract: true, place: '门诊收费处' }),
  hp(3, 'laser_printer', 'LaserJet Pro M402d', 'CNDX100209', 300, { contract: true, place: '药房' }),
  hp(3, 'server', 'ProLiant ML110 Gen9', 'CNDX100210', 1600, { contract: true, place: '信息科机房',
    configuration: 'Xeon E5-2603 v3，16GB，1TB×2' }),
  hp(4, 'plotter', 'DesignJet T520', 'CNDX100211', 700, { contract: true, place: '图文室' }),
  hp(4, 'plotter', 'DesignJet T795', 'CNDX100212', 1300, { contract: true, place: '图文室' }),
  { of: 4, kind: 'pc', brand: '联想', model: 'ThinkCentre M910t', serial: 'PCX300413', bought: 1000, place: '结构所',
    configuration: 'i7-6700，16GB，512GB 固态' },
  hp(5, 'laser_printer', 'LaserJet Pro MFP M128fn', 'CNDX100214', 1100),
  hp(5, 'laser_printer', 'LaserJet 1010', 'CNDX100215'),
  hp(6, 'laser_printer', 'LaserJet Pro M426fdn', 'CNDX100216', 250, { place: '审计一部' }),
  hp(6, 'scanner', 'ScanJet Pro 3000 s3', 'CNDX100217', 600),
  hp(7, 'laser_printer', 'LaserJet P1106', 'CNDX100218', 1200, { place: '初中部' }),
  hp(7, 'inkjet_printer', 'OfficeJet Pro 8710', 'CNDX100219', 330, { place: '校长室' }),
  { of: 7, kind: 'notebook', brand: '联想', model: 'ThinkPad L470', serial: 'PFX300420', bought: 1100,
    configuration: 'i5-7200U，8GB，256GB 固态' },
  hp(8, 'laser_printer', 'LaserJet M1005', 'CNDX100221', 1800),
  hp(8, 'pc', 'ProDesk 400 G4', 'CNDX100222', 800, { configuration: 'i5-7500，8GB，1TB' }),
  hp(9, 'inkjet_printer', 'DeskJet 2600', 'CNDX100223', 150),
  hp(10, 'laser_printer', 'LaserJet Enterprise M806', 'CNDX100224', 640, { place: '门店' }),
  hp(10, 'plotter', 'DesignJet T790', 'CNDX100225', 1250, { place: '门店' }),
  hp(11, 'laser_printer', 'LaserJet Pro M203dw', 'CNDX100226', 280),
  hp(12, 'server', 'ProLiant DL380 Gen9', 'CNDX100227', 1500, { configuration: 'E5-2620 v4×2，64GB，1.2TB×4' }),
  hp(12, 'laser_printer', 'Color LaserJet Pro M254nw', 'CNDX100228', 310),
  hp(13, 'laser_printer', 'LaserJet Pro M227fdw', 'CNDX100229', 420, { place: '前台' }),
  hp(13, 'pc', 'EliteDesk 800 G3', 'CNDX100230', 950, { place: '财务部', configuration: 'i5-6500，8GB，256GB 固态' }),
  hp(14, 'notebook', 'ProBook 440 G5', 'CNDX100231', 900, { configuration: 'i5-8250U，8GB，256GB 固态' }),
  hp(15, 'laser_printer', 'LaserJet 1020', 'CNDX100232'),
  hp(16, 'inkjet_printer', 'OfficeJet 4650', 'CNDX100233', 700),
  hp(17, 'notebook', 'Pavilion 14', 'CNDX100234', 260, { configuration: 'i5-8265U，8GB，512GB 固态' }),
  hp(18, 'laser_printer', 'LaserJet P1008', 'CNDX100235'),
  { of: 19, kind: 'notebook', brand: '联想', model: 'ThinkPad E480', serial: 'PFX300436', bought: 980,
    configuration: 'i5-8250U，8GB，1TB' },
  hp(20, 'inkjet_printer', 'Smart Tank 518', 'CNDX100237', 120),
  hp(21, 'laser_printer', 'LaserJet Pro M15w', 'CNDX100238', 340),
]

export type DemoPart = { number: string; name: string; fits: string; price: number; cost: number; bin: string
  stock: number; kind?: 'consumable' }

const part = (number: string, name: string, fits: string, price: number, cost: number, bin: string, stock: number,
  kind?: 'consumable'): DemoPart => ({ number, name, fits, price, cost, bin, stock, ...(kind && { kind }) })

/** Prices in yuan. */
export const demoParts: readonly DemoPart[] = [
  part('RG9-1493', '定影膜', '1010／1020／M1005', 45, 18, 'A-01', 24),
  part('RM1-4209', '定影组件', 'P1106／P1008／M1136', 280, 165, 'A-02', 6),
  part('RL1-0266', '搓纸轮', '1020／M1005', 25, 8, 'A-03', 40),
  part('RL1-2120', '搓纸轮', 'P2055／M402／M404', 38, 15, 'A-04', 30),
  part('RM1-6405', '定影组件', 'P2055', 420, 260, 'A-05', 3),
  part('Q7543-67909', '保养组件', '5200', 980, 640, 'A-06', 2),
  part('CC527-60001', '主板', 'P2055dn', 460, 290, 'A-07', 1),
  part('CE285A', '硒鼓', 'P1106／M1136', 390, 300, 'B-01', 14, 'consumable'),
  part('C7769-60390', '墨车皮带', 'T520／T795', 160, 90, 'B-05', 4),
  part('CQ890-67002', '供墨管路', 'T520', 480, 300, 'B-06', 0),
  part('CH538-67004', '墨车组件', 'T790／T795', 1450, 980, 'B-07', 0),
  part('CM751-80013A', '喷头', 'OfficeJet 8710／7110', 490, 330, 'B-08', 2),
  part('DDR4-8G', '内存 8GB', 'ThinkCentre／ProDesk', 260, 190, 'B-12', 8),
  part('SSD-512', '固态硬盘 512GB', '台式机／笔记本', 330, 250, 'B-13', 6),
  part('FAN-L470', '散热风扇', 'ThinkPad L470／E480', 95, 45, 'B-14', 3),
  part('M605-FUSER', '定影组件', 'M605', 870, 600, 'A-08', 0),
  part('M426-ADF', '输稿器搓纸轮', 'M426／M227', 68, 30, 'A-09', 7),
  part('PSU-ML110', '电源 350W', 'ML110 Gen9', 480, 340, 'B-15', 0),
]
