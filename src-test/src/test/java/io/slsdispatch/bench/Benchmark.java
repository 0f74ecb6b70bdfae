package io.slsdispatch.bench;

/** One question that is answered by measuring. */
interface Benchmark {

    /** What the command line calls it. */
    String name();

    /** Measures and reports. Throws only when it could not measure, or when logs were lost: a goal missed is a result. */
    void run(BenchOptions options, Report report) throws Exception;
}
