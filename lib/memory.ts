/** Less than the 32 MiB up to which glibc learns from what is freed. */
const LARGE_BYTES = 31 * 1024 * 1024;

/**
 * Lets the process keep up to 62 MiB that it has freed, for what comes next.
 *
 * A frame is copied for each who gets it: tens of megabytes a tick in a large room, freed when they are sent. glibc gives what is free
 * at the end of its heap back to the system from 128 KiB on, and whether a tick's frames are there is chance: having them anew took up to
 * 40 % of the processor. It keeps twice the size of the largest block that was freed (mallopt(3), on M_MMAP_THRESHOLD), here one
 * that nobody has touched, so that it took no memory. Other C libraries do as they did.
 */
export function keepFreedMemory(): void {
  new ArrayBuffer(LARGE_BYTES).transfer(0);
}
