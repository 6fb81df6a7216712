import { measureLoading } from "./loading.ts";
console.log(await measureLoading({ runs: 1, slowDown: 4 }));
