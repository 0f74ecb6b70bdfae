package io.slsdispatch.bench;

import io.slsdispatch.connector.client.exchange.SigningHotSpots;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What the single steps on the data's way cost, by JMH. */
final class HotSpotsBench implements Benchmark {

    private static final TimeValue WARM_UP = TimeValue.seconds(1);
    private static final TimeValue MEASURED = TimeValue.milliseconds(500);
    private static final int ITERATIONS = 4;

    @Override
    public String name() {
        return "jmh";
    }

    @Override
    public void run(BenchOptions options, Report report) throws Exception {
        report.begin(name(), "hot spots, time of one call, each in a process of its own");
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(DataHotSpots.class.getName())
                        .include(SigningHotSpots.class.getName())
                        .mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.NANOSECONDS)
                        .forks(1)
                        .warmupIterations(2)
                        .warmupTime(WARM_UP)
                        .measurementIterations(ITERATIONS)
                        .measurementTime(MEASURED)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        results.stream()
                .sorted(Comparator.comparing(HotSpotsBench::label))
                .forEach(result -> report.add(Figure.of(
                        name(), label(result), result.getPrimaryResult().getScore(), "ns")));
    }

    private static String label(RunResult result) {
        String method = result.getPrimaryResult().getLabel();
        return List.of("profile", "version").stream()
                .map(result.getParams()::getParam)
                .filter(value -> value != null)
                .findFirst()
                .map(value -> method + ", " + value)
                .orElse(method);
    }
}
