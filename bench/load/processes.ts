/** How many times a second Linux counts processor time: the same on all its platforms. */
const TICKS_PER_SECOND = 100;

/** The processor time that all threads of a process have used so far, in milliseconds. */
export function cpuMs(pid: number): number {
  const [user, system] = times(pid);
  return user + system;
}

/** The same of a process with all its children, those that have ended too. */
export function familyCpuMs(pid: number): number {
  const own = times(pid).reduce((sum, ms) => sum + ms);
  return children(pid).reduce((sum, child) => sum + familyCpuMs(child), own);
}

/** The memory that a process has in use, in KiB. */
export function memoryKib(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))![1]);
}

/** The bytes that a process has caused to be written to a disk so far. */
export function writtenBytes(pid: number): number {
  return Number(/^write_bytes: (\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/io`))![1]);
}

/** What a process has used, for itself and by the system, and what those of its children had used that have ended. */
function times(pid: number): [user: number, system: number, ended: number, endedSystem: number] {
  const stat = read(`/proc/${pid}/stat`);
  // The name of the program, in brackets, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ms = (place: number) => Number(fields[place] ?? 0) * 1000 / TICKS_PER_SECOND;
  return [ms(11), ms(12), ms(13), ms(14)];
}

function children(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
}

/** Nothing, if the process has ended meanwhile. */
function read(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
