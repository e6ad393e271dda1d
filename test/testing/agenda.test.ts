import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAgenda } from '../../src/testing/agenda.js'

const START = Date.UTC(2026, 0, 1)

beforeEach(() => {
  vi.useFakeTimers({ now: START })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('an agenda runs an action on a timer', () => {
  it('when the clock reaches its time, and not before', () => {
    const { ran, plan } = agendaBy(Date.now)
    plan('a', START + 5_000)
    vi.advanceTimersByTime(4_999)
    expect(ran).toEqual([])
    vi.advanceTimersByTime(1)
    expect(ran).toEqual(['a'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([
    ['goes on', Date.now],
    ['stands still', () => START],
  ])('if it is due already, a little later, whether the clock %s', (_, now) => {
    const { ran, plan } = agendaBy(() => now())
    plan('a', START)
    vi.advanceTimersByTime(9)
    expect(ran).toEqual([])
    vi.advanceTimersByTime(1)
    expect(ran).toEqual(['a'])
  })

  it('one after the other, also if the earlier is planned later', () => {
    const { ran, plan } = agendaBy(Date.now)
    plan('c', START + 3_000)
    plan('b', START + 2_000)
    plan('a', START + 1_000)
    plan('d', START + 4_000)
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(2_500)
    expect(ran).toEqual(['a', 'b'])
    vi.advanceTimersByTime(2_500)
    expect(ran).toEqual(['a', 'b', 'c', 'd'])
  })

  it('that it had moved, only at the new time', () => {
    const { ran, plan } = agendaBy(Date.now)
    plan('later', START + 1_000)
    plan('later', START + 3_000)
    plan('never', START + 1_000)
    plan('never', Infinity)
    plan('sooner', START + 9_000)
    plan('sooner', START + 2_000)
    vi.advanceTimersByTime(2_999)
    expect(ran).toEqual(['sooner'])
    vi.advanceTimersByTime(1)
    expect(ran).toEqual(['sooner', 'later'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('once, although it is planned again', () => {
    const { ran, plan } = agendaBy(Date.now)
    plan('a', START)
    vi.advanceTimersByTime(1_000)
    plan('a', START + 2_000)
    vi.advanceTimersByTime(5_000)
    expect(ran).toEqual(['a'])
  })

  it('after more milliseconds than a timer can have', () => {
    const { ran, plan } = agendaBy(Date.now)
    plan('a', START + 2 ** 32)
    vi.advanceTimersByTime(2 ** 31)
    expect(ran).toEqual([])
    vi.advanceTimersByTime(2 ** 31 + 10)
    expect(ran).toEqual(['a'])
  })

  it('by a clock that is slower than the timers', () => {
    const { ran, plan } = agendaBy(() => START + (Date.now() - START) / 4)
    plan('a', START + 1_000)
    vi.advanceTimersByTime(3_900)
    expect(ran).toEqual([])
    vi.advanceTimersByTime(200)
    expect(ran).toEqual(['a'])
  })

  it('unless it was closed, before or after', () => {
    const { ran, plan, agenda } = agendaBy(Date.now)
    plan('a', START + 1_000)
    agenda.close()
    plan('b', START + 1_000)
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(5_000)
    agenda.runDue()
    expect(ran).toEqual([])
  })
})

describe('an agenda starts no timer again and again', () => {
  it.each([
    ['stands still', () => START],
    ['goes backward', () => 2 * START - Date.now()],
    ['is broken', () => NaN],
  ])('if the clock %s', (_, now) => {
    let isPlanned = false
    const { ran, plan } = agendaBy(() => (isPlanned ? now() : START))
    plan('a', START + 1_000)
    isPlanned = true
    vi.advanceTimersByTime(1_000)
    expect([ran, vi.getTimerCount()]).toEqual([[], 0])
  })

  it('nor fails if the clock throws', () => {
    let isBroken = false
    const { ran, plan } = agendaBy(() => {
      if (isBroken) throw new Error('of the clock')
      return START
    })
    plan('a', START + 1_000)
    isBroken = true
    vi.advanceTimersByTime(1_000)
    expect([ran, vi.getTimerCount()]).toEqual([[], 0])
  })
})

describe('an agenda whose runDue is called runs', () => {
  it('what is due by a clock that jumped, in the order of the times', () => {
    const clock = { now: START }
    const { ran, plan, agenda } = agendaBy(() => clock.now)
    plan('b', START + 2_000)
    plan('a', START + 1_000)
    plan('c', START + 9_000)
    clock.now += 5_000
    agenda.runDue()
    expect(ran).toEqual(['a', 'b'])
    agenda.runDue()
    expect(ran).toEqual(['a', 'b'])
  })

  it('its timer again if the clock goes on after a pause', () => {
    const clock = { isMoving: false }
    const { ran, plan, agenda } = agendaBy(() => (clock.isMoving ? Date.now() - 1_000 : START))
    plan('a', START + 1_000)
    vi.advanceTimersByTime(1_000)
    expect(vi.getTimerCount()).toBe(0)
    clock.isMoving = true
    agenda.runDue()
    vi.advanceTimersByTime(1_000)
    expect(ran).toEqual(['a'])
  })
})

/** An agenda with that clock, what it has run, and a way to plan. */
function agendaBy(now: () => number) {
  const ran: string[] = []
  const agenda = createAgenda(now)
  const plan = (id: string, at: number): void => {
    agenda.plan(id, at, () => ran.push(id))
  }
  return { agenda, ran, plan }
}
