import { Comment, Converter, type Context } from 'typedoc'

/** The entry points by the names that TypeDoc gives them. */
const ENTRY_POINTS: Readonly<Record<string, { name: string; summary: string }>> = {
  index: {
    name: 'cloud-media-clients',
    summary: 'The clients of both providers, their options, requests, responses, and errors.',
  },
  callbacks: {
    name: 'cloud-media-clients/callbacks',
    summary: 'Receives the callbacks of Tencent Cloud CI and the events of Huawei Cloud VOD.',
  },
  testing: {
    name: 'cloud-media-clients/testing',
    summary: 'The local emulator of both services, and signed callbacks for tests.',
  },
  'testing/msw': { name: 'cloud-media-clients/testing/msw', summary: 'The emulator as handlers for MSW.' },
}

/** Gives the entry points the names by which they are imported, and leaves out what helps no reader. */
export function prepareReference(converter: Converter): void {
  converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }: Context) => {
    for (const reflection of Object.values(project.reflections)) {
      if (reflection.name === '[hasInstance]') project.removeReflection(reflection)
    }
    for (const module of project.children ?? []) {
      const entry = ENTRY_POINTS[module.name]
      if (entry === undefined) throw new Error(`${module.name} is an entry point without a name`)
      module.name = entry.name
      module.comment = new Comment([{ kind: 'text', text: entry.summary }])
    }
  })
  // The overview of the reference would list the documents as well.
  const afterGrouping = -1000
  converter.on(
    Converter.EVENT_RESOLVE_END,
    ({ project }: Context) => {
      project.groups = project.groups?.filter(({ title }) => title !== 'Documents') ?? []
    },
    afterGrouping,
  )
}
