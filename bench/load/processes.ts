/** How many times a second Linux counts processor time: the same on all its platforms. */
const TICKS_PER_SECOND = 100;

/** The processor time that all threads of a process have used so far, in milliseconds. */
export function cpuMs(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  // The name of the program, in brackets, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 1000 / TICKS_PER_SECOND;
}

/** The memory that a process has in use, in KiB. */
export function memoryKib(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))![1]);
}

/** The bytes that a process has caused to be written to a disk so far. */
export function writtenBytes(pid: number): number {
  return Number(/^write_bytes: (\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/io`))![1]);
}
