// Plays games without a browser. Reads a JSON list of games, each a list of {code, module}; writes for each what it did as
// one line of JSON: {error, over, again, mute}. What a game asks of its page is answered by something that takes everything.
import { readFileSync } from 'node:fs'
import vm from 'node:vm'

const Frames = 700
const Inputs = 120

function anything() {
  const self = new Proxy(function () {}, {
    get: (_, key) => key === Symbol.toPrimitive ? () => 1 : key === Symbol.iterator ? function * () {} : key === 'then' ? undefined : self,
    set: () => true,
    has: () => true,
    apply: () => self,
    construct: () => self,
  })
  return self
}

async function play(scripts) {
  const did = { error: null, over: [], again: 0, mute: 0 }
  const [handlers, waiting, heard] = [[], [], new Map()]
  const later = (run) => typeof run === 'function' && waiting.length < 5000 ? waiting.push(run) : 0
  const every = (run) => later(function again() { run(); later(again) })
  const guard = (run) => { try { return run() } catch (error) { did.error ??= String(error?.message ?? error) } }
  const on = (type, run) => heard.set(type, [...heard.get(type) ?? [], run])
  const you = { id: 'you', name: 'You', purchasedItems: [] }
  const shared = { ready: async () => ({ players: [you], player: you, initialGameState: null }), hapticFeedback() {}, reportError() {}, saveGameState() {} }
  const gameOver = (result) => did.over.push(result.score ?? null)
  const sdk = {
    on, off() {}, ready: shared.ready, hapticFeedback() {}, players: [you], player: you,
    onPlayAgain: (run) => on('play_again', run), onToggleMute: (run) => on('toggle_mute', run), onGameStateUpdated() {},
    singlePlayer: { actions: { ...shared, gameOver } }, multiplayer: { actions: { ...shared, gameOver: ({ scores }) => did.over.push(scores[0].score) } },
  }
  const page = anything()
  // A game that brings its own SDK speaks by messages.
  const parent = { postMessage: ({ event }) => event.type === 'game_over' && did.over.push(event.data.score ?? null) }
  const listen = (type, run) => handlers.push([type, run])
  const document = new Proxy({}, {
    get: (_, key) => key === 'addEventListener' ? listen : key === 'querySelectorAll' ? () => [] : key === 'body' ? button : () => button,
  })
  const button = new Proxy({}, {
    get: (_, key) => key === 'addEventListener' ? listen : page[key],
    set: (_, key, run) => { if (typeof run === 'function' && String(key).startsWith('on')) listen(String(key).slice(2), run); return true },
  })
  let seed = 1
  const math = Object.create(Math, { random: { value: () => (seed = seed * 16807 % 2147483647) / 2147483647 * 0.5 } })
  const scope = {
    FarcadeSDK: sdk, RemixSDK: sdk, document, addEventListener: listen, Math: math, performance: { now: () => Frames }, console,
    dispatchEvent() {}, requestAnimationFrame: later, setTimeout: later, setInterval: every, clearInterval() { waiting.length = 0 }, clearTimeout() {},
    AudioContext: page, webkitAudioContext: page, Audio: page, Image: page, matchMedia: () => page, navigator: page,
    location: { reload() {} }, innerWidth: 375, innerHeight: 700, devicePixelRatio: 1, parent,
  }
  scope.window = scope.self = scope.globalThis = scope
  const context = vm.createContext(scope)
  for (const { code, module } of scripts) guard(() => vm.runInContext(module ? `(() => { "use strict"; ${code}\n})()` : code, context, { timeout: 2000 }))
  const tick = (count) => { for (let i = 0; i < count && waiting.length; i++) guard(() => waiting.shift()(i * 16)) }
  await new Promise(setImmediate)
  tick(Frames)
  const event = { key: 'ArrowUp', type: 'x', preventDefault() {}, target: page, clientX: 100, clientY: 100 }
  for (let i = 0; i < Inputs; i++) {
    for (const [type, run] of [...handlers]) if (type !== 'message') guard(() => (typeof run === 'function' ? run : run.handleEvent)?.call(page, event))
    tick(6)
  }
  tick(Frames)
  if (scope.FarcadeSDK !== sdk) {
    const say = (type, data) => handlers.forEach(([on, run]) => on === 'message' && guard(() => run({ data: { type: 'game_event', event: { type, data } } })))
    const known = scope.FarcadeSDK.known
    on('play_again', () => known.has('play_again') ? say('play_again') : did.again--)
    on('toggle_mute', (data) => known.has('toggle_mute') ? say('toggle_mute', data) : did.mute--)
  }
  for (const run of heard.get('play_again') ?? []) guard(() => { run(undefined); did.again++ })
  for (const run of heard.get('toggle_mute') ?? []) for (const isMuted of [false, true]) guard(() => { run({ isMuted }); did.mute++ })
  tick(50)
  return did
}

for (const scripts of JSON.parse(readFileSync(process.argv[2], 'utf8'))) console.log(JSON.stringify(await play(scripts)))
process.exit(0)
