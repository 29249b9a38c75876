import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../src/server/context.ts'
import { buildServer } from '../src/server/http.ts'
import { customerRoutes } from '../src/server/routes/customers.ts'
import type { ArchiveView } from '../src/server/views.ts'
import { type CareCompany, openCareCompany } from './care.ts'
import { testDatabases } from './databases.ts'

describe.each(testDatabases())('the archive on $name', (kind) => {
  let at: CareCompany
  let server: FastifyInstance
  let asking: Actor
  beforeAll(async () => {
    at = await openCareCompany(kind, 's1')
    server = await buildServer(at.app, { authenticate: async () => at.ctx(asking), routes: [customerRoutes] })
  })
  afterAll(async () => {
    await server.close()
    await at.close()
  })

  const archive = async (query: string, who = at.boss) => {
    asking = who
    return server.inject({ url: encodeURI(`/api/archive${query}`) })
  }
  const seen = async (query: string): Promise<ArchiveView> => (await archive(query)).json()

  test('by industry, customer and contract; what is still missing is named', async () => {
    const hospital = await at.customer({ industry: '医疗' })
    await at.customer({ industry: '医疗' })
    await at.customer({ industry: '教育' })
    await at.customer()
    const paper = (title: string, document_kind: string, contract_number?: string) => at.ok(at.engineer, 'draw_up', 'document',
      null, { customer: hospital, title, document_kind, contract_number })
    await paper('方案', 'solution_design', 'HT-1')
    await paper('草图', 'other')
    await paper('安装报告', 'installation_report', 'HT-1')
    expect(await seen('')).toMatchObject({ industries: [{ industry: '医疗', customers: 2 }, { industry: '教育', customers: 1 }]
      .sort((a, b) => (a.industry < b.industry ? -1 : 1)), customers: [], contracts: [] })
    const { customers } = await seen('?industry=医疗')
    expect(customers).toHaveLength(2)
    expect(customers[0]).toMatchObject({ id: hospital, documents: 3 })
    const { contracts } = await seen(`?industry=医疗&customer=${hospital}`)
    expect(contracts.map(({ number, documents }) => [number, documents.map(({ title }) => title)])).toEqual([
      ['HT-1', ['安装报告', '方案']], [null, ['草图']]])
    expect(contracts[0]!.missing).toEqual(['合同副本', '投标文件技术部分', '项目验收报告', '客户服务报告'])
    expect(contracts[1]!.missing).toEqual([])
  })

  test('a customer behind a private link has no archive; a wrong id is not there', async () => {
    expect((await archive('?customer=x')).statusCode).toBe(404)
    expect((await archive('', { ...at.engineer, kind: 'contact', roles: ['customer'] })).statusCode).toBe(404)
  })
})
