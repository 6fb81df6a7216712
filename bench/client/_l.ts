import { measureLoading } from "/tmp/w/offline/bench/client/loading.ts";
console.log(await measureLoading({ runs: 5, slowDown: 4 }));
