// CPU time to write or read the XML of one job: by our codec, or by fast-xml-parser alone.
import { pathToFileURL } from 'node:url'
import { answers } from './answers.mjs'
import { timed } from './load.mjs'
import { order, report } from './order.mjs'
import { voiceSeparate } from './samples.mjs'

const { contestant, direction, count, codec } = order
const { encodeXml, decodeXml, voiceSeparateRequest, voiceSeparateResponse, XMLBuilder, XMLParser } = await import(
  pathToFileURL(codec).href
)
const builder = new XMLBuilder()
const parser = new XMLParser()
const request = { Tag: 'VoiceSeparate', ...voiceSeparate }
const answer = answers.createVoiceSeparateJob.body

const steps = {
  encode: {
    ours: () => encodeXml(voiceSeparateRequest, request),
    'fast-xml-parser': () => builder.build({ Request: request }),
  },
  decode: { ours: () => decodeXml(answer, [voiceSeparateResponse]), 'fast-xml-parser': () => parser.parse(answer) },
}
const step = steps[direction][contestant]
repeat(count)
report(await timed(count, () => repeat(count)))

function repeat(times) {
  for (let done = 0; done < times; done += 1) step()
}
