package io.slsdispatch.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Watches a subject forward groups: warm-up, then some rounds of equal length. */
final class Rounds {

    private static final double MEGABYTE = 1_000_000;
    private static final double SECOND = 1_000_000_000;
    private static final Duration FIRST_BYTES = Duration.ofMinutes(1);

    private static final Duration LOOK = Duration.ofMillis(1500);

    /** Their share of the processor time of a subject that is warm. */
    private static final double COMPILERS_AT_REST = 0.1;

    /** Looks one after the other: the compilers also rest when they only wait for what they will compile next. */
    private static final int LOOKS_AT_REST = 2;

    private Rounds() {}

    /**
     * How long to watch.
     *
     * @param warmUp at least so long before the first round, and until the compilers rest
     * @param longestWarmUp but no longer than this
     * @param count of rounds
     * @param length of a round
     */
    record Plan(Duration warmUp, Duration longestWarmUp, int count, Duration length) {}

    /**
     * What was seen.
     *
     * @param mbPerCpuSecond raw MB (10^6 bytes) forwarded per second of processor time of all processes of the subject
     * @param mbPerSecond raw MB forwarded per second
     * @param serverCpu processor seconds of the server per second
     * @param allocatedPerMb bytes allocated on the heap per byte forwarded
     * @param gcShare part of the time that the collector stopped everything
     * @param compilerShare part of the processor time that the compilers still took, which counts like all other
     * @param traffic what went over the wire
     */
    record Result(
            Spread mbPerCpuSecond,
            Spread mbPerSecond,
            double serverCpu,
            double allocatedPerMb,
            double gcShare,
            double compilerShare,
            Traffic traffic) {

        /** What several visits to the same subject gave together; each counts alike. */
        static Result of(List<Result> visits) {
            return new Result(
                    rounds(visits, Result::mbPerCpuSecond),
                    rounds(visits, Result::mbPerSecond),
                    average(visits, Result::serverCpu),
                    average(visits, Result::allocatedPerMb),
                    average(visits, Result::gcShare),
                    average(visits, Result::compilerShare),
                    Traffic.sum(visits.stream().map(Result::traffic).toList()));
        }

        private static Spread rounds(List<Result> visits, Function<Result, Spread> part) {
            return new Spread(visits.stream()
                    .flatMap(visit -> part.apply(visit).rounds().stream())
                    .toList());
        }

        private static double average(List<Result> visits, ToDoubleFunction<Result> part) {
            return visits.stream().mapToDouble(part).average().orElseThrow();
        }
    }

    private record Moment(long nanos, Duration cpu, Duration server, BenchServer.Counts counts, GcLog.Totals garbage) {

        static Moment now(Subject subject, BenchServer server) throws IOException, InterruptedException {
            BenchServer.Counts counts = server.counts();
            return new Moment(
                    System.nanoTime(), subject.cpu(), ProcessUsage.cpu(server.pid()), counts, subject.garbage());
        }

        long bytes() {
            return counts.bytes();
        }

        Traffic trafficSince(Moment begin) {
            BenchServer.Wire wire = counts.wire();
            BenchServer.Wire before = begin.counts.wire();
            return new Traffic(
                    bytes() - begin.bytes(),
                    wire.pulledRawBytes() - before.pulledRawBytes(),
                    wire.pulledBytes() - before.pulledBytes(),
                    wire.putBytes() - before.putBytes(),
                    wire.requests() - before.requests(),
                    cpu.minus(begin.cpu).toNanos() / SECOND);
        }
    }

    static Result measure(Subject subject, BenchServer server, Plan plan) throws IOException, InterruptedException {
        warmUp(subject, server, plan);
        List<Double> perCpuSecond = new ArrayList<>();
        List<Double> perSecond = new ArrayList<>();
        Duration compilers = subject.compilers();
        Moment begin = Moment.now(subject, server);
        Moment from = begin;
        for (int round = 0; round < plan.count; round++) {
            pause(plan.length);
            Moment to = Moment.now(subject, server);
            double megabytes = (to.bytes() - from.bytes()) / MEGABYTE;
            perCpuSecond.add(megabytes / (to.cpu.minus(from.cpu).toNanos() / SECOND));
            perSecond.add(megabytes / ((to.nanos - from.nanos) / SECOND));
            from = to;
        }
        subject.check();
        double seconds = (from.nanos - begin.nanos) / SECOND;
        double megabytes = (from.bytes() - begin.bytes()) / MEGABYTE;
        if (megabytes <= 0) {
            throw new IllegalStateException("nothing was forwarded");
        }
        return new Result(
                new Spread(perCpuSecond),
                new Spread(perSecond),
                from.server.minus(begin.server).toNanos() / SECOND / seconds,
                (from.garbage.allocatedMegabytes() - begin.garbage.allocatedMegabytes()) * 1.048576 / megabytes,
                (from.garbage.pauseMillis() - begin.garbage.pauseMillis()) / 1000 / seconds,
                (double) subject.compilers().minus(compilers).toNanos()
                        / from.cpu.minus(begin.cpu).toNanos(),
                from.trafficSince(begin));
    }

    /** Lets a subject forward until it is warm, and measures nothing. */
    static void warmUp(Subject subject, BenchServer server, Plan plan) throws IOException, InterruptedException {
        awaitFirstBytes(subject, server);
        long begin = System.nanoTime();
        Duration cpu = subject.cpu();
        Duration compilers = subject.compilers();
        long waited = 0;
        int atRest = 0;
        while (waited < plan.warmUp.toNanos() || (atRest < LOOKS_AT_REST && waited < plan.longestWarmUp.toNanos())) {
            pause(LOOK);
            Duration used = subject.cpu();
            Duration compiled = subject.compilers();
            boolean compiles =
                    compiled.minus(compilers).toNanos() > used.minus(cpu).toNanos() * COMPILERS_AT_REST;
            atRest = compiles ? 0 : atRest + 1;
            cpu = used;
            compilers = compiled;
            waited = System.nanoTime() - begin;
        }
    }

    private static void awaitFirstBytes(Subject subject, BenchServer server) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + FIRST_BYTES.toNanos();
        long before = server.counts().bytes();
        while (server.counts().bytes() == before) {
            subject.check();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("nothing was forwarded within " + FIRST_BYTES);
            }
            pause(Duration.ofMillis(100));
        }
    }

    /** Lets time pass while others work. */
    static void pause(Duration duration) throws InterruptedException {
        // Counted down never: a wait that an interrupt ends.
        if (new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("counted down by nobody");
        }
    }
}
