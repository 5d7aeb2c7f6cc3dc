/**
 * Names a test as often as it is to run: once in `make test`, and so many times in `make prove`, which prints what it is
 * told here.
 */
export function titles(name, proving = 1) {
  const times = process.env.WELLWAVE_PROVE ? proving : 1;
  if (times > 1) console.log(`prove: ${times} times: ${name}`);
  return Array.from({ length: times }, (_, i) => (i ? `${name}, time ${i + 1}` : name));
}
