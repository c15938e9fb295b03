// append.mjs FOLDER BATCHES - appends batches of 512 blocks of 500 bytes; prints blocks a second.
// Hypercore does not wait for the disk.
import Hypercore from 'hypercore'

const [folder, batches] = process.argv.slice(2)
const core = new Hypercore(folder)
await core.ready()
const start = performance.now()
for (let b = 0, index = 0; b < Number(batches); b++) {
	const blocks = []
	for (let i = 0; i < 512; i++) {
		const block = Buffer.alloc(500)
		block.writeUInt32LE(index++)
		blocks.push(block)
	}
	await core.append(blocks)
}
console.log(Math.round((batches * 512) / ((performance.now() - start) / 1000)))
await core.close()
